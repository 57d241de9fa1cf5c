"""Who may look at sets, work on them, release and withdraw them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import Action, may, site_of_path, sites_allowing

from .models import Bundle, BundleQuerySet


def visible_to(user: Any) -> BundleQuerySet:
    """The sets of the sites at which an account works on content or reads the records."""
    found = Bundle.objects.all()
    if not user.is_active:
        return found.none()
    change, read = (
        sites_allowing(user, action) for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD)
    )
    if change is None or read is None:
        return found
    return found.filter(site__in=change | read)


def may_see(user: Any, bundle: Bundle) -> bool:
    return may(user, Action.PAGE_CHANGE, bundle.site_id) or may(
        user, Action.PUBLICATION_RECORD, bundle.site_id
    )


def may_work_somewhere(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or bool(sites)


def may_see_some(user: Any) -> bool:
    records = sites_allowing(user, Action.PUBLICATION_RECORD)
    return may_work_somewhere(user) or records is None or bool(records)


def may_work_on(user: Any, bundle: Bundle) -> bool:
    """Make, fill and dissolve sets of a site."""
    return may(user, Action.PAGE_CHANGE, bundle.site_id)


def may_include(user: Any, page: Page, others: Iterable[Page] = ()) -> bool:
    """Whether an account may put a page into a set, and show it to others with the set.

    Who may edit it; and a translation of a page of the set, which its translators edit.
    """
    if page.specific_deferred.permissions_for_user(user).can_edit():
        return True
    return any(
        other.translation_key == page.translation_key
        and other.pk != page.pk
        and other.specific_deferred.permissions_for_user(user).can_edit()
        for other in others
    )


def has_right_to_release(user: Any, bundle: Bundle, pages: Iterable[Page]) -> bool:
    """The releaser's right at the set's site and at the site of each of its pages."""
    sites = {bundle.site_id, *(site_of_path(page.path) for page in pages)}
    return bool(user.is_active) and all(may(user, Action.PAGE_PUBLISH, site) for site in sites)


def objection_to_release(
    user: Any, bundle: Bundle, pages: Iterable[Page], writers: Iterable[int]
) -> str:
    """Why this account must not release the set; "" for nothing."""
    if not has_right_to_release(user, bundle, pages):
        return _("Releasing is for releasers of the sites whose pages are in the set.")
    if user.pk in set(writers):
        return _("You wrote or handed in something of this set. Another person releases it.")
    return ""


def workable_by(user: Any) -> BundleQuerySet:
    """The open sets that an account may put pages into."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    found = Bundle.objects.filter(state=Bundle.State.PREPARING)
    return found if sites is None else found.filter(Q(site__in=sites))
