"""Comparing public reposts with their sources: at release, and after one, three and seven days."""

import datetime
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import body_text, is_enabled, just_seen, site_of_path, tree_language
from portal.reposting.comparing import Comparison, compare
from portal.reposting.fetching import FetchProblem, fetch
from portal.reposting.known_again import digest
from portal.reposting.main_text import page_html, plain_lines
from portal.reposting.models import RepostWatch, WatchState
from portal.reposting.permissions import SLUG

from .errors import RepostingError

DAYS = (1, 3, 7)
MOST_TRIES = 3
_LONGEST_TEXT = 500_000
_AT_ONCE = 40
LONGEST_RUN = 120.0
# A server that does not answer is asked again after this.
_AGAIN = datetime.timedelta(hours=2)


def is_elsewhere(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return bool(host) and host not in {root.host for root in just_seen().roots}


def follow_public(*, pages: Iterable[int]) -> int:
    """Watch what became public with the address of a source elsewhere; how many are watched."""
    done = 0
    for page in Page.objects.filter(pk__in=list(pages), live=True, alias_of=None).specific():
        address = str(getattr(page, "source_url", "") or "")
        site = site_of_path(page.path)
        if site is None or not is_enabled(SLUG, site):
            continue
        if tree_language(page.path) != settings.LANGUAGE_CODE:
            continue
        if is_elsewhere(address):
            done += _watch(page, site, address)
        else:
            RepostWatch.objects.filter(page=page.pk).delete()
    return done


def watch_draft(*, page: Page, site_pk: int, address: str, html: str) -> None:
    """Keep the text that a draft was made from: what is released is compared with it."""
    if not address:
        return
    text = "\n".join(plain_lines(html))[:_LONGEST_TEXT]
    RepostWatch.objects.update_or_create(
        page_id=page.pk,
        defaults={"site_id": site_pk, "source_url": address, "source_text": text,
                  "first_digest": digest(text), "public_at": None, "next_check_at": None},
    )  # fmt: skip


@transaction.atomic
def _watch(page: Page, site: int, address: str) -> bool:
    now = timezone.now()
    row, is_new = RepostWatch.objects.select_for_update().get_or_create(
        page_id=page.pk,
        defaults={"site_id": site, "source_url": address, "public_at": now,
                  "next_check_at": now, "rest": list(DAYS)},
    )  # fmt: skip
    if is_new:
        return True
    if row.public_at is None:
        row.public_at, row.rest = now, list(DAYS)
    if row.source_url != address:
        row.source_url, row.first_digest, row.source_text = address, "", ""
    # A new version here is compared anew, whatever somebody said of the old one.
    row.next_check_at, row.settled_at, row.settled_by_name = now, None, ""
    row.save()
    return True


def check_due(site_pk: int | None) -> int:
    """The scheduled job: what is to be compared now; how many were."""
    now = timezone.now()
    due = RepostWatch.objects.filter(site=site_pk, next_check_at__lte=now, page__live=True)
    pks = list(due.order_by("next_check_at").values_list("pk", flat=True)[:_AT_ONCE])
    ends, done = time.monotonic() + LONGEST_RUN, 0
    for pk in pks:
        if time.monotonic() > ends:
            break
        check(pk)
        done += 1
    return done


def check(watch_pk: int) -> RepostWatch:
    """Read the source and compare, now."""
    row = RepostWatch.objects.select_related("page").get(pk=watch_pk)
    try:
        lines = source_lines(row.source_url)
    except FetchProblem as problem:
        return _not_read(row, str(problem), is_gone=problem.status in (404, 410))
    return _note(row, lines, compare(lines, own_lines(_shown(row))))


def _shown(row: RepostWatch) -> Any:
    """The public page; of a draft its newest version."""
    return row.page if row.page.live else row.page.get_latest_revision_as_object()


def source_lines(address: str) -> list[str]:
    """The text of a source, a line for each paragraph.

    Raises:
        FetchProblem: it cannot be read, or there is no text.
    """
    answer = fetch(address)
    lines = plain_lines(page_html(answer.body, answer.content_type, answer.address))
    if not lines:
        raise FetchProblem("No text was found on the page.")
    return lines


def own_lines(page: Any) -> list[str]:
    """The text of a page here, without its summary: that is our own."""
    specific = page.specific
    body = getattr(specific, "body", None)
    if body is None:
        return [line for line in map(str.strip, body_text(specific).splitlines()) if line]
    found: list[str] = []
    for child in body:
        html = getattr(child.value, "source", None)
        if isinstance(html, str):
            found += plain_lines(html)
        else:
            parts = child.block.get_searchable_content(child.value)
            found += [line for part in parts for line in str(part).splitlines()]
    return [" ".join(line.split()) for line in found if line.strip()]


def compared(row: RepostWatch) -> Comparison:
    """The source as it was read last beside the page; of a draft beside its newest version."""
    return compare(row.source_text.splitlines(), own_lines(_shown(row)))


@transaction.atomic
def _note(row: RepostWatch, lines: list[str], found: Comparison) -> RepostWatch:
    row = RepostWatch.objects.select_for_update().get(pk=row.pk)
    text = "\n".join(lines)
    now_digest = digest(text)
    was_settled = row.settled_at is not None and row.score == found.score
    row.score, row.note, row.tries = found.score, "", 0
    if found.is_same:
        state = WatchState.FAITHFUL
    elif row.first_digest and row.first_digest != now_digest:
        state = WatchState.SOURCE_CHANGED
    else:
        state = WatchState.DIFFERS
    if not (was_settled and state == row.state):
        row.settled_at, row.settled_by_name, row.settled_note = None, "", ""
    row.first_digest = row.first_digest or now_digest
    row.state, row.source_text = state, text[:_LONGEST_TEXT]
    _plan_next(row)
    row.save()
    return row


@transaction.atomic
def _not_read(row: RepostWatch, problem: str, *, is_gone: bool) -> RepostWatch:
    row = RepostWatch.objects.select_for_update().get(pk=row.pk)
    now = timezone.now()
    row.note, row.tries = problem[:300], row.tries + 1
    if is_gone or row.tries >= MOST_TRIES:
        row.state = WatchState.SOURCE_GONE if is_gone else WatchState.UNREADABLE
        row.tries = 0
        _plan_next(row)
    else:
        row.next_check_at = now + _AGAIN
    row.checked_at = now
    row.save()
    return row


def _plan_next(row: RepostWatch) -> None:
    now = row.checked_at = timezone.now()
    began = row.public_at or now
    row.rest = [day for day in row.rest if began + datetime.timedelta(days=int(day)) > now]
    row.next_check_at = began + datetime.timedelta(days=int(row.rest[0])) if row.rest else None


@transaction.atomic
def settle(*, watch_pk: int, note: str, by: Any) -> RepostWatch:
    """Somebody looked at the difference and says why it may stand.

    Raises:
        RepostingError: nothing is to be settled, or no reason is given.
    """
    row = RepostWatch.objects.select_for_update().get(pk=watch_pk)
    if not row.is_alarming:
        raise RepostingError(_("There is no difference to be settled."))
    if not note.strip():
        raise RepostingError(_("Say why the difference may stand."))
    row.settled_at, row.settled_note = timezone.now(), note.strip()[:300]
    row.settled_by_name = str(by.get_full_name() or by.get_username())[:150]
    row.save()
    return row
