"""Twenty documents and a moved clock: the exact board at five moments.

Monday, 2 March 2026, begins three weeks without holidays. All documents are published at ten that
day (but for one). By hand: "with the document" ends that night and is missing after three working
days (Thursday, 17:30); three working days end on Thursday at 17:30, and with two days of grace on
the Monday after; ten end on Monday, 16 March; five on Monday, 9 March.
"""

import datetime
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from wagtail.models import Page

from portal.core.models import Clock
from portal.core.outbox import run_consumers
from portal.policy_interpretation.demands import accepted_by
from portal.policy_interpretation.models import (
    AcceptedProduct,
    InterpretationPage,
    InterpretationSettings,
    Obligation,
    ObligationRule,
    PlanItem,
    PolicyPage,
    PolicyRelation,
    PolicyTheme,
)
from portal.policy_interpretation.obligation_follower import ObligationFollower
from portal.policy_interpretation.selectors.obligations import with_states
from portal.policy_interpretation.selectors.rules import conditions_of, rules_at
from portal.policy_interpretation.services import obligations as services
from tests.factories import UserFactory, World

from .factories import make_policy, make_product, republish

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime.datetime:
    """ "2 10:00" is ten o'clock on 2 March 2026."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime.datetime(2026, 3, int(day), int(hour), int(minute), tzinfo=ZONE)


MOMENTS = ("2 12:00", "3 09:00", "5 18:00", "10 09:00", "17 09:00")

# T: text with the document, P: picture or chart with the document (both of major policies);
# E: expert's text or interview within 3 days, 2 of grace (themes 03 and 04);
# Q0, Q1: questions and answers within 10 days (for whoever runs a business); V: a planned press conference.
#
# name, the document, what happens to it, and its part of the board at each moment.
MAJOR = {"is_major": True}
ECONOMY = {"theme": "0301"}
TEXT, PICTURE = ("text", "drafter"), ("picture", "drafter")
EXPERT = ("text", "expert")
PLAN = [(*TEXT, "with_document", None), (*PICTURE, "with_document", None)]
BUSINESS = {"audience": "就业,经营"}
POLICIES: list[tuple[str, dict[str, Any], list[tuple[str, str, Any]], list[str]]] = [
    ("planned, nothing made", MAJOR | {"plan": PLAN}, [],
     ["T due, P due", "T late, P late", "T missing, P missing", "T missing, P missing",
      "T missing, P missing"]),
    ("made on the day", MAJOR | {"plan": PLAN},
     [("2 11:00", "product", TEXT), ("2 15:00", "product", PICTURE)],
     ["T fulfilled, P due"] + ["T fulfilled, P fulfilled"] * 4),
    ("text two days later", MAJOR | {"plan": PLAN}, [("4 10:00", "product", TEXT)],
     ["T due, P due", "T late, P late"] + ["T fulfilled, P missing"] * 3),
    ("exempt", MAJOR | {"exempt": "只涉及内部分工。"}, [],
     ["T waived, P waived"] * 5),
    ("a chart for a picture", MAJOR | {"plan": [(*EXPERT, "with_document", None)]},
     [("3 12:00", "product", ("chart", "media")), ("3 13:00", "product", TEXT)],
     ["T due, P due", "T late, P late"] + ["T missing, P fulfilled"] * 3),
    ("economy, nothing made", ECONOMY, [],
     ["E due", "E due", "E late", "E missing", "E missing"]),
    ("economy, an expert in time", ECONOMY | {"theme": "04"}, [("4 10:00", "product", EXPERT)],
     ["E due", "E due"] + ["E fulfilled"] * 3),
    ("economy, an official's text does not count", ECONOMY,
     [("4 10:00", "product", TEXT), ("9 10:00", "product", ("interview", "leader"))],
     ["E due", "E due", "E late", "E fulfilled", "E fulfilled"]),
    ("another theme", {"theme": "0501"}, [], [""] * 5),
    ("waived", ECONOMY, [("4 10:00", "waive", "征求意见时已经解读。")],
     ["E due", "E due"] + ["E waived"] * 3),
    ("waived and owed again", ECONOMY,
     [("4 10:00", "waive", "误以为不需要。"), ("6 10:00", "owe_again", None)],
     ["E due", "E due", "E waived", "E missing", "E missing"]),
    ("two wanted, one late", BUSINESS,
     [("10 08:00", "product", ("questions", "drafter")),
      ("16 09:00", "product", ("questions", "expert"))],
     ["Q0 due, Q1 due"] * 3 + ["Q0 fulfilled, Q1 due", "Q0 fulfilled, Q1 fulfilled"]),
    ("two wanted, none made", BUSINESS, [],
     ["Q0 due, Q1 due"] * 4 + ["Q0 missing, Q1 missing"]),
    ("one product for two rules", MAJOR | ECONOMY | {"plan": [(*EXPERT, "with_document", None)]},
     [("2 11:00", "product", EXPERT)],
     ["T fulfilled, P due, E fulfilled", "T fulfilled, P late, E fulfilled"]
     + ["T fulfilled, P missing, E fulfilled"] * 3),
    ("changed after the product", ECONOMY,
     [("3 08:00", "product", EXPERT), ("4 10:00", "change", None), ("6 10:00", "renew", None)],
     ["E due", "E fulfilled", "E orphaned", "E fulfilled", "E fulfilled"]),
    ("repealed after the product", ECONOMY,
     [("3 08:00", "product", EXPERT), ("5 12:00", "repeal", None)],
     ["E due", "E fulfilled"] + ["E orphaned"] * 3),
    ("repealed before there was one", ECONOMY, [("5 12:00", "repeal", None)],
     ["E due", "E due", "", "", ""]),
    ("withdrawn and public again", ECONOMY,
     [("4 10:00", "withdraw", None), ("9 12:00", "publish", None)],
     ["E due", "E due", "", "E missing", "E missing"]),
    ("a product withdrawn", ECONOMY,
     [("3 08:00", "product", EXPERT), ("4 10:00", "withdraw_product", None)],
     ["E due", "E fulfilled", "E late", "E missing", "E missing"]),
    ("planned beyond the rules", {"plan": [("press_conference", "drafter", "within", 5)]},
     [("16 10:00", "product", ("press_conference", "drafter"))],
     ["V due", "V due", "V due", "V missing", "V fulfilled"]),
]  # fmt: skip


@pytest.fixture
def rules(world: World) -> dict[int, str]:
    """The rules of the table, and nothing else; primary key → letter."""
    InterpretationSettings.objects.create(site=world.site, follows_platform=False)

    def rule(*accepted: tuple[str, str], themes: tuple[str, ...] = (), **fields: Any) -> int:
        found = ObligationRule.objects.create(site=world.site, name="规则", **fields)
        found.themes.set(PolicyTheme.objects.filter(pk__in=themes))
        for form, kind in accepted:
            found.accepted.add(AcceptedProduct(form=form, author_kind=kind))
        found.save()
        return int(found.pk)

    return {
        rule(("text", ""), only_major=True, timing="with_document"): "T",
        rule(("picture", ""), ("chart", ""), only_major=True, timing="with_document"): "P",
        rule(EXPERT, ("interview", ""), themes=("03", "04"), grace_days=2): "E",
        rule(("questions", ""), audience="经营", count=2, working_days=10): "Q",
    }


class Story:
    """What happens to one document, at its moments."""

    def __init__(self, column: Page, name: str, fields: dict[str, Any], user: Any) -> None:
        self.column, self.name, self.user = column, name, user
        self.fields = dict(fields)
        self.product: InterpretationPage | None = None

    def begin(self) -> None:
        fields = self.fields
        plan = fields.pop("plan", [])
        exempt = fields.pop("exempt", "")
        if "theme" in fields:
            fields["theme"] = PolicyTheme.objects.get(pk=fields["theme"])
        self.page: PolicyPage = make_policy(
            self.column, title=self.name, live=False, plan_exemption=exempt, **fields
        )
        self.page.plan_items = [
            PlanItem(form=form, author_kind=kind, timing=timing, working_days=days)
            for form, kind, timing, days in plan
        ]
        republish(self.page)

    def do(self, what: str, argument: Any) -> None:
        getattr(self, what)(argument)

    def make(self, kind: tuple[str, str]) -> None:
        self.product = make_product(
            self.column, self.page, title=f"{self.name} 解读", form=kind[0], author_kind=kind[1]
        )

    def waive(self, reason: str) -> None:
        services.waive(obligation=self.page.obligations.get(), reason=reason, by=self.user)

    def owe_again(self, _argument: None) -> None:
        services.owe_again(obligation=self.page.obligations.get(), by=self.user)

    def change(self, _argument: None) -> None:
        raw = [dict(self.page.body.raw_data[0])]
        raw[0]["value"] = raw[0]["value"] | {"text": "为了方便市民，制定本办法。"}
        self.page.body = raw
        republish(self.page)

    def renew(self, _argument: None) -> None:
        assert self.product is not None
        self.product.save_revision().publish()

    def repeal(self, _argument: None) -> None:
        page = make_policy(
            self.column, title=f"{self.name} 废止", live=False, effective_on=datetime.date(2026, 3, 5),
            issued_on=datetime.date(2026, 3, 5),
        )  # fmt: skip
        page.relations = [PolicyRelation(kind="repeals", target=self.page)]
        republish(page)

    def withdraw(self, _argument: None) -> None:
        self.page.unpublish()
        self.page.refresh_from_db()

    def withdraw_product(self, _argument: None) -> None:
        assert self.product is not None
        self.product.unpublish()

    def publish(self, _argument: None) -> None:
        republish(self.page)


def board(letters: dict[int, str]) -> dict[str, str]:
    """Document → its line of the board, as the table writes it."""
    found: dict[str, list[str]] = {}
    for row in with_states(Obligation.objects.filter(lapsed_at=None)).order_by("pk"):
        if row.rule_id is None:
            name = "V"
        else:
            name = letters[row.rule_id]
            name += row.key.rpartition(":")[2] if name == "Q" else ""
        found.setdefault(row.policy.title, []).append(f"{name} {row.state}")
    return {title: ", ".join(parts) for title, parts in found.items()}


def test_the_exact_board_of_twenty_documents(
    world: World, rules: dict[int, str], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    assert len(POLICIES) == 20
    user = UserFactory(superuser=True)
    stories = {
        name: Story(world.column, name, fields, user) for name, fields, _events, _states in POLICIES
    }
    happenings = [(at("2 10:00"), story.begin, ()) for story in stories.values()]
    for name, _fields, events, _states in POLICIES:
        for moment, what, argument in events:
            action = "make" if what == "product" else what
            happenings.append((at(moment), stories[name].do, (action, argument)))
    happenings.sort(key=lambda happening: happening[0])
    for number, text in enumerate(MOMENTS):
        moment = at(text)
        while happenings and happenings[0][0] <= moment:
            when, call, arguments = happenings.pop(0)
            with time_machine.travel(when, tick=False):
                call(*arguments)
                [report] = run_consumers([ObligationFollower()])
                assert not report.error
        with time_machine.travel(moment, tick=False):
            expected = {row[0]: row[3][number] for row in POLICIES if row[3][number]}
            assert board(rules) == expected, text
            # A clock runs exactly for what is owed still, and says when.
            open_states = ("due", "late", "missing")
            owed = with_states().filter(lapsed_at=None, state__in=open_states)
            running = Clock.objects.filter(state=Clock.State.RUNNING)
            assert {row.clock_id for row in owed} == {clock.pk for clock in running}
            # At night nothing is left to do.
            services.recompute_site(world.site.pk)
            assert board(rules) == expected, text


def test_rules_read_at_once_say_the_same_as_one_by_one(world: World) -> None:
    rule = ObligationRule(name="两种", site=None)
    rule.accepted = [
        AcceptedProduct(form=form, author_kind=kind, sort_order=place)
        for place, (form, kind) in enumerate([("video", ""), ("", "expert"), ("audio", "leader")])
    ]
    rule.themes = list(PolicyTheme.objects.filter(parent=None)[:2])
    rule.save()
    read = next(found for found in rules_at(world.hubin.pk) if found.pk == rule.pk)
    plain = ObligationRule.objects.get(pk=rule.pk)
    assert accepted_by(read) == accepted_by(plain) == [
        ["video", ""], ["", "expert"], ["audio", "leader"],
    ]  # fmt: skip
    assert conditions_of(read) == conditions_of(plain)
    InterpretationSettings.objects.create(site=world.hubin, follows_platform=False)
    assert rules_at(world.hubin.pk) == []
