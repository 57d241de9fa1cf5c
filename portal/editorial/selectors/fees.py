"""Sheets of fees: computed from accepted contributions until they are confirmed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from portal.editorial.models import Basis, Contribution, ContributionState, FeeRate, FeeSheet
from portal.plugin_api import is_enabled

_CENT = Decimal("0.01")


def month_of(day: datetime.date) -> datetime.date:
    return day.replace(day=1)


def next_month(month: datetime.date) -> datetime.date:
    return (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def bounds(month: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of a month and the first after it."""
    ends = (month_of(month), next_month(month))
    first, after = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in ends
    )
    return first, after


@dataclass(frozen=True, slots=True)
class Line:
    """One accepted item that no sheet holds yet. ``rate`` is None where none is set for it."""

    contribution: Contribution
    rate: FeeRate | None

    @property
    def accepted_on(self) -> datetime.date:
        assert self.contribution.accepted_at is not None
        return timezone.localdate(self.contribution.accepted_at)

    @property
    def amount(self) -> Decimal:
        return amount_of(self.contribution, self.rate)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person gets for one month at one site: open lines, and what was confirmed."""

    site_pk: int
    user_pk: int | None
    person: str
    unit_name: str
    month: datetime.date
    lines: tuple[Line, ...]
    confirmed: tuple[FeeSheet, ...]

    @property
    def words(self) -> int:
        return sum(line.contribution.words for line in self.lines)

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def lacks_rate(self) -> bool:
        return any(line.rate is None for line in self.lines)


def amount_of(contribution: Contribution, rate: FeeRate | None) -> Decimal:
    """In yuan, rounded to the fen by half up."""
    if rate is None:
        return Decimal(0)
    if rate.basis == Basis.THOUSAND_WORDS:
        raw = rate.amount * contribution.words / 1000
    elif rate.basis == Basis.MINUTE:
        raw = rate.amount * contribution.minutes
    else:
        raw = rate.amount
    return raw.quantize(_CENT, rounding=ROUND_HALF_UP)


def rate_on(rates: Iterable[FeeRate], kind: str, day: datetime.date) -> FeeRate | None:
    """The rate of a kind of item on a day: of several the one that began last."""
    usable = [rate for rate in rates if rate.kind == kind and rate.holds_on(day)]
    return max(usable, key=lambda rate: rate.valid_from, default=None)


def accepted_in(site_pk: int, month: datetime.date) -> QuerySet[Contribution]:
    first, after = bounds(month)
    return Contribution.objects.filter(
        site=site_pk,
        state=ContributionState.ACCEPTED,
        accepted_at__gte=first,
        accepted_at__lt=after,
    )


def sheets(site_pk: int, month: datetime.date, user: Any = None) -> list[Sheet]:
    """The sheets of a month, by person. Three queries."""
    rows = accepted_in(site_pk, month).filter(sheet=None)
    stored = FeeSheet.objects.filter(site=site_pk, month=month_of(month)).exclude(
        state=FeeSheet.State.TAKEN_BACK
    )
    if user is not None:
        rows, stored = rows.filter(user=user), stored.filter(user=user)
    rates = list(FeeRate.objects.filter(site=site_pk))
    lines: dict[tuple[int | None, str], list[Line]] = {}
    done: dict[tuple[int | None, str], list[FeeSheet]] = {}
    units: dict[tuple[int | None, str], str] = {}
    for row in rows.order_by("accepted_at", "pk"):
        assert row.accepted_at is not None
        key = (row.user_id, "" if row.user_id else row.person)
        rate = rate_on(rates, row.kind, timezone.localdate(row.accepted_at))
        lines.setdefault(key, []).append(Line(row, rate))
        units[key] = row.unit_name
    names = {key: found[-1].contribution.person for key, found in lines.items()}
    for sheet in stored.prefetch_related("lines"):
        key = (sheet.user_id, "" if sheet.user_id else sheet.person)
        done.setdefault(key, []).append(sheet)
        names.setdefault(key, sheet.person)
        units.setdefault(key, sheet.unit_name)
    return sorted(
        (
            Sheet(
                site_pk, key[0], name, units[key], month_of(month),
                tuple(lines.get(key, ())), tuple(done.get(key, ())),
            )
            for key, name in names.items()
        ),
        key=lambda sheet: (sheet.unit_name, sheet.person),
    )  # fmt: skip


def months_with_items(**conditions: Any) -> list[datetime.date]:
    """The months in which something was accepted, the latest first."""
    rows = Contribution.objects.filter(accepted_at__isnull=False, **conditions)
    return sorted(
        {month_of(timezone.localdate(moment)) for moment in rows.datetimes("accepted_at", "month")},
        reverse=True,
    )


def with_amounts(rows: list[Contribution]) -> None:
    """Give accepted rows ``fee`` and ``fee_is_fixed``: what was confirmed, else what it would be.

    Two queries, for rows of any sites.
    """
    from portal.editorial.models import FeeLine

    fixed = {
        line.contribution_id: line.amount
        for line in FeeLine.objects.filter(
            contribution__in=[row.pk for row in rows], sheet__taken_back_at=None
        )
    }
    rates = list(FeeRate.objects.filter(site__in={row.site_id for row in rows}))
    for row in rows:
        found: Any = row
        found.fee_is_fixed = row.pk in fixed
        found.fee = fixed.get(row.pk)
        if found.fee is None and row.state == ContributionState.ACCEPTED and row.accepted_at:
            own = [rate for rate in rates if rate.site_id == row.site_id]
            rate = rate_on(own, row.kind, timezone.localdate(row.accepted_at))
            found.fee = amount_of(row, rate) if rate is not None else None


def translators_fees_url(site_pk: int) -> str:
    """Where the fees of translators are: another plugin's sheets. Empty where it is off."""
    if not is_enabled("foreign", site_pk):
        return ""
    try:
        return reverse("foreign_boards")
    except NoReverseMatch:
        return ""
