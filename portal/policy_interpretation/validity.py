"""Whether a document is in force on a day: one rule for page, library, search and assistant."""

import datetime
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Validity(models.TextChoices):
    """The states of reference 7.5."""

    NOT_YET_EFFECTIVE = "not_yet_effective", _("to take effect")
    VALID = "valid", _("in force")
    AMENDED = "amended", _("amended")
    PARTLY_INVALID = "partly_invalid", _("partly invalid")
    REPEALED = "repealed", _("repealed")
    EXPIRED = "expired", _("expired")


# What may be presented as in force.
IN_FORCE = frozenset({Validity.VALID, Validity.AMENDED, Validity.PARTLY_INVALID})


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that decide. All but ``valid_through`` are the first day of the new state.

    ``valid_through`` is the last day in force (有效期至).
    """

    effective_on: datetime.date | None = None
    valid_through: datetime.date | None = None
    repealed_on: datetime.date | None = None
    amended_on: datetime.date | None = None
    partly_invalid_on: datetime.date | None = None


def validity_on(dates: Dates, day: datetime.date) -> Validity:
    """The state on a day; the graver one where several hold."""
    if dates.repealed_on and dates.repealed_on <= day:
        return Validity.REPEALED
    if dates.valid_through and dates.valid_through < day:
        return Validity.EXPIRED
    if dates.effective_on and day < dates.effective_on:
        return Validity.NOT_YET_EFFECTIVE
    if dates.partly_invalid_on and dates.partly_invalid_on <= day:
        return Validity.PARTLY_INVALID
    if dates.amended_on and dates.amended_on <= day:
        return Validity.AMENDED
    return Validity.VALID


def interval(dates: Dates) -> tuple[datetime.date | None, datetime.date | None]:
    """(first day in force, first day no longer in force); None: open."""
    ends = [dates.repealed_on] if dates.repealed_on else []
    if dates.valid_through:
        ends.append(dates.valid_through + datetime.timedelta(days=1))
    return dates.effective_on, min(ends, default=None)


def in_force_q(day: datetime.date, prefix: str = "") -> Q:
    """``IN_FORCE`` on a day as a condition on records."""

    def open_or(name: str, **condition: datetime.date) -> Q:
        [(lookup, value)] = condition.items()
        return Q(**{f"{prefix}{name}__isnull": True}) | Q(**{f"{prefix}{lookup}": value})

    return (
        open_or("repealed_on", repealed_on__gt=day)
        & open_or("valid_through", valid_through__gte=day)
        & open_or("effective_on", effective_on__lte=day)
    )


def having(state: Validity, day: datetime.date, prefix: str = "") -> Q:
    """The same rule as a condition on records (``PolicyRecord`` or, with a prefix, its like)."""

    def q(**conditions: datetime.date) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    repealed = q(repealed_on__lte=day)
    expired = q(valid_through__lt=day) & ~repealed
    if state is Validity.REPEALED:
        return repealed
    if state is Validity.EXPIRED:
        return expired
    early = q(effective_on__gt=day)
    over = repealed | q(valid_through__lt=day)
    if state is Validity.NOT_YET_EFFECTIVE:
        return early & ~over
    partly = q(partly_invalid_on__lte=day)
    amended = q(amended_on__lte=day)
    standing = ~over & ~early
    if state is Validity.PARTLY_INVALID:
        return standing & partly
    if state is Validity.AMENDED:
        return standing & amended & ~partly
    return standing & ~partly & ~amended
