"""Obligations follow what is stored: read late, read twice, changed in between."""

import pytest

from portal.core.models import Clock
from portal.core.outbox import run_consumers
from portal.policy_interpretation.demands import demands_of
from portal.policy_interpretation.matching import assign
from portal.policy_interpretation.models import (
    AcceptedProduct,
    InterpretationSettings,
    Obligation,
    ObligationRule,
    PlanItem,
    PolicyPage,
)
from portal.policy_interpretation.obligation_follower import ObligationFollower
from portal.policy_interpretation.selectors.obligations import orphans, with_states
from portal.policy_interpretation.services.obligations import recompute
from tests.factories import OrganisationFactory, World

from .factories import clause, make_policy, make_product, republish

ANY, TEXT, PICTURE = [["", ""]], [["text", ""]], [["picture", ""]]


@pytest.mark.parametrize(
    ("demands", "products", "expected"),
    [
        ([], [("text", "expert")], []),
        ([TEXT], [], [None]),
        ([TEXT], [("picture", "expert"), ("text", "media")], [1]),
        ([TEXT, TEXT], [("text", "media")], [0, None]),
        # The first product is needed elsewhere: what accepts anything takes the other one.
        ([ANY, PICTURE], [("picture", "media"), ("text", "media")], [1, 0]),
        ([ANY, PICTURE], [("picture", "media")], [0, None]),
        ([[]], [("audio", "public")], [0]),
        ([[["text", "expert"], ["interview", ""]]], [("text", "media"), ("interview", "x")], [1]),
        # A third product is not needed.
        ([ANY], [("text", "media"), ("picture", "media")], [0]),
    ],
)
def test_as_many_demands_as_can_be_are_met(
    demands: list[list[list[str]]], products: list[tuple[str, str]], expected: list[int | None]
) -> None:
    assert assign(demands, products) == expected


@pytest.fixture
def rule(world: World) -> ObligationRule:
    InterpretationSettings.objects.create(site=world.site, follows_platform=False)
    rule = ObligationRule(site=world.site, name="规则")
    rule.accepted = [AcceptedProduct(form="text")]
    rule.save()
    return rule


@pytest.mark.django_db
def test_the_plan_makes_rules_precise_and_never_later(rule: ObligationRule) -> None:
    unit = OrganisationFactory()
    page = PolicyPage()
    rule.working_days = 5
    page.plan_items = [PlanItem(form="text", unit=unit, timing="within", working_days=9)]
    [demand] = demands_of(page, [rule])
    assert (demand.working_days, demand.unit_id, demand.accepted) == (
        5, unit.pk, [["text", "drafter"]],
    )  # fmt: skip
    page.plan_items = [PlanItem(form="text", timing="within", working_days=2)]
    assert demands_of(page, [rule])[0].working_days == 2
    page.plan_items = [PlanItem(form="text", timing="with_document")]
    assert demands_of(page, [rule])[0].timing == "with_document"
    rule.timing = "with_document"
    page.plan_items = [PlanItem(form="text", timing="within", working_days=2)]
    assert demands_of(page, [rule])[0].timing == "with_document"


@pytest.mark.django_db
def test_a_change_before_the_outbox_was_read_is_not_missed(
    world: World, rule: ObligationRule
) -> None:
    policy = make_policy(world.column, body=[clause("第一条", "一")])
    product = make_product(world.column, policy)
    policy.body = [clause("第一条", "壹", id=policy.body.raw_data[0]["id"])]
    republish(policy)
    run_consumers([ObligationFollower()])
    assert with_states().get().state == "orphaned"
    assert [link.page_id for link in orphans()] == [product.pk]
    republish(policy)
    product.save_revision().publish()
    run_consumers([ObligationFollower()])
    assert with_states().get().state == "fulfilled"
    assert not orphans()


@pytest.mark.django_db
def test_reading_twice_changes_nothing(world: World, rule: ObligationRule) -> None:
    policy = make_policy(world.column)
    for _again in range(3):
        recompute(policy_pk=policy.pk)
    row = Obligation.objects.get()
    assert Clock.objects.count() == 1
    assert row.clock is not None
    assert row.clock.entries.count() == 1


@pytest.mark.django_db
def test_a_rule_that_goes_takes_what_was_owed_with_it(world: World, rule: ObligationRule) -> None:
    policy = make_policy(world.column)
    recompute(policy_pk=policy.pk)
    rule.is_active = False
    rule.save()
    recompute(policy_pk=policy.pk)
    row = Obligation.objects.get()
    assert row.lapsed_at is not None
    assert not Clock.objects.exclude(state=Clock.State.STOPPED).exists()
    rule.is_active = True
    rule.save()
    recompute(policy_pk=policy.pk)
    row = Obligation.objects.get()
    assert row.lapsed_at is None
    assert row.clock is not None
    assert (row.clock.is_open, row.clock.started_at) == (True, row.published_at)
