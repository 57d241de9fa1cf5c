"""The assistant's figures of a period: past days from their sums, today as it stands."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.figures_panels import FiguresQuery
from assistant.portal_plugin.latencies import percentile
from assistant.portal_plugin.models.figures import DailyEntry, DailyFigures, RolledDay
from portal.plugin_api import Action, sites_allowing

from .counting import count_day

# Of these it is fair to ask whether there was an answer: somebody wanted to know something.
ASKING = (
    Status.ANSWERED,
    Status.CLARIFY,
    Status.DECLINED_NO_SOURCE,
    Status.DECLINED_OUT_OF_SCOPE,
    Status.HANDED_OVER,
)
LONGEST_PERIOD = 366
# The night that adds them up may be late: so many days are looked at live where they are missing.
_LIVE_DAYS = 3
_MOST_ENTRIES = 20


@dataclass(slots=True)
class Sums:
    """Figures added up over days, sites, languages."""

    statuses: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    latencies: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    conversations: int = 0
    useful: int = 0
    not_useful: int = 0

    def add(self, row: DailyFigures) -> None:
        self.statuses.update(row.statuses)
        self.channels.update(row.channels)
        self.latencies.update(row.latencies)
        self.reasons.update(row.reasons)
        self.conversations += row.conversations
        self.useful += row.useful
        self.not_useful += row.not_useful

    @property
    def asked(self) -> int:
        return sum(self.statuses.values())

    @property
    def answered(self) -> int:
        return self.statuses[Status.ANSWERED]

    @property
    def declined(self) -> int:
        return (
            self.statuses[Status.DECLINED_NO_SOURCE] + self.statuses[Status.DECLINED_OUT_OF_SCOPE]
        )

    @property
    def answer_rate(self) -> float | None:
        """Answered, of all that wanted to know something."""
        asking = sum(self.statuses[status] for status in ASKING)
        return self.answered / asking if asking else None

    @property
    def satisfaction(self) -> float | None:
        voted = self.useful + self.not_useful
        return self.useful / voted if voted else None

    @property
    def median(self) -> int | None:
        return percentile(self.latencies, 0.5)

    @property
    def p95(self) -> int | None:
        return percentile(self.latencies, 0.95)


@dataclass(frozen=True, slots=True)
class TopEntry:
    page: int
    title: str
    given: int
    useful: int
    not_useful: int


@dataclass(frozen=True, slots=True)
class Figures:
    """``days``: each day of the period; ``languages`` and ``sites``: the largest first."""

    total: Sums
    days: Mapping[datetime.date, Sums]
    languages: Sequence[tuple[str, Sums]]
    sites: Sequence[tuple[int, Sums]]
    entries: Sequence[TopEntry]


def sites_with_figures(user: Any) -> frozenset[int] | None:
    """The sites whose figures somebody may see: editors' and auditors' own; None for all."""
    found: set[int] = set()
    for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD):
        allowed = sites_allowing(user, action)
        if allowed is None:
            return None
        found |= allowed
    return frozenset(found)


def figures(query: FiguresQuery, *, today: datetime.date | None = None) -> Figures:
    """All figures of a period. Its days are few rows each, however many questions there were."""
    today = today or timezone.localdate()
    live = [day for day in _live_days(query, today) if query.first <= day <= query.last]
    stored = _of(query, DailyFigures.objects.exclude(day__in=live))
    rows = list(stored)
    entries = list(_top_rows(query, live))
    for day in live:
        counted = count_day(day, query.sites)
        rows += [row for row in counted.figures if _is_of(query, row.language)]
        entries += [
            (row.page, row.title, row.given, row.useful, row.not_useful)
            for row in counted.entries
            if _is_of(query, row.language)
        ]
    return _added_up(query, rows, _top(entries))


def _live_days(query: FiguresQuery, today: datetime.date) -> list[datetime.date]:
    """Today, and the last days that no night has added up yet."""
    recent = [today - datetime.timedelta(days=n) for n in range(1, _LIVE_DAYS + 1)]
    rolled = RolledDay.objects.filter(day__in=recent)
    if query.sites is not None:
        rolled = rolled.filter(site__in=query.sites)
    known = set(rolled.values_list("day", flat=True))
    return [today, *(day for day in recent if day not in known)]


def _of(query: FiguresQuery, rows: Any) -> Any:
    about = Q(day__gte=query.first, day__lte=query.last)
    if query.sites is not None:
        about &= Q(site__in=query.sites)
    if query.language:
        about &= Q(language=query.language)
    return rows.filter(about)


def _is_of(query: FiguresQuery, language: str) -> bool:
    return not query.language or language == query.language


def _top_rows(
    query: FiguresQuery, live: Sequence[datetime.date]
) -> Iterable[tuple[int, str, int, int, int]]:
    rows = _of(query, DailyEntry.objects.exclude(day__in=live)).order_by()
    yield from rows.values_list("page", "title", "given", "useful", "not_useful").iterator()


def _top(rows: Iterable[tuple[int, str, int, int, int]]) -> list[TopEntry]:
    titles: dict[int, str] = {}
    sums: dict[int, list[int]] = {}
    for page, title, *numbers in rows:
        titles[page] = title
        known = sums.setdefault(page, [0, 0, 0])
        for place, number in enumerate(numbers):
            known[place] += number
    best = sorted(sums, key=lambda page: (-sums[page][0], page))[:_MOST_ENTRIES]
    return [TopEntry(page, titles[page], *sums[page]) for page in best]


def _added_up(query: FiguresQuery, rows: Iterable[DailyFigures], top: list[TopEntry]) -> Figures:
    count = (query.last - query.first).days + 1
    days = {query.first + datetime.timedelta(days=n): Sums() for n in range(count)}
    total = Sums()
    languages: dict[str, Sums] = {}
    sites: dict[int, Sums] = {}
    for row in rows:
        total.add(row)
        days[row.day].add(row)
        languages.setdefault(row.language, Sums()).add(row)
        sites.setdefault(row.site, Sums()).add(row)

    def largest(found: dict[Any, Sums]) -> list[tuple[Any, Sums]]:
        return sorted(found.items(), key=lambda item: (-item[1].asked, str(item[0])))

    return Figures(total, days, largest(languages), largest(sites), top)
