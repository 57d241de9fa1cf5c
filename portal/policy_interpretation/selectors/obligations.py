"""How obligations stand at a moment: one rule in SQL, for board, panels, exports and figures."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.plugin_api import Action, sites_allowing
from portal.policy_interpretation.models import (
    InterpretationLink,
    Obligation,
    Timing,
)
from portal.policy_interpretation.validity import Validity, having


class State(models.TextChoices):
    """The columns of the board."""

    DUE = "due", _("due")
    LATE = "late", _("late")
    MISSING = "missing", pgettext_lazy("obligation", "missing")
    FULFILLED = "fulfilled", _("fulfilled")
    ORPHANED = "orphaned", _("orphaned")
    WAIVED = "waived", _("waived")
    LAPSED = "lapsed", _("no longer owed")


OPEN = (State.DUE, State.LATE, State.MISSING)
SHOWN = tuple(state for state in State if state is not State.LAPSED)


def with_states(
    found: QuerySet[Obligation] | None = None, now: datetime.datetime | None = None
) -> Any:
    """A queryset of obligations with ``due``, ``gone_from`` (missing from then on) and ``state``.

    The dates of the clock are read where the clock is, so that a change of the calendar holds here
    in the same moment as everywhere.
    """
    now = now or timezone.now()
    found = Obligation.objects.all() if found is None else found
    with_document = Q(timing=Timing.WITH_DOCUMENT)
    due = Case(
        When(with_document, then=F("due_at")),
        default=Coalesce(F("clock__due_at"), F("due_at")),
        output_field=DateTimeField(),
    )
    gone = Case(
        When(with_document, then=Coalesce(F("clock__due_at"), F("missing_at"))),
        When(missing_at__lt=F("clock__due_at"), then=F("clock__due_at")),
        default=F("missing_at"),
        output_field=DateTimeField(),
    )
    return found.annotate(due=due, gone_from=gone).annotate(
        state=Case(
            When(lapsed_at__isnull=False, then=Value(State.LAPSED.value)),
            When(outdated_q(now), then=Value(State.ORPHANED.value)),
            When(fulfilled_at__isnull=False, then=Value(State.FULFILLED.value)),
            When(waived_at__isnull=False, then=Value(State.WAIVED.value)),
            When(due__gte=now, then=Value(State.DUE.value)),
            When(gone_from__gte=now, then=Value(State.LATE.value)),
            default=Value(State.MISSING.value),
            output_field=CharField(),
        )
    )


def outdated_q(now: datetime.datetime) -> Q:
    """Fulfilled by a product whose document has ended, or has got other words since."""
    return Q(fulfilled_at__isnull=False) & (
        over_q(timezone.localdate(now), "policy__policy_record__")
        | Q(policy__text_mark__changed_at__gt=F("product__last_published_at"))
    )


def over_q(day: datetime.date, prefix: str = "") -> Q:
    """Documents that are repealed or have expired by a day."""
    return having(Validity.REPEALED, day, prefix) | having(Validity.EXPIRED, day, prefix)


def orphans(now: datetime.datetime | None = None) -> QuerySet[InterpretationLink]:
    """Public products whose document is not public, is over, or has got other words since."""
    now = now or timezone.now()
    lost = (
        Q(policy__live=False)
        | over_q(timezone.localdate(now), "policy__policy_record__")
        | Q(policy__text_mark__changed_at__gt=F("page__last_published_at"))
    )
    over = over_q(timezone.localdate(now), "policy__policy_record__")
    is_over = Case(When(over, then=True), default=False, output_field=models.BooleanField())
    links = InterpretationLink.objects.filter(lost, page__live=True).annotate(is_over=is_over)
    return links.select_related("page", "policy__policy_record").order_by("pk")


def visible_to(user: Any) -> QuerySet[Obligation]:
    """What an account sees on the board: the obligations of the sites that it works for."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    found = Obligation.objects.filter(lapsed_at=None)
    return found if sites is None else found.filter(site__in=sites)


def owed_by(user: Any) -> Any:
    """What an account's own unit still owes; without a unit, what its sites owe."""
    found = visible_to(user)
    if user.organisation_id:
        found = found.filter(unit=user.organisation_id)
    return with_states(found).filter(state__in=OPEN).order_by("due", "pk")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A department's line of the board: how many obligations in each state."""

    unit: int | None
    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def counts_by_unit(found: Any) -> list[UnitRow]:
    """Counts of obligations (from ``with_states``) by unit and state, in one query."""
    rows = (
        found.order_by()
        .values("unit", "unit__short_name", "unit__full_name", "state")
        .annotate(number=Count("pk"))
    )
    units: dict[int | None, UnitRow] = {}
    for row in rows:
        name = row["unit__short_name"] or row["unit__full_name"] or ""
        unit = units.setdefault(
            row["unit"], UnitRow(row["unit"], name, dict.fromkeys((s.value for s in SHOWN), 0))
        )
        if row["state"] in unit.counts:
            unit.counts[row["state"]] += row["number"]
    return sorted(units.values(), key=lambda unit: (unit.unit is None, unit.name, unit.unit or 0))
