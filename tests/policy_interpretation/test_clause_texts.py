"""Clauses for other plugins: as of a moment, by name, chosen in their forms."""

import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django import forms
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.plugin_api import (
    CitedClauses,
    ClauseIdsFormField,
    ClauseText,
    Standing,
    capability,
    clauses,
)
from portal.policy_interpretation.models import PolicyAmendment, PolicyPage, PolicyRelation
from portal.policy_interpretation.models.documents import midnight

from .factories import clause, ids_of, make_policy, republish

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


def moment(year: int, month: int, day: int) -> datetime.datetime:
    found = midnight(DAY(year, month, day))
    assert found is not None
    return found


def read(page: Any, *ids: str, at: datetime.datetime | None = None) -> list[ClauseText]:
    provider = capability(clauses, None)
    assert provider is not None
    return list(provider.read([CitedClauses(page.pk, ids)], at=at))


def find(page: Any, words: str) -> str:
    provider = capability(clauses, None)
    assert provider is not None
    return provider.find(document=page.pk, words=words)


@pytest.fixture
def amended(column: Page) -> PolicyPage:
    """第二条 reads otherwise since 1 September; 第三条 came then, （一） went."""
    page = make_policy(
        column,
        body=[
            clause("第一条", "目的。"),
            clause("第二条", "补助三百元："),
            clause("（一）", "老年人；", level="item"),
            clause("（二）", "学生。", level="item"),
        ],
    )
    one, two, _first, second = ids = ids_of(page)
    page.body = [
        clause("第一条", "目的。", id=one),
        clause("第二条", "补助五百元：", id=two),
        clause("（一）", "学生。", id=second, level="item"),
        clause("第三条", "向街道申请。", id="new-clause-0001"),
    ]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    page.old_ids = ids
    return page


def test_a_clause_as_it_reads_now_and_then(amended: Any) -> None:
    two = amended.old_ids[1]
    [now] = read(amended, two)
    assert (now.label, now.text) == ("第二条", "第二条 补助五百元：\n（一） 学生。")
    assert (now.clause, now.title, now.standing) == (two, amended.title, Standing.AMENDED)
    assert (now.valid_from, now.valid_until) == (moment(2026, 6, 1), None)
    assert now.since == moment(2026, 9, 1)
    assert now.url == f"/policies/c/{amended.pk}-{two.replace('-', '')[:10]}/"
    [then] = read(amended, two, at=moment(2026, 8, 31))
    assert then.text.startswith("第二条 补助三百元")
    assert (then.standing, then.since) == (Standing.IN_FORCE, None)
    assert (then.valid_from, then.valid_until) == (now.valid_from, now.valid_until)


def test_a_clause_that_went_keeps_its_last_words(amended: Any) -> None:
    [gone] = read(amended, amended.old_ids[2])
    assert (gone.label, gone.text) == ("第二条（一）", "（一） 老年人；")
    assert (gone.standing, gone.valid_until) == (Standing.EXPIRED, moment(2026, 9, 1))
    assert not gone.is_in_force(timezone.now())
    assert gone.is_in_force(moment(2026, 8, 31))


def test_a_clause_that_came_was_not_there_before(amended: Any) -> None:
    [early] = read(amended, "new-clause-0001", at=moment(2026, 7, 1))
    assert (early.standing, early.valid_from) == (Standing.NOT_YET_EFFECTIVE, moment(2026, 9, 1))
    assert read(amended, "new-clause-0001")[0].is_in_force(timezone.now())


def test_the_document_as_a_whole(amended: Any) -> None:
    [whole] = read(amended, at=moment(2026, 7, 1))
    assert (whole.clause, whole.label, whole.url) == ("", "", urlsplit(amended.get_url()).path)
    assert whole.text.splitlines()[0] == "第一条 目的。"
    assert len(whole.text.splitlines()) == 4


def test_what_was_repealed_says_so(column: Page) -> None:
    old = make_policy(column, title="旧办法")
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="repeals", target=old)]
    republish(new)
    [text] = read(old, *ids_of(old))
    assert (text.standing, text.valid_until) == (Standing.REPEALED, moment(2026, 8, 1))


def test_what_is_not_public_is_left_out(column: Page) -> None:
    draft = make_policy(column, title="草案", live=False)
    private = make_policy(column, title="内部")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    public = make_policy(column)
    assert read(draft) == []
    assert read(private) == []
    assert find(private, "第一条") == ""
    assert read(public, "no-such-clause") == []
    assert read(column) == []


def test_queries_do_not_grow(
    amended: Any, column: Page, django_assert_max_num_queries: Any
) -> None:
    pages = [make_policy(column, title=f"办法{number}") for number in range(3)]
    cites = [CitedClauses(page.pk, tuple(ids_of(page))) for page in (*pages, amended)]
    provider = capability(clauses, None)
    assert provider is not None
    provider.read(cites)  # the structure is read once
    with django_assert_max_num_queries(5):
        assert len(provider.read(cites)) == 7


def test_by_what_people_call_it(column: Page) -> None:
    page = make_policy(
        column,
        body=[
            clause("第一章", "总则", level="chapter"),
            clause("第十二条", "有下列情形之一的，予以补助："),
            clause("（一）", "老年人；", level="item"),
            clause("（三）", "学生。", level="item"),
            clause("", "学生须在籍。", level="paragraph"),
            clause("第十二条之一", "另有规定的，从其规定。"),
            clause("第十三条", "施行。"),
        ],
    )
    chapter, twelve, _one, three, second, sub, thirteen = ids_of(page)
    for words, wanted in {
        "第一章": chapter,
        "第十二条": twelve,
        "第12条": twelve,
        "十二条": twelve,
        "12": twelve,
        "第 十二 条第一款": twelve,
        "第十二条（三）": three,
        "第十二条第三项": three,
        "第十二条第（三）项": three,
        "第十二条第一款第（三）项": three,
        "第十二條第二款": second,
        "第十二条之一": sub,
        "第十三条第一款": thirteen,
        "第十三条第二款": "",
        "第四十条": "",
        "附则": "",
        "": "",
    }.items():
        assert find(page, words) == wanted, words


def test_headings_are_found_and_what_is_said_twice_is_not(column: Page) -> None:
    page = make_policy(
        column,
        body=[
            clause("一、", "目标", level="heading1"),
            clause("（一）", "补助。", level="heading2"),
            clause("二、", "步骤", level="heading1"),
            clause("（一）", "申请。", level="heading2"),
            clause("附件1", "甲办法", level="part"),
            clause("第一条", "甲。"),
            clause("附件2", "乙办法", level="part"),
            clause("第一条", "乙。"),
        ],
    )
    ids = ids_of(page)
    assert find(page, "二、（一）") == ids[3]
    assert find(page, "一、") == ids[0]
    assert find(page, "第二部分") == ids[2]
    assert find(page, "第一条") == ""


def test_a_form_of_another_plugin_shows_the_choice(db: None) -> None:
    class Form(forms.Form):
        clauses = ClauseIdsFormField(document="target")

    form = Form({"sources-0-clauses": '["a", "b", "a"]'}, prefix="sources-0")
    text = str(form)
    assert 'data-clause-ids="target"' in text
    assert "data-clause-list" in text
    assert "clauses.js" in str(form.media)
    assert form.is_valid()
    assert form.cleaned_data["clauses"] == ["a", "b"]
    assert not Form({"clauses": '"x"'}).is_valid()
