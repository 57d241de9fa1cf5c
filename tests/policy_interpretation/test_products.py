"""Products and their documents: links, explanations, what is told of validity, lists."""

import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page, PageViewRestriction

from portal.core.gate import PublishRefused
from portal.policy_interpretation.models import (
    ClauseExplanation,
    InterpretationLink,
    InterpretationPage,
    PolicyAmendment,
    PolicyPage,
    PolicyRelation,
)
from portal.policy_interpretation.selectors.products import (
    interpretation_ratio,
    product_context,
    products_of,
)
from portal.policy_interpretation.selectors.reading import coverage, explanations_on, reading
from tests.factories import World

from .factories import (
    clause,
    explanation,
    ids_of,
    make_policy,
    make_product,
    republish,
    republish_product,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
UTC = datetime.UTC


@pytest.fixture
def policy(column: Page) -> PolicyPage:
    return make_policy(
        column,
        body=[clause(f"第{number}条", f"第{number}条的文字。") for number in "一二三四"],
    )


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def rows_of(page: InterpretationPage) -> list[tuple[int, str, str]]:
    return list(page.explanations.values_list("policy_id", "clause", "text"))


# --- explanations follow what is public --------------------------------------------------------
def test_publishing_writes_and_withdrawing_takes_away(column: Page, policy: PolicyPage) -> None:
    first, second, *_rest = ids_of(policy)
    page = make_product(
        column, policy, live=False, plain_words=[explanation([first, second], "大白话")]
    )
    assert not ClauseExplanation.objects.exists()
    page.save_revision().publish()
    assert rows_of(page) == [
        (policy.pk, first, "<p>大白话</p>"), (policy.pk, second, "<p>大白话</p>"),
    ]  # fmt: skip
    page.refresh_from_db()
    page.unpublish()
    assert not ClauseExplanation.objects.exists()


def test_unpublishing_the_plain_page_takes_them_away_too(column: Page, policy: PolicyPage) -> None:
    """Expiry by the scheduler and bulk actions know the page without its type."""
    page = make_product(column, policy, plain_words=[explanation(ids_of(policy)[:1], "话")])
    Page.objects.get(pk=page.pk).unpublish()
    assert not ClauseExplanation.objects.exists()


def test_a_draft_of_a_public_product_changes_nothing(column: Page, policy: PolicyPage) -> None:
    first, *_rest = ids_of(policy)
    page = make_product(column, policy, plain_words=[explanation([first], "旧话")])
    page.plain_words = page.plain_words.stream_block.to_python([explanation([first], "新话")])
    page.save_revision()
    assert rows_of(page) == [(policy.pk, first, "<p>旧话</p>")]
    page.get_latest_revision().publish()
    assert rows_of(page) == [(policy.pk, first, "<p>新话</p>")]


def test_an_alias_contributes_nothing_of_its_own(
    world: World, column: Page, policy: PolicyPage
) -> None:
    page = make_product(column, policy, plain_words=[explanation(ids_of(policy)[:1], "话")])
    page.create_alias(parent=world.hubin_column)
    assert ClauseExplanation.objects.count() == 1
    assert [product.pk for product in products_of(policy.pk)] == [page.pk]


def test_a_document_chosen_in_another_column_is_the_same_document(
    world: World, column: Page, policy: PolicyPage
) -> None:
    alias = policy.create_alias(parent=world.hubin_column)
    link = InterpretationLink(policy=alias)
    link.clean()
    assert link.policy_id == policy.pk
    page = make_product(column, policy, plain_words=[explanation(ids_of(policy)[:1], "话", alias)])
    assert [row[0] for row in rows_of(page)] == [policy.pk]


def test_a_document_that_is_explained_cannot_be_deleted(column: Page, policy: PolicyPage) -> None:
    page = make_product(column, policy)
    with pytest.raises(ProtectedError):
        policy.delete()
    page.delete()
    policy.delete()
    assert not PolicyPage.objects.exists()


# --- what a product must have ------------------------------------------------------------------
# A body without anything but words.
_WORDS = [{"type": "paragraph", "value": "<p>一句话说清楚。</p>"}]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"form": "video"}, "nothing of the kind"),
        ({"form": "audio"}, "nothing of the kind"),
        ({"form": "animation"}, "nothing of the kind"),
        ({"form": "questions", "body": _WORDS}, "nothing of the kind"),
        ({"form": "chart", "body": _WORDS}, "nothing of the kind"),
        ({"form": "picture", "picture": []}, "there is none"),
        ({"body": []}, "needs content"),
        ({"author_kind": "leader", "author": ""}, "Say who explains"),
        ({"author_kind": "expert", "author": ""}, "Say who explains"),
        ({"source": " "}, "names its source"),
    ],
)
def test_what_is_refused(
    column: Page, policy: PolicyPage, fields: dict[str, Any], words: str
) -> None:
    from django.utils.translation import override

    page = make_product(column, policy, live=False, **fields)
    with override("en"), pytest.raises(PublishRefused) as refused:
        page.save_revision().publish()
    assert words in " ".join(map(str, refused.value.messages))
    assert not InterpretationPage.objects.get(pk=page.pk).live


