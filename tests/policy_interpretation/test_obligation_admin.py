"""The screens of obligations: who may see, waive, begin, set rules; what they show and export."""

import csv
import datetime
import io
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core.gate import problems_of
from portal.core.outbox import run_consumers
from portal.policy_interpretation.models import (
    AcceptedProduct,
    InterpretationPage,
    InterpretationSettings,
    IssuingBody,
    Obligation,
    ObligationRule,
    PlanItem,
    PolicyPage,
    PolicyTheme,
)
from portal.policy_interpretation.obligation_follower import ObligationFollower
from portal.policy_interpretation.selectors.figures import figures, share
from portal.policy_interpretation.selectors.obligations import owed_by
from portal.policy_interpretation.selectors.rules import (
    Conditions,
    conditions_of,
    documents_under,
    facts_of,
    holds,
)
from tests.factories import OrganisationFactory, World, member

from .factories import make_policy, make_product

pytestmark = pytest.mark.django_db

# The admin sends who may not back to its first page.
REFUSED = (302, 403)


def follow() -> None:
    [report] = run_consumers([ObligationFollower()])
    assert not report.error


def rule_at(world: World, *accepted: tuple[str, str], **fields: Any) -> ObligationRule:
    rule = ObligationRule(site=world.site, **{"name": "规则", **fields})
    rule.accepted = [
        AcceptedProduct(form=form, author_kind=kind) for form, kind in accepted or [("text", "")]
    ]
    rule.save()
    InterpretationSettings.objects.update_or_create(
        site=world.site, defaults={"follows_platform": False}
    )
    return rule


@pytest.fixture
def owed(provisioned_world: World) -> Obligation:
    """A document of the portal that owes a text."""
    rule_at(provisioned_world)
    make_policy(provisioned_world.column)
    follow()
    return Obligation.objects.get()


# --- rules ----------------------------------------------------------------------------------------
CONDITIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"major", "economy", "business", "order"}),
    ({"only_major": True}, {"major"}),
    ({"genres": frozenset({"命令"})}, {"order"}),
    ({"levels": frozenset({"national"})}, {"order"}),
    ({"themes": frozenset({"03"})}, {"economy"}),
    ({"themes": frozenset({"0302"})}, set()),
    ({"audience": frozenset({"经营"})}, {"business"}),
    ({"only_major": True, "themes": frozenset({"03"})}, set()),
    ({"only_major": True, "themes": frozenset({"03"}), "any_of_them": True}, {"major", "economy"}),
    ({"any_of_them": True}, {"major", "economy", "business", "order"}),
    ({"applies_from": datetime.date(2026, 3, 3)}, {"order"}),
]


def test_a_rule_says_the_same_of_a_page_as_of_the_library(world: World) -> None:
    unit = OrganisationFactory(full_name="云湖市财政局")
    documents: dict[str, dict[str, Any]] = {
        "major": {"is_major": True},
        "economy": {"theme": PolicyTheme.objects.get(pk="0301")},
        "business": {"audience": "就业,经营"},
    }
    with time_machine.travel("2026-03-02 10:00+08:00"):
        for name, fields in documents.items():
            make_policy(world.column, title=name, **fields)
    with time_machine.travel("2026-03-03 10:00+08:00"):
        order = make_policy(world.column, title="order", genre="命令", level="national")
        order.issuing_bodies = [IssuingBody(organisation=unit)]
        order.save()
    pages = list(PolicyPage.objects.all())
    cases = [*CONDITIONS, ({"units": frozenset({unit.pk})}, {"order"})]
    for values, expected in cases:
        conditions = Conditions(**values)
        assert {page.title for page in pages if holds(conditions, facts_of(page))} == expected
        found = documents_under(conditions, world.site.pk)
        assert set(found.values_list("title", flat=True)) == expected
        assert not documents_under(conditions, world.hubin.pk).exists()


def test_the_platform_brings_rules_for_major_policies_and_livelihood() -> None:
    major, picture, experts = ObligationRule.objects.filter(site=None)
    assert major.only_major
    assert picture.only_major
    assert {(row.form, row.author_kind) for row in experts.accepted.all()} == {
        ("text", "expert"), ("text", "institute"), ("interview", ""),
    }  # fmt: skip
    assert "15" in conditions_of(experts).themes
    assert all(rule.applies_from for rule in (major, picture, experts))


