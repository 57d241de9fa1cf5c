"""The way of an item: taken, drafted, public, or set aside with a reason."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from portal.plugin_api import (
    ArticlePage,
    ColumnPage,
    Publication,
    item_key,
    pages_to_add_below,
    raw_body,
    site_of_path,
    take_turn,
)
from portal.reposting import deadlines
from portal.reposting.fetching import FetchProblem, fetch
from portal.reposting.main_text import page_html, plain_lines
from portal.reposting.models import ItemState, UpstreamItem

from . import watching
from .errors import RepostingError

_LEAST_TEXT = 60


def name_of(user: Any) -> str:
    return "" if user is None else str(user.get_full_name() or user.get_username())[:150]


@transaction.atomic
def take(*, item_pk: int, by: Any) -> UpstreamItem:
    """Somebody works on it: others see that. What was set aside can be taken up again.

    Raises:
        RepostingError: somebody else has it, or it is a draft already.
    """
    row = _locked(item_pk)
    if row.state == ItemState.TAKEN and row.taken_by_id != by.pk:
        raise RepostingError(_("%(name)s has taken this already.") % {"name": row.taken_by_name})
    if row.state not in (ItemState.NEW, ItemState.SET_ASIDE, ItemState.TAKEN):
        raise RepostingError(_("There is a draft of this already."))
    was_aside = row.state == ItemState.SET_ASIDE
    row.state, row.reason = ItemState.TAKEN, ""
    row.taken_by, row.taken_by_name = by, name_of(by)
    if was_aside:
        row.clock = deadlines.start_repost(row)
    return _saved(row)


@transaction.atomic
def give_back(*, item_pk: int, by: Any) -> UpstreamItem:
    """Whoever took it does not work on it after all."""
    row = _locked(item_pk)
    if row.state != ItemState.TAKEN:
        raise RepostingError(_("Nobody works on this."))
    row.state, row.taken_by, row.taken_by_name = ItemState.NEW, None, ""
    return _saved(row)


@transaction.atomic
def set_aside(*, item_pks: Iterable[int], reason: str, by: Any) -> int:
    """No repost is wanted of these; how many were set aside. Drafts and public ones stay.

    Raises:
        RepostingError: no reason was given.
    """
    if not reason.strip():
        raise RepostingError(_("Say why no repost is wanted."))
    take_turn()
    rows = list(
        UpstreamItem.objects.select_for_update(of=("self",))
        .filter(pk__in=list(item_pks), state__in=(ItemState.NEW, ItemState.TAKEN))
        .select_related("clock")
    )
    for row in rows:
        row.state, row.reason = ItemState.SET_ASIDE, reason.strip()[:300]
        deadlines.stop(row.clock, "set aside", by)
        _saved(row)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Drafted:
    """``missing`` names pictures that have to be brought in by hand; ``note`` says where the text
    came from, where that was not the page itself."""

    page: ArticlePage
    missing: Sequence[str] = ()
    note: str = ""


def make_draft(*, item_pk: int, column: ColumnPage, by: Any) -> Drafted:
    """A draft of the repost in a column: faithful text, source, its address, its time.

    The text is that of the source's page; where that cannot be read, that of the feed.

    Raises:
        RepostingError: there is a draft, or this account may write nothing there.
    """
    row = UpstreamItem.objects.select_related("source").get(pk=item_pk)
    _demand_place(row, column, by)
    html, note = _text_of(row)  # before the transaction: another server may be slow
    with transaction.atomic():
        take_turn()
        row = _locked(item_pk)
        if row.page_id is not None or row.state == ItemState.PUBLISHED:
            raise RepostingError(_("There is a draft of this already."))
        if row.state == ItemState.TAKEN and row.taken_by_id != by.pk:
            told = _("%(name)s has taken this already.")
            raise RepostingError(told % {"name": row.taken_by_name})
        raw, missing = raw_body(html)
        page = ArticlePage(
            title=row.title,
            source=row.source.name,
            source_url=_kept_address(row.link),
            date=row.published_at,
            body=ArticlePage._meta.get_field("body").stream_block.to_python(raw),
            owner=by,
            live=False,
            has_unpublished_changes=True,
            locale=column.locale,
        )
        column.add_child(instance=page)
        page.save_revision(user=by, log_action="wagtail.create")
        if row.clock_id is None:
            row.clock = deadlines.start_repost(row)
        row.state, row.page_id, row.reason = ItemState.DRAFTED, page.pk, ""
        row.taken_by, row.taken_by_name = by, name_of(by)
        _saved(row)
        watching.watch_draft(page=page, site_pk=row.site_id, address=row.link, html=html)
    return Drafted(page, missing, note)


def _demand_place(row: UpstreamItem, column: ColumnPage, by: Any) -> None:
    if site_of_path(column.path) != row.site_id:
        raise RepostingError(_("This column belongs to another site."))
    if not pages_to_add_below(by).filter(pk=column.pk).exists():
        raise RepostingError(_("You may not write in this column."))


def _text_of(row: UpstreamItem) -> tuple[str, str]:
    if row.link:
        try:
            answer = fetch(row.link)
        except FetchProblem as problem:
            note = _(
                "The page of the source could not be read (%(reason)s); the text is the feed's."
            )
            return _fed(row), note % {"reason": problem}
        html = page_html(answer.body, answer.content_type, answer.address)
        if sum(map(len, plain_lines(html))) >= _LEAST_TEXT:
            return html, ""
    return _fed(row), _("No text was found on the page of the source; the text is the feed's.")


def _kept_address(link: str) -> str:
    """As an article can hold it; "" where it cannot: the gate asks for it before the release."""
    try:
        ArticlePage._meta.get_field("source_url").clean(link, None)
    except ValidationError:
        return ""
    return link


def _fed(row: UpstreamItem) -> str:
    return row.html or f"<p>{escape(row.title)}</p>"


def follow_public(*, pages: Iterable[int]) -> int:
    """What became public is reposted: its clock stops at that moment, the minutes are noted."""
    done = 0
    for pk in (
        UpstreamItem.objects.filter(page__in=list(pages), page__live=True)
        .exclude(state=ItemState.PUBLISHED)
        .values_list("pk", flat=True)
    ):
        done += _public(pk)
    return done


@transaction.atomic
def _public(item_pk: int) -> bool:
    row = _locked(item_pk)
    first = (
        Publication.objects.filter(item=item_key(row.page))
        .order_by("since")
        .values_list("since", flat=True)
        .first()
    )
    if row.state == ItemState.PUBLISHED or first is None:
        return False
    row.state, row.public_at = ItemState.PUBLISHED, first
    took: datetime.timedelta = max(first - row.published_at, datetime.timedelta())
    row.minutes = int(took.total_seconds() // 60)
    row.in_time = None if row.clock is None else first <= row.clock.due_at
    deadlines.stop(row.clock, "reposted", at=first)
    _saved(row)
    return True


@transaction.atomic
def back_without_draft(site_pk: int | None) -> int:
    """Drafts that were deleted: their items are in the queue again, with whoever took them."""
    lost = UpstreamItem.objects.filter(site=site_pk, state=ItemState.DRAFTED, page__isnull=True)
    return lost.update(state=ItemState.TAKEN, changed_at=timezone.now())


def _locked(pk: int) -> UpstreamItem:
    return (
        UpstreamItem.objects.select_for_update(of=("self",))
        .select_related("source", "clock", "page")
        .get(pk=pk)
    )


def _saved(row: UpstreamItem) -> UpstreamItem:
    row.changed_at = timezone.now()
    row.save()
    return row