def test_a_product_without_a_document_is_refused(column: Page) -> None:
    with pytest.raises(PublishRefused):
        make_product(column)


# --- links in both directions ------------------------------------------------------------------
def test_only_public_products_are_beside_a_document(
    world: World, column: Page, policy: PolicyPage
) -> None:
    shown = make_product(column, policy, title="公开的")
    make_product(column, policy, title="草稿", live=False)
    hidden = make_product(world.hubin_column, policy, title="内部的")
    PageViewRestriction.objects.create(
        page=hidden.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    products_of(policy.pk)  # reads the structure, which has changed
    with CaptureQueriesContext(connection) as queries:
        found = products_of(policy.pk)
    assert [(p.title, p.url, p.form_label) for p in found] == [
        ("公开的", path_of(shown), str(shown.get_form_display())),
    ]  # fmt: skip
    # The one query, and the look whether the structure has changed.
    assert len([q for q in queries if "interpretationlink" in q["sql"]]) == 1
    assert len(queries) <= 2


def test_products_as_of_a_day(column: Page, policy: PolicyPage) -> None:
    with time_machine.travel(datetime.datetime(2026, 7, 1, 2, tzinfo=UTC)):
        early = make_product(column, policy, title="第一版标题")
    with time_machine.travel(datetime.datetime(2026, 8, 1, 2, tzinfo=UTC)):
        early = republish_product(early, title="第二版标题")
        gone = make_product(column, policy, title="后来撤下的")
    with time_machine.travel(datetime.datetime(2026, 9, 1, 2, tzinfo=UTC)):
        gone.unpublish()
    with time_machine.travel(datetime.datetime(2026, 10, 1, 2, tzinfo=UTC)):
        titles = {
            day: [product.title for product in products_of(policy.pk, day)]
            for day in (
                DAY(2026, 6, 30), DAY(2026, 7, 1), DAY(2026, 7, 31), DAY(2026, 8, 1), None,
            )
        }  # fmt: skip
    assert list(titles.values()) == [
        [],
        ["第一版标题"],
        ["第一版标题"],
        ["第二版标题"],
        ["第二版标题"],
    ]


def test_translations_explain_to_others(column: Page, policy: PolicyPage) -> None:
    first, *_rest = ids_of(policy)
    page = make_product(column, policy, plain_words=[explanation([first], "大白话")])
    english, _created = Locale.objects.get_or_create(language_code="en")
    translated = page.copy_for_translation(english, copy_parents=True)
    translated.plain_words = translated.plain_words.stream_block.to_python(
        [explanation(ids_of(policy)[1:2], "In plain words")]
    )
    translated.save_revision().publish()
    assert [product.pk for product in products_of(policy.pk)] == [page.pk]
    assert list(explanations_on(policy.pk)) == [first]
    assert coverage(policy).covered == 1


def test_explanations_as_they_stood(column: Page, policy: PolicyPage) -> None:
    first, second, *_rest = ids_of(policy)
    with time_machine.travel(datetime.datetime(2026, 7, 1, 2, tzinfo=UTC)):
        page = make_product(column, policy, plain_words=[explanation([first], "七月的话")])
    with time_machine.travel(datetime.datetime(2026, 8, 1, 2, tzinfo=UTC)):
        republish_product(page, plain_words=[explanation([second], "八月的话")])
    with time_machine.travel(datetime.datetime(2026, 10, 1, 2, tzinfo=UTC)):
        found = {
            day: {
                key: [e.text for e in each] for key, each in explanations_on(policy.pk, day).items()
            }
            for day in (DAY(2026, 6, 30), DAY(2026, 7, 15), DAY(2026, 8, 1), None)
        }
        percents = [coverage(policy, day).covered for day in found]
    assert list(found.values()) == [
        {},
        {first: ["<p>七月的话</p>"]},
        {second: ["<p>八月的话</p>"]},
        {second: ["<p>八月的话</p>"]},
    ]
    assert percents == [0, 1, 1, 1]


def test_the_page_says_what_became_of_the_document(column: Page, policy: PolicyPage) -> None:
    first, *_rest = ids_of(policy)
    page = make_product(column, policy, clauses=[first])
    assert not product_context(page)["is_orphaned"]
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 6, 2))
    new.relations = [PolicyRelation(kind="replaces", target=policy)]
    republish(new)
    context = product_context(page)
    [document] = context["interpreted"]
    assert context["is_orphaned"]
    assert (document.validity, document.ended_on) == ("repealed", DAY(2026, 6, 2))
    coming = make_policy(column, title="明年施行", effective_on=DAY(2099, 1, 1))
    assert not product_context(make_product(column, coming))["is_orphaned"]
    assert (document.ended_by_title, document.ended_by_url) == ("新办法", path_of(new))