RULE_FORM = {
    "name": "新规则", "is_active": "on", "match": "all", "count": "1", "timing": "within",
    "grace_days": "0", "accepted-TOTAL_FORMS": "1", "accepted-INITIAL_FORMS": "0",
    "accepted-MIN_NUM_FORMS": "0", "accepted-MAX_NUM_FORMS": "1000", "accepted-0-form": "text",
    "accepted-0-ORDER": "1", "genres": ["通知", "意见"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "stored"),
    [("site_admin", True), ("editor", False), ("releaser", False), ("auditor", False)],
)
def test_who_sets_rules(client: Client, provisioned_world: World, role: str, stored: bool) -> None:
    client.force_login(member(role, provisioned_world.site))
    data = RULE_FORM | {"site": str(provisioned_world.site.pk)}
    client.post("/admin/policy-rules/new/", data)
    rule = ObligationRule.objects.filter(name="新规则").first()
    assert (rule is not None) == stored
    if rule is not None:
        assert rule.genres == "通知,意见"
        assert [row.form for row in rule.accepted.all()] == ["text"]


def test_no_rules_for_other_sites_or_the_platform(client: Client, provisioned_world: World) -> None:
    client.force_login(member("site_admin", provisioned_world.hubin))
    for site in ("", str(provisioned_world.site.pk)):
        client.post("/admin/policy-rules/new/", RULE_FORM | {"site": site})
    assert not ObligationRule.objects.filter(name="新规则").exists()
    platform = ObligationRule.objects.filter(site=None).first()
    assert platform is not None
    edit = client.get(f"/admin/policy-rules/edit/{platform.pk}/")
    assert edit.status_code in REFUSED


def test_the_form_counts_documents(client: Client, provisioned_world: World) -> None:
    make_policy(provisioned_world.column, is_major=True)
    make_policy(provisioned_world.column, title="另一份")
    site = str(provisioned_world.site.pk)
    url = reverse("policy_rule_count")
    client.force_login(member("site_admin", provisioned_world.site))
    assert client.post(url, {"site": site}).json()["count"] == 2
    assert client.post(url, {"site": site, "only_major": "on"}).json()["count"] == 1
    for bad in ({"site": site, "units": "x", "applies_from": "soon"}, {"site": site, "match": "?"}):
        assert client.post(url, bad).json()["count"] == 2
    assert client.post(url, {"site": str(provisioned_world.hubin.pk)}).status_code in REFUSED
    client.force_login(member("editor", provisioned_world.site))
    assert client.post(url, {"site": site}).status_code in REFUSED


def test_a_rule_that_is_changed_reaches_public_documents(
    client: Client, provisioned_world: World, django_capture_on_commit_callbacks: Any
) -> None:
    rule_at(provisioned_world, is_active=False)
    make_policy(provisioned_world.column)
    client.force_login(member("site_admin", provisioned_world.site))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            "/admin/policy-rules/new/", RULE_FORM | {"site": str(provisioned_world.site.pk)}
        )
    assert Obligation.objects.get().accepted == [["text", ""]]


# --- the plan -------------------------------------------------------------------------------------
def test_a_major_policy_needs_a_plan_or_a_reason(world: World) -> None:
    page = make_policy(world.column, live=False, is_major=True)
    [problem] = [p for p in problems_of(page) if p.code == "plan"]
    assert (problem.blocking, problem.field) == (True, "plan_exemption")
    page.plan_exemption = "只涉及内部分工。"
    assert not [p for p in problems_of(page) if p.code == "plan"]
    page.plan_exemption = " "
    page.plan_items = [PlanItem(form="text")]
    assert not [p for p in problems_of(page) if p.code == "plan"]
    page.is_major, page.plan_items = False, []
    assert not [p for p in problems_of(page) if p.code == "plan"]


