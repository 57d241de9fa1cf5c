"""Asking the feeds, and taking in what they say.

A source is claimed by one process; what came is stored together with the marks of the answer (ETag,
Last-Modified), in one transaction: a process that dies between the two has stored nothing, and the
next one asks again as if nothing had been.
"""

import datetime
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal.plugin_api import take_turn
from portal.reposting import deadlines
from portal.reposting.feeds import Feed, FeedItem, FeedProblem, read_feed
from portal.reposting.fetching import FetchProblem, fetch
from portal.reposting.known_again import content_digest, guid_key, link_key, title_key
from portal.reposting.models import (
    DateFlag,
    ItemState,
    PollState,
    RepostWatch,
    UpstreamItem,
    UpstreamSource,
)

from . import queue

logger = logging.getLogger(__name__)
# A claim that was not given back after this belonged to a process that died.
CLAIM = datetime.timedelta(minutes=2)
LONGEST_PAUSE = datetime.timedelta(hours=6)
# What a source published longer ago than this before it was first asked is no work of today.
BACKLOG = datetime.timedelta(days=1)
# The same title from another source within so many days is the same thing.
SAME_TITLE_DAYS = 7
_CLOCKS_DIFFER = datetime.timedelta(minutes=10)
_BEFORE_THE_WEB = datetime.datetime(1995, 1, 1, tzinfo=datetime.UTC)
_AT_ONCE = 20
# A job holds up the others of the clock for so many seconds at most, and the last answer.
LONGEST_RUN = 60.0


@dataclass(slots=True)
class PollReport:
    """What one poll did. ``was_taken``: another process asks this source now."""

    new: int = 0
    revised: int = 0
    known: int = 0
    unwanted: int = 0
    was_taken: bool = False
    problem: str = ""
    pks: list[int] = field(default_factory=list)


def poll_due(site_pk: int | None) -> int:
    """The scheduled job: all sources of a site whose time has come; how many were asked."""
    queue.back_without_draft(site_pk)
    now = timezone.now()
    due = (
        UpstreamSource.objects.filter(site=site_pk, is_active=True)
        .filter(Q(next_poll_at__isnull=True) | Q(next_poll_at__lte=now))
        .order_by("next_poll_at", "pk")
    )
    asked = 0
    ends = time.monotonic() + LONGEST_RUN
    for source in due[:_AT_ONCE]:
        if time.monotonic() > ends:  # many slow servers: the others come with the next minute
            break
        try:
            asked += not poll(source.pk).was_taken
        except Exception as error:  # a fault of ours with one source holds up no other
            logger.exception("Source %s could not be asked", source.pk)
            _note_failure(source, f"A fault of the portal: {type(error).__name__}")
    return asked


def poll(source_pk: int) -> PollReport:
    """Ask one source now, unless another process does."""
    now = timezone.now()
    claimed = (
        UpstreamSource.objects.filter(pk=source_pk)
        .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
        .update(claimed_until=now + CLAIM)
    )
    if not claimed:
        return PollReport(was_taken=True)
    source = UpstreamSource.objects.get(pk=source_pk)
    headers = {}
    if source.etag:
        headers["If-None-Match"] = source.etag
    if source.last_modified:
        headers["If-Modified-Since"] = source.last_modified
    try:
        answer = fetch(source.feed_url, headers=headers)
        if answer.is_same:
            return _note_same(source)
        feed = read_feed(answer.body, content_type=answer.content_type, address=answer.address)
    except FetchProblem as problem:
        return _note_failure(source, str(problem), problem.again_after)
    except FeedProblem as problem:
        return _note_failure(source, str(problem))
    return _store(source, feed, answer.headers.get("etag", ""),
                  answer.headers.get("last-modified", ""))  # fmt: skip


# --- the state of a source ------------------------------------------------------------------------
def _note_failure(source: UpstreamSource, problem: str, again_after: int = 0) -> PollReport:
    """Tried again later and later; a good answer makes it forgotten."""
    failures = min(source.failures + 1, 1000)
    pause = datetime.timedelta(minutes=source.every_minutes) * 2 ** min(failures - 1, 8)
    pause = max(min(pause, LONGEST_PAUSE), datetime.timedelta(seconds=again_after))
    now = timezone.now()
    UpstreamSource.objects.filter(pk=source.pk).update(
        state=PollState.FAILING,
        note=problem[:300],
        failures=failures,
        polled_at=now,
        next_poll_at=now + pause,
        claimed_until=None,
    )
    return PollReport(problem=problem)


def _note_same(source: UpstreamSource) -> PollReport:
    now = timezone.now()
    state = source.state if source.state == PollState.PARTLY else PollState.WELL
    UpstreamSource.objects.filter(pk=source.pk).update(
        state=state,
        note=source.note if state == PollState.PARTLY else "",
        failures=0,
        polled_at=now,
        next_poll_at=now + datetime.timedelta(minutes=source.every_minutes),
        claimed_until=None,
    )
    return PollReport()