def test_a_withdrawn_document_is_named_without_a_link(column: Page, policy: PolicyPage) -> None:
    page = make_product(column, policy, clauses=ids_of(policy)[:1])
    policy.unpublish()
    context = product_context(page)
    [document] = context["interpreted"]
    assert context["is_orphaned"]
    assert (document.url, document.reading_url, [c.url for c in document.clauses]) == ("", "", [""])


def test_a_product_older_than_the_amendment_says_so(column: Page, policy: PolicyPage) -> None:
    page = make_product(
        column, policy, date=datetime.datetime(2026, 7, 1, tzinfo=UTC), title="旧解读"
    )
    policy.amendments = [PolicyAmendment(effective_on=DAY(2026, 8, 1), basis_text="修改决定")]
    republish(policy)
    with time_machine.travel(datetime.datetime(2026, 7, 31, 2, tzinfo=UTC)):
        assert not product_context(page)["is_outdated"]
    with time_machine.travel(datetime.datetime(2026, 8, 1, 2, tzinfo=UTC)):
        assert product_context(page)["is_outdated"]
    younger = make_product(column, policy, date=datetime.datetime(2026, 8, 1, 2, tzinfo=UTC))
    with time_machine.travel(datetime.datetime(2026, 9, 1, 2, tzinfo=UTC)):
        assert not product_context(younger)["is_outdated"]


def test_clauses_are_linked_and_lost_ones_named(column: Page, policy: PolicyPage) -> None:
    blocks = list(policy.body.raw_data)
    first, second = blocks[0]["id"], blocks[1]["id"]
    page = make_product(column, policy, clauses=[second, first])
    policy.body = [block for block in blocks if block["id"] != second]
    policy.amendments = [PolicyAmendment(effective_on=DAY(2026, 5, 7), basis_text="修改决定")]
    republish(policy)
    [document] = product_context(page)["interpreted"]
    kept, lost = document.clauses
    assert (kept.label, kept.url, kept.is_gone) == (
        "第一条", f"{path_of(policy)}#c-{first.replace('-', '')[:10]}", False,
    )  # fmt: skip
    assert (lost.label, lost.text, lost.url, lost.is_gone) == ("第二条", "第二条的文字。", "", True)


def test_the_ratio(world: World, column: Page, policy: PolicyPage) -> None:
    make_policy(column, title="没有解读")
    make_policy(column, title="草稿", live=False)
    make_policy(world.hubin_column, title="区里的")
    make_product(column, policy)
    make_product(column, policy, title="第二件")
    whole = interpretation_ratio()
    assert (whole.documents, whole.interpreted, whole.percent) == (3, 1, 33.3)
    assert interpretation_ratio(world.site.pk).documents == 2
    assert interpretation_ratio(world.hubin.pk).percent == 0.0
    assert interpretation_ratio(year=2020).percent is None