@pytest.mark.parametrize("unready", ["warn", "block"])
def test_the_release_says_what_is_not_ready(world: World, unready: str) -> None:
    rule_at(world, ("picture", ""), timing="with_document")
    InterpretationSettings.objects.update(unready=unready)
    page = make_policy(world.column, live=False)
    [problem] = [p for p in problems_of(page) if p.code == "unready"]
    assert problem.blocking == (unready == "block")
    make_product(world.column, page, live=False, form="text")
    unfinished = make_product(world.column, page, live=False, form="picture", source="")
    assert [p for p in problems_of(page) if p.code == "unready"]
    unfinished.source = "云湖市人民政府办公室"
    unfinished.save_revision()
    assert not [p for p in problems_of(page) if p.code == "unready"]


# --- the board ------------------------------------------------------------------------------------
def test_the_board_shows_own_sites_only(
    client: Client, owed: Obligation, provisioned_world: World
) -> None:
    url = reverse("policy_obligations")
    client.force_login(member("editor", provisioned_world.site))
    assert owed.policy.title in client.get(url).content.decode()
    client.force_login(member("editor", provisioned_world.hubin))
    assert owed.policy.title not in client.get(url).content.decode()
    assert client.get(reverse("policy_obligation", args=[owed.pk])).status_code in REFUSED
    client.force_login(member("translator", provisioned_world.site))
    assert client.get(url).status_code in REFUSED
    assert client.get(reverse("policy_figures")).status_code in REFUSED


def test_the_board_is_filtered_counted_and_exported(
    client: Client, owed: Obligation, provisioned_world: World
) -> None:
    client.force_login(member("editor", provisioned_world.site))
    url = reverse("policy_obligations")
    response = client.get(url)
    [unit] = response.context["units"]
    assert unit.counts["due"] == 1 == unit.total
    [row] = response.context["object_list"]
    assert (row.coverage.total, row.coverage.covered) == (1, 0)
    assert f"{row.policy_id}/coverage/" in response.content.decode()
    month = f"{owed.published_at.astimezone():%Y-%m}"
    for query, shown in [
        ("state=due", 1), ("state=missing", 0), ("state=missing&state=due", 1),
        (f"month={month}", 1), ("theme=03", 0), (f"site={provisioned_world.site.pk}", 1),
    ]:  # fmt: skip
        assert len(client.get(f"{url}?{query}").context["object_list"]) == shown, query
    exported = b"".join(client.get(f"{url}?export=csv").streaming_content).decode()
    [row] = list(csv.DictReader(io.StringIO(exported)))
    assert owed.policy.title in row.values()
    assert client.get(f"{url}?export=xlsx").status_code == 200


def test_the_board_costs_the_same_for_many(
    client: Client, owed: Obligation, provisioned_world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        make_policy(provisioned_world.column, title=f"办法{number}")
    follow()
    client.force_login(member("editor", provisioned_world.site))
    client.get(reverse("policy_obligations"))
    with django_assert_max_num_queries(40):
        client.get(reverse("policy_obligations"))


def test_the_first_page_shows_what_my_unit_owes(owed: Obligation, provisioned_world: World) -> None:
    mine, other = OrganisationFactory(), OrganisationFactory()
    user = member("editor", provisioned_world.site, organisation=mine)
    assert not owed_by(user)
    Obligation.objects.update(unit=mine)
    assert [row.pk for row in owed_by(user)] == [owed.pk]
    assert not owed_by(member("editor", provisioned_world.site, organisation=other))
    assert not owed_by(member("editor", provisioned_world.hubin))


def test_one_begins_the_missing_product(
    client: Client, owed: Obligation, provisioned_world: World
) -> None:
    client.force_login(member("editor", provisioned_world.site))
    url = reverse("policy_obligation", args=[owed.pk])
    data = {
        "action": "begin", "parent": str(provisioned_world.column.pk), "form": "text",
        "author_kind": "expert",
    }  # fmt: skip
    foreign = client.post(url, data | {"parent": str(provisioned_world.hubin_column.pk)})
    assert foreign.status_code == 200
    assert not InterpretationPage.objects.exists()
    response = client.post(url, data)
    product = InterpretationPage.objects.get()
    assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[product.pk])
    assert (product.form, product.author_kind, product.live) == ("text", "expert", False)
    assert [link.policy_id for link in product.interprets.all()] == [owed.policy_id]
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("role", "may"),
    [("releaser", True), ("site_admin", True), ("editor", False), ("reviewer", False)],
)
def test_who_waives(
    client: Client, owed: Obligation, provisioned_world: World, role: str, may: bool
) -> None:
    client.force_login(member(role, provisioned_world.site))
    url = reverse("policy_obligation", args=[owed.pk])
    client.post(url, {"action": "waive", "reason": "  "})
    assert Obligation.objects.get().waived_at is None
    client.post(url, {"action": "waive", "reason": "已在公告中说明。"})
    row = Obligation.objects.get()
    assert (row.waived_at is not None, row.waiver_reason) == (
        may,
        "已在公告中说明。" if may else "",
    )
    assert row.clock is not None
    assert row.clock.is_open != may
    client.post(url, {"action": "owe_again"})
    row = Obligation.objects.get()
    assert row.waived_at is None
    assert row.clock is not None
    assert row.clock.is_open
    assert row.clock.started_at == row.published_at


