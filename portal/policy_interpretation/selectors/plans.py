"""What a document owes before it is public: what the editor shows and the gate asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.plugin_api import Limit, PublishProblem, Unit, clocks, site_of_path
from portal.policy_interpretation.deadlines import CLOCK_KIND
from portal.policy_interpretation.demands import Demand, demands_of
from portal.policy_interpretation.matching import assign
from portal.policy_interpretation.models import (
    InterpretationPage,
    InterpretationSettings,
    Obligation,
    PolicyPage,
    Timing,
)
from portal.policy_interpretation.selectors.obligations import State, with_states
from portal.policy_interpretation.selectors.rules import rules_for, settings_of


@dataclass(frozen=True, slots=True)
class OwedLine:
    """A product that is owed: what, by which rule, by when, and how it stands (once public)."""

    product: str
    rule: str
    due: str
    is_planned: bool = False
    state: str = ""
    state_label: str = ""
    pk: int | None = None


def owed_lines(page: PolicyPage) -> list[OwedLine]:
    """What a document owes: its obligations where it has some, else what rules and plan say."""
    if page.pk:
        rows = with_states(Obligation.objects.filter(policy=page.pk, lapsed_at=None))
        found = [_stored_line(row) for row in rows.select_related("clock", "rule").order_by("pk")]
        if found:
            return found
    site_pk = site_of_path(page.path) if page.path else None
    if site_pk is None:
        return []
    demands = demands_of(page, rules_for(page, site_pk))
    if not demands:
        return []
    limit = clocks.limit(CLOCK_KIND, site_pk)
    return [
        OwedLine(
            product=demand.product_text,
            rule=demand.rule.name if demand.rule else "",
            due=_("on the day of the document")
            if demand.timing == Timing.WITH_DOCUMENT
            else clocks.limit_text(
                Limit(demand.working_days, Unit.WORKING_DAYS) if demand.working_days else limit
            ),
            is_planned=demand.is_planned,
        )
        for demand in demands
    ]


def _stored_line(row: Obligation) -> OwedLine:
    state = State(row.state)  # type: ignore[attr-defined]
    return OwedLine(
        product=row.product_text,
        rule=row.rule.name if row.rule else "",
        due=due_text(row),
        state=state.value,
        state_label=str(state.label),
        pk=row.pk,
    )


def due_text(row: Obligation) -> str:
    """The date of an obligation in words: that of its clock."""
    if row.timing == Timing.WITH_DOCUMENT and row.clock is not None:
        return _("with the document; at the latest %(date)s") % {
            "date": clocks.words(row.clock).date
        }
    if row.clock is not None:
        return str(clocks.words(row.clock).date)
    if row.timing == Timing.WITH_DOCUMENT:
        return _("with the document")
    return ""


def release_problems(page: PolicyPage, site_pk: int | None) -> list[PublishProblem]:
    """What is missing at the first release of a document.

    A major policy goes with its plan or with the reason why there is none (R-POL-02). Products
    that are due with the document are ready, or the release says which are not (R-POL-03).
    Corrections of what is public already are not held up.
    """
    if site_pk is None or page.first_published_at is not None or page.alias_of_id is not None:
        return []
    found = []
    plan = list(page.plan_items.all())
    if page.is_major and not plan and not page.plan_exemption.strip():
        found.append(
            PublishProblem(
                _(
                    "A major policy is released with its interpretation plan, or with the reason "
                    "why it needs none."
                ),
                "plan_exemption",
                code="plan",
            )
        )
    missing = unready(page, demands_of(page, rules_for(page, site_pk)))
    if missing:
        blocking = settings_of(site_pk).unready == InterpretationSettings.Unready.BLOCK
        found.append(
            PublishProblem(
                _("Due with the document and not ready yet: %(products)s.")
                % {"products": _(", ").join(missing)},
                None,
                blocking=blocking,
                code="unready",
            )
        )
    return found


def unready(page: PolicyPage, demands: Iterable[Demand]) -> list[str]:
    """The products that are due with a document and that nobody has finished, in words."""
    exempt = bool(page.plan_exemption.strip())
    wanted = [
        demand
        for demand in demands
        if demand.timing == Timing.WITH_DOCUMENT and (demand.is_planned or not exempt)
    ]
    if not wanted:
        return []
    ready = [product for product in _products_of(page) if _is_ready(product)]
    kinds = [(product.form, product.author_kind) for product in ready]
    missing = []
    for group in dict.fromkeys(demand.group for demand in wanted):
        members = [demand for demand in wanted if demand.group == group]
        chosen = assign([demand.accepted for demand in members], kinds)
        missing += [
            demand.product_text
            for demand, position in zip(members, chosen, strict=True)
            if position is None
        ]
    return list(dict.fromkeys(missing))


def _products_of(page: PolicyPage) -> list[InterpretationPage]:
    if not page.pk:
        return []
    found = InterpretationPage.objects.filter(interprets__policy=page.pk, alias_of=None)
    return list(found.distinct().order_by("pk"))


def _is_ready(product: InterpretationPage) -> bool:
    """Public, or a draft that could be published as it is."""
    if product.live:
        return True
    draft = product.get_latest_revision_as_object()
    return not draft.publish_problems(None)
