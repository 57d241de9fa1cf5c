"""What the page that is being rendered rests on, for whoever keeps finished pages.

Which rows a page read is observed at the database itself (the page store does that). What a
database cannot tell is said here by the code that knows it: until when a page can be shown as it is
because it looked at the clock, and that it must not be kept at all. Outside a recording both cost
nothing and do nothing.
"""

import datetime
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.utils import timezone


@dataclass(slots=True)
class PageReads:
    """``holds_until``: the earliest moment at which the page says something else by itself.
    ``refused``: why it must not be kept; "" where it may. ``page``: key of the Wagtail page that is
    shown, ``site`` of its site; None for what is no page. ``began``: when the rendering began; what
    changed by then is in it. ``made``: parts that several places ask for, made once."""

    holds_until: datetime.datetime | None = None
    refused: str = ""
    page: int | None = None
    site: int | None = None
    began: datetime.datetime = field(default_factory=timezone.now)
    made: dict[Hashable, Any] = field(default_factory=dict)


_recorded: ContextVar[PageReads | None] = ContextVar("portal_page_reads", default=None)


@contextmanager
def page_reads_followed() -> Iterator[PageReads]:
    """Collect what is said while a page is rendered."""
    found = PageReads()
    token = _recorded.set(found)
    try:
        yield found
    finally:
        _recorded.reset(token)


def is_recorded() -> bool:
    """Whether somebody follows what is read: memories of content step aside then, so that the
    queries behind them are seen."""
    return _recorded.get() is not None


def made_for_this_page(key: Hashable) -> Any:
    """What was made earlier for the page that is recorded; None for nothing, and outside."""
    reads = _recorded.get()
    return None if reads is None else reads.made.get(key)


def make_for_this_page(key: Hashable, value: Any) -> None:
    """Keep something until the page that is recorded is finished; nothing outside a recording."""
    reads = _recorded.get()
    if reads is not None:
        reads.made[key] = value


def kept_for[T](key: str, seconds: int, make: Callable[[], T]) -> T:
    """What was made at most so many seconds ago, from the cache that all workers may share.

    Made anew while a page is recorded: the queries behind it are seen, and a stored page does not
    begin its life with figures of before.
    """
    found: T | None = None if is_recorded() else cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, seconds)
    return found


def page_holds_until(*moments: datetime.datetime | None) -> None:
    """What was just rendered says something else from this moment on (aware); the earliest counts.

    For all that depends on the clock and not on a change in the database: "open until Friday",
    "opens today at 9:00", marks that vanish after some days. None says nothing, and so does a
    moment that had passed when the rendering began: nothing changes at it any more.
    """
    reads = _recorded.get()
    if reads is None:
        return
    for moment in moments:
        if moment is None or moment <= reads.began:
            continue
        if reads.holds_until is None or moment < reads.holds_until:
            reads.holds_until = moment


def page_today() -> datetime.date:
    """Today, for what a page shows: it may say something else from midnight on."""
    if _recorded.get() is not None:
        page_holds_until(next_midnight())
    return timezone.localdate()


def next_midnight(now: datetime.datetime | None = None) -> datetime.datetime:
    """When the day ends that it is now, in the portal's time zone."""
    today = timezone.localdate(now)
    return timezone.make_aware(
        datetime.datetime.combine(today + datetime.timedelta(days=1), datetime.time())
    )


def page_is_not_kept(reason: str) -> None:
    """This page is rendered for each visitor anew.

    Args:
        reason: for who looks why a page is not in the store, such as "a form with a token".
    """
    reads = _recorded.get()
    if reads is not None and not reads.refused:
        reads.refused = reason


def note_page(page: int | None, site: int | None) -> None:
    """Which page is shown; the first one counts, others stand in it."""
    reads = _recorded.get()
    if reads is not None and reads.page is None:
        reads.page, reads.site = page, site