@transaction.atomic
def _store(source: UpstreamSource, feed: Feed, etag: str, last_modified: str) -> PollReport:
    take_turn()
    source = UpstreamSource.objects.select_for_update().get(pk=source.pk)
    now = timezone.now()
    if source.seen_before is None:
        source.seen_before = now
    report = take_in(source, feed.items, now)
    source.state = PollState.PARTLY if feed.notes else PollState.WELL
    source.note = " ".join(feed.notes)[:300]
    source.format, source.failures = feed.format, 0
    source.etag, source.last_modified = _header(etag, 300), _header(last_modified, 100)
    source.polled_at, source.claimed_until = now, None
    source.next_poll_at = now + datetime.timedelta(minutes=source.every_minutes)
    source.save()
    return report


def _header(value: str, most: int) -> str:
    """What is too long to be kept whole, or no header, is not sent back: better asked anew."""
    return value if len(value) <= most and value.isascii() and value.isprintable() else ""


# --- items ----------------------------------------------------------------------------------------
def take_in(
    source: UpstreamSource, items: Sequence[FeedItem], now: datetime.datetime
) -> PollReport:
    """Take items in: new ones into the queue, changed ones into what is there, known ones not.

    In a transaction that holds the source. Few queries, however long the feed is.
    """
    report = PollReport()
    by_guid = _known_by_guid(source, items)
    by_link, by_title = _known_at_site(source, items, now)
    for item in items:
        key, link, title = guid_key(item), link_key(item.link), title_key(item.title)
        known = by_guid.get(key)
        if known is None and link and (other := by_link.get(link)) is not None:
            # Some feeds make up a new id each time.
            known = other if other.source_id == source.pk else None
        if known is not None:
            by_guid[key] = known
            if _revise(known, item, now):
                report.revised += 1
            else:
                report.known += 1
            continue
        if not _is_wanted(source, item):
            report.unwanted += 1
            continue
        same = by_link.get(link) if link else None
        row = _add(source, item, key, link, title, same or by_title.get(title), now)
        by_guid[key] = row
        by_title.setdefault(title, row)
        if link:
            by_link.setdefault(link, row)
        report.new += 1
        report.pks.append(row.pk)
    return report


def _known_by_guid(source: UpstreamSource, items: Sequence[FeedItem]) -> dict[str, UpstreamItem]:
    keys = {guid_key(item) for item in items}
    rows = UpstreamItem.objects.filter(source=source, guid_key__in=keys)
    return {row.guid_key: row for row in rows}


def _known_at_site(
    source: UpstreamSource, items: Sequence[FeedItem], now: datetime.datetime
) -> tuple[dict[str, UpstreamItem], dict[str, UpstreamItem]]:
    links = {link_key(item.link) for item in items} - {""}
    titles = {title_key(item.title) for item in items}
    here = UpstreamItem.objects.filter(site=source.site_id).order_by("-pk")
    by_link = {row.link_key: row for row in here.filter(link_key__in=links)}
    recent = now - datetime.timedelta(days=SAME_TITLE_DAYS)
    found = here.filter(title_key__in=titles, seen_at__gte=recent)
    return by_link, {row.title_key: row for row in found}


def _is_wanted(source: UpstreamSource, item: FeedItem) -> bool:
    words = source.words
    said = f"{item.title}\n{item.html}".lower() if words else ""
    return not words or any(word in said for word in words)


def _revise(row: UpstreamItem, item: FeedItem, now: datetime.datetime) -> bool:
    """The source changed an item: what is not yet a draft follows, a draft's reader is told."""
    changed = content_digest(item)
    if row.digest == changed:
        return False
    row.digest, row.revised_at = changed, now
    row.title, row.html = item.title or row.title, item.html
    row.link, row.link_key = item.link or row.link, link_key(item.link) or row.link_key
    row.title_key = title_key(row.title)
    row.save(
        update_fields=["digest", "revised_at", "title", "html", "link", "link_key", "title_key"]
    )
    if row.page_id is not None:
        RepostWatch.objects.filter(page=row.page_id).update(next_check_at=now)
    return True


def _add(
    source: UpstreamSource, item: FeedItem, key: str, link: str, title: str,
    same: UpstreamItem | None, now: datetime.datetime,
) -> UpstreamItem:  # fmt: skip
    began, flag = clock_start(item, now)
    row = UpstreamItem(
        source=source,
        site_id=source.site_id,
        guid_key=key,
        link_key=link,
        title_key=title,
        title=item.title or item.link[:255],
        link=item.link,
        html=item.html,
        digest=content_digest(item),
        stated=item.stated,
        published_at=began,
        date_flag=flag,
        seen_at=now,
        changed_at=now,
    )
    if same is not None:
        row.state, row.same_as, row.reason = ItemState.SET_ASIDE, same, UpstreamItem.SAME_AS
    elif source.seen_before is not None and began < source.seen_before - BACKLOG:
        row.state, row.reason = ItemState.SET_ASIDE, UpstreamItem.BEFORE_WATCHED
    row.save()
    if row.state == ItemState.NEW:
        row.clock = deadlines.start_repost(row)
        row.save(update_fields=["clock"])
    return row


def clock_start(item: FeedItem, now: datetime.datetime) -> tuple[datetime.datetime, DateFlag]:
    """When the twelve hours begin: the source's time, or now where that cannot be believed."""
    if item.published is None:
        return now, DateFlag.UNREADABLE if item.stated else DateFlag.MISSING
    if item.published > now + _CLOCKS_DIFFER:
        return now, DateFlag.FUTURE
    if item.published < _BEFORE_THE_WEB:
        return now, DateFlag.ANCIENT
    return min(item.published, now), DateFlag.NONE
