"""What was looked for, without anything about who did."""

import datetime
import hashlib
import secrets
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from portal.plugin_api import kept_for, main_site_pk
from portal.search.models import LoggedSearch, LogSalt, QueryDay
from portal.search.privacy import LONGEST_KEPT, LONGEST_SCANNED, holds_personal_data
from portal.search.wordlists import same, tidy
from portal.text.script import to_simplified

from .contract import Outcome, Search
from .log_writer import LogWriter, Note, NotedClick, NotedSearch
from .rules import rules_for

LAST_PLACE = 1_000
# A click may come before its search: another process noted that, and is about to write it.
_CLICK_WAITS = 15.0
_POPULAR_DAYS = 30
_POPULAR_FOR = 600


def note(search: Search, outcome: Outcome, *, visitor: str = "") -> str:
    """Record a search; the answer is a token for ``note_click`` ("": nothing is recorded).

    Costs the visitor nothing to speak of: it is written later by the process (``log_writer``).
    Recorded are first pages of what was typed, not the narrowing of it; nothing that was blocked,
    and nothing that tells of a person (``privacy``).

    Args:
        search: as it was run.
        outcome: what came of it.
        visitor: a hash that tells visitors of today apart
            (``visitor_of(request, purpose="search.log")``); "": cannot be told.
    """
    if search.page != 1 or search.chosen or search.since or search.until:
        return ""
    if outcome.how in ("blocked", "empty", "titles_only") or not search.text.strip():
        return ""
    token = secrets.token_urlsafe(12)
    writer.put(
        NotedSearch(
            token,
            search.site,
            search.language,
            search.text[:LONGEST_SCANNED],
            outcome.how,
            outcome.total,
            visitor,
        )
    )
    return token


def note_click(token: str, *, key: str, position: int) -> None:
    """Record that a result of a noted search was opened; of several the first one counts.

    Args:
        token: of ``note``; what is none is passed over.
        key: of the result.
        position: its place, counted from 1.
    """
    if not 8 <= len(token) <= 24 or not 1 <= position <= LAST_PLACE:
        return
    writer.put(NotedClick(token, key[:120], position, time.monotonic()))


def popular_queries(
    *, site: int | None, language: str, since: datetime.date | None = None, count: int = 8
) -> tuple[str, ...]:
    """What many people looked for and found, the most of them first.

    Only what at least ``SEARCH_PRIVACY_THRESHOLD`` different visitors looked for (each counted once
    a day). Kept for ten minutes.

    Args:
        site: None: the main one.
        language: of the site that was searched.
        since: default: of the last 30 days.
    """
    site = main_site_pk() if site is None else site
    first = since or timezone.localdate() - datetime.timedelta(days=_POPULAR_DAYS)
    rules = rules_for(site)
    key = f"portal_search:popular:{site}:{language}:{first}:{count}:{rules.version}"

    def read() -> tuple[str, ...]:
        blocked = [same(word) for word in rules.blocked]
        rows = (
            QueryDay.objects.filter(site=site or 0, language=language, day__gte=first)
            .exclude(query="")
            .values("query")
            .annotate(
                people=Sum("askers"), all=Sum("searches"), nothing=Sum("empty"), said=Max("text")
            )
            .filter(people__gte=settings.SEARCH_PRIVACY_THRESHOLD)
            .order_by("-people", "-all", "query")
        )
        return tuple(
            row["said"]
            for row in rows[: count * 5]
            if row["nothing"] * 2 < row["all"] and not any(word in row["query"] for word in blocked)
        )[:count]

    return kept_for(key, _POPULAR_FOR, read)


# --- writing --------------------------------------------------------------------------------------
def _write(notes: Sequence[Note]) -> list[Note]:
    """Store notes; those clicks come back whose search was not there yet."""
    with transaction.atomic():
        _write_searches([one for one in notes if isinstance(one, NotedSearch)])
        clicks = [one for one in notes if isinstance(one, NotedClick)]
        return [click for click in clicks if not _write_click(click)]


def _write_searches(noted: Sequence[NotedSearch]) -> None:
    rows, day = [], timezone.localdate()
    for one in noted:
        text = tidy(one.text)
        if not same(text) or holds_personal_data(text, was_found=one.total > 0):
            continue
        text = text[:LONGEST_KEPT].strip()
        is_chinese = one.language.startswith("zh")
        rows.append(
            LoggedSearch(
                token=one.token,
                day=day,
                site=one.site or main_site_pk() or 0,
                # Both scripts are one language, and one query.
                language=settings.LANGUAGE_CODE if is_chinese else one.language[:12],
                query=same(to_simplified(text) if is_chinese else text)[:80],
                text=text,
                how=one.how[:16],
                total=max(0, min(one.total, 2_000_000_000)),
                visitor=one.visitor,
            )
        )
    if not rows:
        return
    salt = _salt(day)
    for row in rows:
        if row.visitor:
            told_apart = f"{salt} {row.site} {row.visitor}"
            row.visitor = hashlib.sha256(told_apart.encode()).hexdigest()[:24]
    LoggedSearch.objects.bulk_create(rows, ignore_conflicts=True)


def _salt(day: datetime.date) -> str:
    """The salt of a day, for all processes the same; made by whoever is first."""
    row, _made = LogSalt.objects.get_or_create(
        day=day, defaults={"salt": secrets.token_urlsafe(24)}
    )
    return row.salt


def _write_click(click: NotedClick) -> bool:
    """False: to be tried again."""
    searches = LoggedSearch.objects.filter(token=click.token)
    if searches.filter(clicked=None).update(clicked=click.position, clicked_key=click.key):
        return True
    return time.monotonic() - click.at > _CLICK_WAITS or searches.exists()


writer = LogWriter(_write)
