"""Taking something from the public everywhere at once, and putting back what was reviewed."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from portal.core import structure
from portal.core.models import Basis, EmergencyWithdrawal, ReviewRound
from portal.core.publications import item_key
from portal.core.turns import take_turn
from portal.core.withheld_files import affected_by, withhold

from .grounds import releasing_as
from .rounds import State, released
from .services import ReviewRefused

LOG_EMERGENCY = "portal.emergency"


def everywhere(page: Page) -> list[Page]:
    """The public pages that say the same: it, its versions in other languages, its aliases."""
    versions = Page.objects.filter(translation_key=page.translation_key)
    apart = page.specific.language_versions().values()  # that stand beside it, not in their trees
    keys = [page.pk, *versions.values_list("pk", flat=True), *(each.pk for each in apart)]
    aliases = Page.objects.filter(alias_of__in=keys)
    found = Page.objects.filter(pk__in=[*keys, *aliases.values_list("pk", flat=True)], live=True)
    return list(found.order_by("path"))


def with_descendants(pages: Iterable[Page]) -> list[Page]:
    """All that goes with public pages, themselves included: what is public below them, and where
    that is shown by reference."""
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(path__startswith=page.path)
    aliases = Q(alias_of__in=Page.objects.filter(below, live=True).values("pk"))
    found = Page.objects.filter(below | aliases, live=True).select_related("locale")
    return list(found.order_by("path"))


@transaction.atomic
def withdraw_everywhere(*, page: Page, user: Any, reason: str) -> EmergencyWithdrawal:
    """Withdraw a page with all that repeats or translates it, and what lies below; all or nothing.

    Files that nothing else shows go offline with it. What was withdrawn comes back through its
    reviews, and its files with it.

    Raises:
        PermissionDenied: for who may not withdraw the page.
        ReviewRefused: no reason, or nothing of it is public.
    """
    if not page.specific_deferred.permissions_for_user(user).can_unpublish():
        raise PermissionDenied
    if not reason.strip():
        raise ReviewRefused(_("Say why: the reason goes on record."))
    take_turn()
    pages = everywhere(page)
    if not pages:
        raise ReviewRefused(_("Nothing of it is public."))
    all_gone = with_descendants(pages)
    gone = [item_key(each) for each in all_gone]
    affected = affected_by(all_gone)
    for each in pages:
        current = Page.objects.get(pk=each.pk)
        if current.live:  # an alias may have gone with its source
            UnpublishPageAction(current.specific, user=user, include_descendants=True).execute(
                skip_permission_checks=True
            )
    done = EmergencyWithdrawal.objects.create(
        page=page,
        item=item_key(page),
        title=page.title,
        site_id=structure.current().site_pk_for(page.path),
        reason=reason.strip()[:300],
        account=user,
        account_name=user.get_username(),
        items=gone,
    )
    files = [row.name for row in withhold(done, affected)]
    data = {"reason": done.reason, "files": files}
    log(instance=page.specific, action=LOG_EMERGENCY, user=user, data=data)
    return done


def replaceable_by(page: Page) -> list[ReviewRound]:
    """Earlier versions that may stand in place of a public page's own, newest first.

    All reviews had signed them, and they gave way to a newer one. What was withdrawn (and every
    version before it) comes back through the reviews only.
    """
    if not page.live:
        return []
    rounds = ReviewRound.objects.filter(
        item=item_key(page), state=State.RELEASED, released_at__isnull=False
    )
    return [
        review
        for review in rounds.order_by("-released_at")[:20]
        if review.revision_id != page.live_revision_id
        and Revision.objects.filter(pk=review.revision_id).exists()
    ]


@transaction.atomic
def put_back(*, page: Page, review: ReviewRound, user: Any, reason: str) -> None:
    """Show an earlier version that had its reviews in place of what is public now.

    Raises:
        PermissionDenied: for who may not withdraw the page.
        ReviewRefused: no reason, or not such a version (the page may be withdrawn meanwhile).
        PublishRefused: the gate found something in the earlier version.
    """
    if not page.specific_deferred.permissions_for_user(user).can_unpublish():
        raise PermissionDenied
    if not reason.strip():
        raise ReviewRefused(_("Say why: the reason goes on record."))
    take_turn()
    page = Page.objects.get(pk=page.pk)  # as it is now that it is our turn
    if review.pk not in {each.pk for each in replaceable_by(page)}:
        raise ReviewRefused(
            _("Only a reviewed version that a newer one has replaced is put back in its place.")
        )
    revision = Revision.objects.get(pk=review.revision_id)
    log(
        instance=page.specific,
        action=LOG_EMERGENCY,
        user=user,
        data={"reason": reason.strip(), "put_back": review.pk},
        revision=revision,
    )
    with releasing_as(Basis.REVIEWED, str(review.pk)):
        revision.publish(user=user, skip_permission_checks=True)
    released(review.pk)