# --- the reading view -----------------------------------------------------------------------
def test_an_explanation_of_several_clauses_is_printed_once(
    column: Page, policy: PolicyPage
) -> None:
    first, second, third, _fourth = ids_of(policy)
    make_product(
        column, policy,
        plain_words=[explanation([first, third], "一三"), explanation([second], "二")],
    )  # fmt: skip
    shown = reading(policy)
    assert [[e.text for e in row.explanations] for row in shown.rows] == [
        ["<p>一三</p>"], ["<p>二</p>"], [], [],
    ]  # fmt: skip
    assert shown.rows[2].elsewhere == ((shown.rows[0].clause.anchor, "第一条"),)
    assert [row.is_uncovered for row in shown.rows] == [False, False, False, True]
    assert shown.coverage.percent == 75


def test_the_reading_page(client: Client, column: Page, policy: PolicyPage) -> None:
    first, *_rest = ids_of(policy)
    page = make_product(column, policy, plain_words=[explanation([first], "大白话<b>粗</b>")])
    path = f"/policies/{policy.pk}/reading/"
    client.get(path)  # fills the memory of the process: what every plugin keeps of its own
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    text = response.content.decode()
    assert response.status_code == 200
    assert all(f"第{number}条的文字。" in text for number in "一二三四")
    assert "大白话<b>粗</b>" in text
    assert f'href="{path_of(page)}"' in text
    assert f'href="{path_of(policy)}#c-{first.replace("-", "")[:10]}"' in text
    assert "X-Robots-Tag" not in response.headers
    assert len(queries) <= 6
    only = client.get(path, {"only": "explained"}).content.decode()
    assert "第一条的文字。" in only
    assert "第二条的文字。" not in only


@pytest.mark.parametrize("asof", ["2026-13-45", "yesterday", "2026-05-05", "9999999-01-01"])
def test_days_that_cannot_be_shown_get_a_sentence(
    client: Client, policy: PolicyPage, asof: str
) -> None:
    response = client.get(f"/policies/{policy.pk}/reading/", {"asof": asof})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]


def test_the_text_as_of_a_day(client: Client, column: Page, policy: PolicyPage) -> None:
    blocks = list(policy.body.raw_data)
    policy.body = [clause("第一条", "改过的文字。", id=blocks[0]["id"]), *blocks[1:]]
    policy.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(policy)
    path = f"/policies/{policy.pk}/reading/"
    assert "第一条的文字。" in client.get(path, {"asof": "2026-08-31"}).content.decode()
    assert "改过的文字。" in client.get(path, {"asof": "2026-09-01"}).content.decode()


def test_who_may_not_read_it(client: Client, world: World, column: Page) -> None:
    draft = make_policy(column, live=False)
    private = make_policy(world.hubin_column, title="内部办法")
    PageViewRestriction.objects.create(
        page=private.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )
    for page in (draft, private):
        assert client.get(f"/policies/{page.pk}/reading/").status_code == 404
    assert client.get("/policies/999999/reading/").status_code == 404


# --- pages ----------------------------------------------------------------------------------
def test_the_page_of_a_product(client: Client, column: Page, policy: PolicyPage) -> None:
    first, *_rest = ids_of(policy)
    other = make_product(column, policy, title="另一种讲法")
    page = make_product(
        column, policy, clauses=[first], meaning="骑车不要钱了。",
        plain_words=[explanation([first], "大白话")],
        body=[{"type": "part", "value": {"kind": "background", "text": "<p>为什么</p>"}}],
    )  # fmt: skip
    client.get(page.url)
    with CaptureQueriesContext(connection) as queries:
        text = client.get(page.url).content.decode()
    for words in (policy.title, "骑车不要钱了。", "大白话", "为什么", "第一条的文字。"):
        assert words in text
    assert f"/policies/{policy.pk}/reading/" in text
    assert f'href="{path_of(other)}"' in text
    assert len(queries) <= 10, "\n".join(query["sql"] for query in queries)
    printed = client.get(page.url, {"print": "1"}).content.decode()
    assert "骑车不要钱了。" in printed
    assert "大白话" in printed


