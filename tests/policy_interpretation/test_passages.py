"""Passages for a question: clauses in force that are about it, and nothing else."""

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
import time_machine
from wagtail.models import Page, PageViewRestriction

from portal.plugin_api import Passage, capability, passages
from portal.policy_interpretation.models import PolicyAmendment, PolicyRelation
from portal.policy_interpretation.models.documents import midnight
from portal.testing import disable_plugin
from tests.factories import World

from .factories import clause, ids_of, make_policy, republish

pytestmark = pytest.mark.django_db
DAY = datetime.date
LIFTS = [
    clause("第一章", "总则", level="chapter"),
    clause("第一条", "为了规范既有住宅加装电梯，制定本办法。"),
    clause("第二章", "补助", level="chapter"),
    clause("第六条", "加装电梯的，每台补助二十万元："),
    clause("（一）", "六层以上的住宅；", level="item"),
    clause("（二）", "老年人较多的住宅。", level="item"),
    clause("第七条", "业主向街道办事处提出申请。"),
]


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


def ask(
    text: str, *, site: int | None = None, language: str = "zh-hans", **options: Any
) -> Sequence[Passage]:
    provider = capability(passages, None)
    assert provider is not None
    return provider.passages(text, site=site, language=language, **options)


@pytest.fixture
def lifts(column: Page) -> Any:
    make_policy(column, title="云湖市公共自行车管理办法")
    return make_policy(column, title="云湖市既有住宅加装电梯办法", body=LIFTS)


@pytest.mark.parametrize(
    "text", ["加装电梯能补助多少钱？", "加裝電梯補助", "请问我家住宅要加装电梯，补助是多少啊"]
)
def test_the_clause_that_it_is_about(lifts: Any, text: str) -> None:
    best = ask(text)[0]
    assert best.label == "第六条"
    assert best.text.splitlines() == [
        "第六条 加装电梯的，每台补助二十万元：", "（一） 六层以上的住宅；", "（二） 老年人较多的住宅。",
    ]  # fmt: skip
    assert (best.kind, best.title, best.standing) == ("policy", lifts.title, "in_force")
    short = ids_of(lifts)[3].replace("-", "")[:10]
    assert (best.key, best.url) == (
        f"page:{lifts.pk}#c-{short}", f"/policies/c/{lifts.pk}-{short}/",
    )  # fmt: skip
    assert best.valid_from == midnight(DAY(2026, 6, 1))
    assert 0.5 <= best.score <= 1


@pytest.mark.parametrize(
    "text", ["今天天气怎么样", "你好", "", "？", "能不能办", "x" * 9999, "\x00"]
)
def test_nothing_rather_than_what_does_not_fit(lifts: Any, text: str) -> None:
    assert list(ask(text)) == []


def test_found_by_the_text_where_the_title_says_nothing(column: Page) -> None:
    make_policy(column, title="若干措施", body=LIFTS)
    assert ask("加装电梯补助")[0].label == "第六条"


def test_only_what_is_in_force_at_the_moment(column: Page) -> None:
    old = make_policy(column, title="加装电梯旧办法", body=LIFTS, effective_on=DAY(2026, 6, 1))
    new = make_policy(column, title="通知", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="repeals", target=old)]
    republish(new)
    make_policy(column, title="加装电梯将来办法", body=LIFTS, effective_on=DAY(2027, 1, 1))
    make_policy(column, title="加装电梯到期办法", body=LIFTS, valid_through=DAY(2026, 9, 30))
    assert list(ask("加装电梯补助")) == []
    [then, *_rest] = ask("加装电梯补助", at=midnight(DAY(2026, 7, 1)), count=10)
    assert then.title in ("加装电梯旧办法", "加装电梯到期办法")
    titles = {found.title for found in ask("加装电梯补助", at=midnight(DAY(2027, 2, 1)))}
    assert titles == {"加装电梯将来办法"}


def test_the_text_of_that_day(lifts: Any) -> None:
    ids = ids_of(lifts)
    lifts.body = [
        clause("第六条", "加装电梯的，每台补助三十万元。", id=ids[3]),
        clause("第七条", "加装电梯，业主向街道申请。", id=ids[6], invalid_from="2026-09-15"),
    ]
    lifts.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(lifts)
    [now] = ask("加装电梯补助")
    assert (now.text, now.standing) == ("第六条 加装电梯的，每台补助三十万元。", "amended")
    before = ask("加装电梯补助", at=midnight(DAY(2026, 8, 1)))
    assert "二十万元" in before[0].text
    ended = [found for found in ask("街道申请加装电梯") if found.label == "第七条"]
    assert ended == []


def test_nothing_that_is_not_public(column: Page) -> None:
    make_policy(column, title="加装电梯草案", body=LIFTS, live=False)
    private = make_policy(column, title="加装电梯内部办法", body=LIFTS)
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert list(ask("加装电梯补助")) == []


def test_of_the_site_and_of_the_main_one(world: World) -> None:
    make_policy(world.column, title="市加装电梯办法", body=LIFTS)
    make_policy(world.hubin_column, title="湖滨加装电梯办法", body=LIFTS)
    make_policy(world.gaoxin_column, title="高新加装电梯办法", body=LIFTS)

    def titles(site: int | None) -> set[str]:
        return {found.title[:1] for found in ask("加装电梯补助", site=site, count=9)}

    assert titles(world.hubin.pk) == {"市", "湖"}
    assert titles(None) == {"市", "湖", "高"}
    assert list(ask("加装电梯补助", language="en")) == []
    assert titles(None) == {f.title[:1] for f in ask("加装电梯补助", language="zh-hant", count=9)}


def test_what_it_costs(lifts: Any, column: Page, django_assert_max_num_queries: Any) -> None:
    for number in range(4):
        make_policy(column, title=f"加装电梯办法{number}", body=LIFTS)
    republish(lifts)
    # Search is asked first; without it the documents answer by themselves.
    with disable_plugin("search"):
        ask("加装电梯补助")
        with django_assert_max_num_queries(6):
            assert len(ask("加装电梯补助", count=5)) == 5
