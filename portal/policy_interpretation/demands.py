"""What a document owes, as rules and plan have it. Nothing is stored here."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.policy_interpretation.matching import accepts
from portal.policy_interpretation.models import ObligationRule, PlanItem, PolicyPage, Timing
from portal.policy_interpretation.models.obligations import accepted_text


@dataclass(slots=True)
class Demand:
    """A product that is owed, as rules and plan have it. ``group``: whom products are shared by."""

    key: str
    group: str
    accepted: list[list[str]]
    timing: str
    working_days: int | None
    grace_days: int = 0
    rule: ObligationRule | None = None
    unit_id: int | None = None
    person: str = ""
    is_planned: bool = False

    @property
    def product_text(self) -> str:
        return accepted_text(self.accepted)


def accepted_by(rule: ObligationRule) -> list[list[str]]:
    """(form, author kind) of what fulfils a rule; "" accepts any."""
    kept: str | None = getattr(rule, "accepted_kinds", "unread")  # as ``rules_at`` reads them
    if kept != "unread":
        rows = [row.split(":") for row in (kept or "").split(",") if row]
        return [kind for _place, *kind in sorted(rows, key=lambda row: int(row[0] or 0))]
    return [[row.form, row.author_kind] for row in rule.accepted.all()]


def demands_of(page: PolicyPage, rules: Iterable[ObligationRule]) -> list[Demand]:
    """Everything that a document owes: by each rule, made precise by the plan, and by the plan.

    A planned product counts for every rule that accepts it. The earlier date holds. Planned
    products that no rule asks for are owed as well: they were promised.
    """
    plan = list(page.plan_items.all())
    found: list[Demand] = []
    used: set[int] = set()
    for rule in rules:
        accepted = accepted_by(rule)
        fitting = [n for n, item in enumerate(plan) if accepts(accepted, *_kind(item))]
        for number in range(rule.count):
            demand = Demand(
                key=f"rule:{rule.pk}:{number}",
                group=f"rule:{rule.pk}",
                accepted=accepted,
                timing=rule.timing,
                working_days=rule.working_days,
                grace_days=rule.grace_days,
                rule=rule,
                unit_id=page.owner_unit_id,
            )
            if number < len(fitting):
                used.add(fitting[number])
                _narrow(demand, plan[fitting[number]])
            found.append(demand)
    numbers: dict[tuple[str, str], int] = {}
    for position, item in enumerate(plan):
        if position in used:
            continue
        kind = _kind(item)
        number = numbers[kind] = numbers.get(kind, -1) + 1
        found.append(
            Demand(
                key=f"plan:{kind[0]}:{kind[1]}:{number}",
                group="plan",
                accepted=[list(kind)],
                timing=item.timing,
                working_days=item.working_days,
                unit_id=item.unit_id or page.owner_unit_id,
                person=item.person,
                is_planned=True,
            )
        )
    return found


def _kind(item: PlanItem) -> tuple[str, str]:
    return item.form, item.author_kind


def _narrow(demand: Demand, item: PlanItem) -> None:
    demand.accepted = [list(_kind(item))]
    demand.unit_id = item.unit_id or demand.unit_id
    demand.person = item.person
    demand.is_planned = True
    if item.timing == Timing.WITH_DOCUMENT and demand.timing == Timing.WITHIN:
        demand.timing = Timing.WITH_DOCUMENT
    elif item.timing == demand.timing == Timing.WITHIN and item.working_days:
        demand.working_days = min(item.working_days, demand.working_days or item.working_days)
