"""Reading what differs: for a site's list, for one text, for a form; and who may accept."""

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from portal.plugin_api import Action, may, sites_allowing

from .models import CheckedText, Finding, WatchSetting


def findings_for(user: Any) -> QuerySet[Finding]:
    """The differences at the sites where an account works on content."""
    found = Finding.objects.select_related("text__site", "policy")
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return found if sites is None else found.filter(text__site__in=sites)


def open_differences(user: Any) -> QuerySet[Finding]:
    """What somebody has to decide on: figures that contradict a clause."""
    return findings_for(user).filter(state=Finding.State.OPEN, is_missing=False)


def may_see(user: Any, text: CheckedText) -> bool:
    """Who works on content at the site, or may edit the page itself (translators)."""
    if text.site_id is not None and may(user, Action.PAGE_CHANGE, text.site_id):
        return True
    page = _page(text)
    return page is not None and bool(page.permissions_for_user(user).can_edit())


def may_accept(user: Any, text: CheckedText) -> bool:
    """Who may publish: the page that the text belongs to, else at its site."""
    page = _page(text)
    if page is not None:
        return bool(page.permissions_for_user(user).can_publish())
    return may(user, Action.PAGE_PUBLISH, text.site_id)


def blocks(site: int | None) -> bool:
    """Whether a site lets open differences stop publishing."""
    return WatchSetting.objects.filter(site_id=site, blocks=True).exists()


def accepted_digests(page: Page) -> set[tuple[str, str, str]]:
    """What was accepted of a page's texts: (part, figure, digest)."""
    if page.pk is None:
        return set()
    rows = Finding.objects.filter(text__page_id=page.pk, state=Finding.State.ACCEPTED)
    return set(rows.values_list("part", "printed", "digest"))


def findings_by_part(page: Page, key: str) -> dict[str, list[Finding]]:
    """The differences of a page's newest version that are open or accepted, by field."""
    rows: dict[str, list[Finding]] = defaultdict(list)
    wanted = Q(text__page_id=page.pk, text__key=key) & ~Q(state=Finding.State.CORRECTED)
    for finding in Finding.objects.filter(wanted).select_related("text", "policy"):
        rows[field_of(finding.part)].append(finding)
    return rows


def field_of(part: str) -> str:
    """The field that a part belongs to: ``plain_words`` for ``plain_words:<id of a block>``."""
    return part.partition(":")[0]


def _page(text: CheckedText) -> Page | None:
    return text.page.specific if text.page is not None else None
