"""The public page of a guide, its paper, and what stands beside it."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override
from wagtail.models import Page

from portal.core.models import CalendarDay, CalendarYear
from portal.services.models import GuideBasis, GuideMaterial, GuidePage, GuidePlace
from portal.services.selectors.basis import ended_problems, shown_basis
from portal.services.selectors.hours import hours_of
from portal.services.selectors.pages import body_context
from tests.factories import ArticleFactory, DocumentFactory, publish, text
from tests.policy_interpretation.factories import clause, ids_of, make_policy

from .factories import AFTERNOON, MORNING, make_guide, term

pytestmark = pytest.mark.django_db


def html_of(client: Client, guide: Page, query: str = "") -> str:
    answer = client.get(guide.specific.get_url() + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_guide_is_told_as_labelled_rows(column: Page, client: Client) -> None:
    guide = make_guide(
        column,
        is_charged=True,
        fee_standard="工本费20元",
        fee_basis="价费字12号",
        implementation_code="X-001",
        supervision="0999-10012345",
        promise="按时办结",
        online_level=term("online_level", "yici"),
        online_url="https://service.example/apply",
        terms=[term("person", "xinshimin")],
    )
    html = html_of(client, guide)
    for words in (
        "有合法稳定住所", "居民身份证", "5个工作日", "工本费20元", "价费字12号", "X-001",
        "按时办结", "最多跑一次", "新市民", "二楼12号窗口", "《居住证暂行条例》",
        'href="tel:+8699910000110"', "https://service.example/apply",
    ):  # fmt: skip
        assert words in html, words
    assert html.count('<th scope="row">') >= 12


def test_each_material_has_its_three_files(column: Page, client: Client) -> None:
    files = {
        name: DocumentFactory(title=name) for name in ("blank_form", "instruction_file", "sample")
    }
    guide = make_guide(column, materials=[GuideMaterial(name="申请表", copies=2, **files)])
    html = html_of(client, guide)
    assert all(file.url in html for file in files.values())


def test_the_paper_has_a_box_for_each_material(column: Page, client: Client) -> None:
    rows = [GuideMaterial(name=f"材料{number}") for number in range(3)]
    html = html_of(client, make_guide(column, materials=rows), "?print=1")
    assert html.count('class="guide-check__box"') == 3
    assert "云水路1号" in html


def test_a_guide_costs_no_more_than_an_article(
    column: Page, queries: Callable[[str], list[str]]
) -> None:
    policy = make_policy(column, body=[clause("第一条", "甲。"), clause("第二条", "乙。")])
    rows = [GuideMaterial(name=f"材料{n}", blank_form=DocumentFactory()) for n in range(8)]
    guide = make_guide(
        column,
        materials=rows,
        basis=[GuideBasis(target=policy, clauses=ids_of(policy))],
        terms=[term("person", "jumin")],
    )
    assert len(queries(guide.get_url())) <= 12


# --- basis ----------------------------------------------------------------------------------------
def test_the_basis_shows_the_clause_with_its_permalink(column: Page, client: Client) -> None:
    policy = make_policy(column, body=[clause("第一条", "居住半年可以申领。")])
    guide = make_guide(column, basis=[GuideBasis(target=policy, clauses=ids_of(policy))])
    html = html_of(client, guide)
    assert "居住半年可以申领。" in html
    assert f"/policies/{policy.pk}-" in html or ids_of(policy)[0][:8] in html
    assert guide.title in html_of(client, policy), "the document names the service"


def test_a_basis_that_ended_is_marked(column: Page, client: Client) -> None:
    policy = make_policy(column, valid_through=datetime.date(2026, 6, 30))
    with time_machine.travel("2026-06-15 04:00Z", tick=False):
        guide = make_guide(column, basis=[GuideBasis(target=policy)])
        assert "No longer in force" not in html_of(client, guide)
    with time_machine.travel("2026-07-02 04:00Z", tick=False), override("en"):
        assert [row.mark for row in shown_basis(guide)] == ["No longer in force"]
        assert [problem.blocking for problem in ended_problems(guide)] == [False]


def test_a_document_that_was_never_public_is_not_named(column: Page, client: Client) -> None:
    secret = make_policy(column, title="还没有公开的办法", live=False)
    rows = [GuideBasis(target=secret), GuideBasis(target=secret, label="某办法", excerpt="一句。")]
    guide = make_guide(column, basis=rows)
    html = html_of(client, guide)
    assert "还没有公开的办法" not in html
    assert "某办法" in html
    told = client.get(f"/api/v1/services/guides/{guide.pk}").json()["basis"]
    assert [(row["label"], row["page"]) for row in told] == [("某办法", None)]
    # Editors are told; what was public and was withdrawn is still named.
    assert "还没有公开的办法" in str(ended_problems(guide)[0].message)
    old = make_policy(column, title="已经撤下的办法")
    guide = make_guide(column, title="另一件事", basis=[GuideBasis(target=old)])
    old.unpublish()
    assert [row.title for row in shown_basis(guide)] == ["已经撤下的办法"]


# --- related --------------------------------------------------------------------------------------
def test_what_refers_to_the_guide_is_related(column: Page, client: Client) -> None:
    guide = make_guide(column)
    article = ArticleFactory(parent=column, title="居住证办理问答")
    link = f'<a linktype="page" id="{guide.pk}">指南</a>'
    publish(article, body=text(link))
    draft = ArticleFactory(parent=column, title="未发布的", draft=True)
    draft.body = text(link)
    draft.save()
    html = html_of(client, guide)
    assert "居住证办理问答" in html
    assert "未发布的" not in html


# --- opening hours --------------------------------------------------------------------------------
@pytest.fixture
def october(db: None) -> None:
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    CalendarYear.objects.create(year=2026, source="国办发明电〔2025〕7号")
    for day in range(1, 8):
        CalendarDay.objects.create(date=datetime.date(2026, 10, day), kind="holiday", name="国庆节")
    CalendarDay.objects.create(date=datetime.date(2026, 10, 10), kind="make_up", name="国庆节")


def place(**fields: Any) -> GuidePlace:
    values = {"name": "市民中心", "address": "云水路1号", "hours": [MORNING, AFTERNOON]}
    return GuidePlace(**values | fields)


def test_special_days_are_told_by_date(october: None) -> None:
    found = hours_of(place(), today=datetime.date(2026, 9, 28))
    assert len(found.special) == 2, "seven days in a row are one line"
    holidays, make_up = found.special
    assert "10月1日" in holidays.days
    assert "10月7日" in holidays.days
    assert "国庆节" in holidays.what
    assert "09:00–12:00" in make_up.what
    assert found.unknown_year is None


def test_a_place_beside_the_calendar_has_no_special_days(october: None) -> None:
    found = hours_of(place(follows_calendar=False), today=datetime.date(2026, 9, 28))
    assert (found.special, found.unknown_year) == ([], None)


def test_an_unknown_year_is_said(october: None) -> None:
    found = hours_of(place(), today=datetime.date(2026, 12, 20))
    assert found.unknown_year == 2027
    days = json.loads(found.sessions)
    assert {day["known"] for day in days if day["day"] >= "2027"} == {False}


def test_the_script_is_given_the_days_and_nothing_says_now(october: None) -> None:
    found = hours_of(place(), today=datetime.date(2026, 9, 30))
    days = {day["day"]: day for day in json.loads(found.sessions)}
    assert days["2026-09-30"]["open"] == [["09:00", "12:00"], ["13:30", "17:00"]]
    assert (days["2026-10-01"]["open"], days["2026-10-01"]["name"]) == ([], "国庆节")
    assert days["2026-10-10"]["open"][0] == ["09:00", "12:00"]


def test_the_page_of_the_morning_is_true_in_the_evening(
    october: None, column: Page, client: Client
) -> None:
    """Pages are kept: nothing but the script speaks of the moment."""
    guide = make_guide(column)
    path = guide.get_url()
    with time_machine.travel("2026-09-29 01:30Z", tick=False):
        morning = client.get(path).content
    with time_machine.travel("2026-09-29 13:30Z", tick=False):
        evening = client.get(path).content
    assert morning == evening


def test_a_changed_calendar_changes_the_page(october: None, column: Page, client: Client) -> None:
    guide = make_guide(column)
    with time_machine.travel("2026-09-29 01:30Z", tick=False):
        before = html_of(client, guide)
        CalendarDay.objects.create(date=datetime.date(2026, 9, 30), kind="holiday", name="停电检修")
        after = html_of(client, guide)
    assert "停电检修" not in before
    assert "停电检修" in after


# --- previews, languages --------------------------------------------------------------------------
def test_a_draft_is_shown_as_it_is(column: Page) -> None:
    guide = make_guide(column)
    guide.materials.add(GuideMaterial(name="新添的材料"))
    names = [material.row.name for material in body_context(guide)["materials"]]
    assert names == ["居民身份证", "新添的材料"]
    unsaved = GuidePage(title="新", materials=[GuideMaterial(name="甲")])
    assert [material.row.name for material in body_context(unsaved)["materials"]] == ["甲"]