def test_more_products_and_documents_cost_no_query(
    client: Client, column: Page, policy: PolicyPage
) -> None:
    others = [make_policy(column, title=f"办法{number}") for number in range(4)]
    small = make_product(column, policy, title="小")
    large = make_product(column, policy, *others, title="大")
    for number in range(5):
        make_product(column, *others, title=f"件{number}")
    counts = []
    for page in (small, large):
        client.get(page.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_article_is_quoted_with_what_is_below_it(column: Page) -> None:
    policy = make_policy(
        column,
        body=[
            clause("第一条", "下列情形："), clause("（一）", "甲；", level="item"),
            clause("（二）", "乙。", level="item"), clause("第二条", "丙。"),
        ],
    )  # fmt: skip
    first, item, *_rest = ids_of(policy)
    page = make_product(column, policy, plain_words=[explanation([first, item], "话")])
    [explained] = product_context(page)["explained"]
    assert [link.text for link in explained.clauses] == ["下列情形：\n（一） 甲；\n（二） 乙。"]


def test_the_preview_of_a_draft(column: Page, policy: PolicyPage) -> None:
    page = make_product(
        column, policy, live=False, plain_words=[explanation(ids_of(policy)[:1], "草稿里的话")]
    )
    response = page.make_preview_request()
    assert response.status_code == 200
    assert "草稿里的话" in response.rendered_content


# --- the list ---------------------------------------------------------------------------------
def test_facets_count_with_the_other_filters(
    client: Client, column: Page, policy: PolicyPage
) -> None:
    make_product(column, policy, title="文一", date=datetime.datetime(2025, 3, 1, tzinfo=UTC))
    make_product(column, policy, title="文二", date=datetime.datetime(2026, 3, 1, tzinfo=UTC))
    make_product(
        column, policy, title="专家说", author_kind="expert", author="大学教授",
        date=datetime.datetime(2026, 4, 1, tzinfo=UTC),
    )  # fmt: skip
    make_product(column, policy, title="草稿", live=False)

    def shown(**query: str) -> tuple[list[str], list[list[tuple[str, int]]]]:
        response = client.get("/policies/interpretations/", query)
        found = response.context["list"]
        facets = [[(v.label, v.count) for v in facet.values[1:]] for facet in found.facets]
        return [row.title for row in found.rows], facets

    titles, (_forms, authors, years) = shown()
    assert titles == ["专家说", "文二", "文一"]
    assert [count for _label, count in authors] == [2, 1]
    assert years == [("2026", 2), ("2025", 1)]
    titles, (_forms, authors, years) = shown(year="2026")
    assert titles == ["专家说", "文二"]
    assert [count for _label, count in authors] == [1, 1]
    assert years == [("2026", 2), ("2025", 1)]
    assert shown(year="2025", author="expert")[0] == []
    # What means nothing filters nothing.
    assert len(shown(year="abcd", author="nobody", page="-1", form="%00")[0]) == 3


def test_the_list_has_pages_and_few_queries(
    client: Client, column: Page, policy: PolicyPage
) -> None:
    for number in range(23):
        make_product(column, policy, title=f"第{number}件")
    path = "/policies/interpretations/"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert len(queries) <= 12
    assert len(response.context["list"].rows) == 20
    assert len(client.get(path, {"page": "2"}).context["list"].rows) == 3
    assert len(client.get(path, {"page": "99999"}).context["list"].rows) == 3
    assert client.get(path, {"page": "2"}).headers["X-Robots-Tag"] == "noindex, follow"


def test_a_sub_site_lists_its_own(client: Client, world: World, policy: PolicyPage) -> None:
    own = make_product(world.gaoxin_column, policy, title="高新区的解读")
    make_product(world.column, policy, title="市里的解读")
    response = client.get("/policies/interpretations/", headers={"host": "gaoxin.yunhu.gov.cn"})
    assert [row.title for row in response.context["list"].rows] == [own.title]
    assert len(client.get("/policies/interpretations/").context["list"].rows) == 2
    by_path = make_product(world.hubin_column, policy, title="湖滨区的解读")
    response = client.get("/policies/interpretations/", {"site": "hubin"})
    assert [row.title for row in response.context["list"].rows] == [by_path.title]
    assert all(
        "site=hubin" in value.url
        for facet in response.context["list"].facets
        for value in facet.values
    )
    assert "X-Robots-Tag" not in response.headers
    assert client.get("/policies/interpretations/", {"site": "nowhere"}).status_code == 404


def test_the_source_of_lists_in_homes(world: World, column: Page, policy: PolicyPage) -> None:
    from portal.plugin_api import list_sources

    make_product(column, policy, title="旧", date=datetime.datetime(2025, 3, 1, tzinfo=UTC))
    new = make_product(column, policy, title="新")
    entry = list_sources.get("policy_interpretation.latest_interpretations", world.site.pk)
    assert entry is not None
    items = entry.item.items(site=world.site.pk, language="zh-hans", count=1)
    assert [(item.title, item.url) for item in items] == [("新", path_of(new))]