def test_the_editor_shows_what_is_owed(
    client: Client, owed: Obligation, provisioned_world: World
) -> None:
    client.force_login(member("editor", provisioned_world.site))
    url = reverse("wagtailadmin_pages:edit", args=[owed.policy_id])
    with CaptureQueriesContext(connection) as queries:
        text = client.get(url).content.decode()
    ours = [row for row in queries.captured_queries if "obligation" in row["sql"]]
    assert len(ours) <= 2
    assert reverse("policy_obligation", args=[owed.pk]) in text
    add = reverse(
        "wagtailadmin_pages:add",
        args=["policy_interpretation", "policypage", provisioned_world.column.pk],
    )
    assert client.get(add).status_code == 200


def test_a_deleted_document_leaves_no_clock(owed: Obligation) -> None:
    clock = owed.clock
    assert clock is not None
    owed.policy.delete()
    follow()
    clock.refresh_from_db()
    assert not clock.is_open


# --- figures --------------------------------------------------------------------------------------
def test_figures_equal_a_hand_count(client: Client, provisioned_world: World) -> None:
    rule_at(provisioned_world, only_major=True, working_days=3)
    column = provisioned_world.column
    exempt = {"is_major": True, "plan_exemption": "无"}
    with time_machine.travel("2026-03-02 10:00+08:00", tick=False):
        in_time = make_policy(column, title="按时", is_major=True, live=False)
        late = make_policy(column, title="迟到", is_major=True, live=False)
        for page in (in_time, late):
            page.plan_items = [PlanItem(form="text", timing="within", working_days=3)]
            page.save_revision().publish()
        make_policy(column, title="免除", **exempt)
        make_policy(column, title="其他")
    with time_machine.travel("2026-03-02 16:00+08:00", tick=False):
        make_product(column, in_time)
    with time_machine.travel("2026-03-12 16:00+08:00", tick=False):
        make_product(column, late)
        make_product(column, late, form="interview", author_kind="leader")
        follow()
        found = figures(2026, [provisioned_world.site.pk])
    assert (found.documents, found.interpreted, found.owing, found.owing_interpreted) == (
        4,
        2,
        3,
        2,
    )
    assert (found.owed, found.on_time, found.leaders) == (2, 1, 1)
    assert found.mean_difference == datetime.timedelta(hours=(6 + 246) / 2)
    assert dict(found.forms)[str(InterpretationPage(form="text").get_form_display())] == 2
    assert share(found.on_time, found.owed) == 50.0
    assert figures(2026, [provisioned_world.hubin.pk]).documents == 0
    assert figures(2025, None).documents == 0
    client.force_login(member("editor", provisioned_world.site))
    with time_machine.travel("2026-03-12 17:00+08:00"):
        url = reverse("policy_figures")
        assert client.get(f"{url}?year=2026").status_code == 200
        rows = list(
            csv.reader(
                io.StringIO(client.get(f"{url}?export=documents").content.decode("utf-8-sig"))
            )
        )
        assert [[row[0], row[4]] for row in rows[1:]] == [
            ["按时", "6.0"], ["迟到", "246.0"], ["免除", ""], ["其他", ""],
        ]  # fmt: skip
        assert client.get(f"{url}?export=figures&year=x").status_code == 200
        assert client.get(f"{url}?site={provisioned_world.hubin.pk}").status_code in REFUSED
