"""Work sheets: what one person did for a section in a month, and what it comes to (R-FOR-09)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from portal.foreign.models import (
    FeeRate,
    FeeSettlement,
    ForeignSection,
    MadeBy,
    WorkKind,
    WorkRecord,
)

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of work at one rate. ``rate`` is None where none was set for these days."""

    kind: WorkKind
    made_by: MadeBy
    pieces: int
    words: int
    rate: Decimal | None

    @property
    def amount(self) -> Decimal:
        if self.rate is None:
            return Decimal(0)
        return (self.rate * self.words / 1000).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a person did in a month and is not settled yet, and what was settled of it."""

    section: ForeignSection
    user: Any
    person: str
    month: datetime.date
    lines: tuple[Line, ...] = ()
    settled: tuple[FeeSettlement, ...] = ()

    @property
    def words(self) -> int:
        return sum(line.words for line in self.lines)

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def lacks_rate(self) -> bool:
        return any(line.rate is None for line in self.lines)


@dataclass(slots=True)
class _Open:
    person: str
    lines: dict[tuple[str, str, Decimal | None], list[int]] = field(default_factory=dict)


def month_of(day: datetime.date) -> datetime.date:
    return day.replace(day=1)


def next_month(month: datetime.date) -> datetime.date:
    return (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def records_in(section: ForeignSection, month: datetime.date) -> "QuerySet[WorkRecord]":
    """The pieces of work of a month, by the portal's own days."""
    begin, end = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
        for day in (month, next_month(month))
    )
    return WorkRecord.objects.filter(section=section, at__gte=begin, at__lt=end)


def sheets(section: ForeignSection, month: datetime.date, user: Any = None) -> list[Sheet]:
    """The sheets of a month by person; only one person's where ``user`` is given. Three queries."""
    records = records_in(section, month).filter(settlement=None)
    settled = FeeSettlement.objects.filter(
        section=section, month=month, taken_back_at=None
    ).select_related("settled_by", "user")
    if user is not None:
        records, settled = records.filter(user=user), settled.filter(user=user)
    rates = list(FeeRate.objects.filter(section=section).order_by("-valid_from"))
    grouped = (
        records.order_by()
        .annotate(day=TruncDate("at"))
        .values("user", "person", "kind", "made_by", "day")
        .annotate(pieces=Count("pk"), total=Sum("words"))
    )
    found: dict[Any, _Open] = {}
    for row in grouped:
        rate = rate_on(rates, row["kind"], row["made_by"], row["day"])
        place = found.setdefault(row["user"] or row["person"], _Open(row["person"]))
        line = place.lines.setdefault((row["kind"], row["made_by"], rate), [0, 0])
        line[0] += row["pieces"]
        line[1] += row["total"]
    done: dict[Any, list[FeeSettlement]] = {}
    for settlement in settled:
        key = settlement.user_id or settlement.person
        done.setdefault(key, []).append(settlement)
        found.setdefault(key, _Open(settlement.person))
    return sorted(
        (
            _sheet(section, month, key, place, done.get(key, []))
            for key, place in found.items()
        ),
        key=lambda sheet: sheet.person,
    )  # fmt: skip


def _sheet(
    section: ForeignSection,
    month: datetime.date,
    key: Any,
    place: _Open,
    settled: Iterable[FeeSettlement],
) -> Sheet:
    lines = [
        Line(WorkKind(kind), MadeBy(made_by), pieces, words, rate)
        for (kind, made_by, rate), (pieces, words) in place.lines.items()
    ]
    lines.sort(key=lambda line: (WorkKind.values.index(line.kind), line.made_by, line.rate or 0))
    user = key if isinstance(key, int) else None
    return Sheet(section, user, place.person, month, tuple(lines), tuple(settled))


def rate_on(
    rates: Iterable[FeeRate], kind: str, made_by: str, day: datetime.date
) -> Decimal | None:
    """The rate of a kind of work on a day; ``rates`` with the latest first.

    A correction of the sheet is paid as translation is; work on a machine's draft, where no rate of
    its own is set, as other work.
    """
    wanted = WorkKind.TRANSLATE if kind == WorkKind.CORRECTION else kind
    usable = [rate for rate in rates if rate.kind == wanted and rate.valid_from <= day]
    own = [rate.amount for rate in usable if rate.made_by == made_by]
    other = [rate.amount for rate in usable if rate.made_by == MadeBy.HUMAN]
    return next(iter(own or other), None)


def months_with_work(
    user: Any = None, section: ForeignSection | None = None
) -> list[datetime.date]:
    """The months in which there is something on the sheets, the latest first."""
    records = WorkRecord.objects.all()
    if user is not None:
        records = records.filter(user=user)
    if section is not None:
        records = records.filter(section=section)
    months = {month_of(timezone.localdate(moment)) for moment in records.datetimes("at", "month")}
    return sorted(months, reverse=True)
