"""The public page of a document: facts, text, banners, relations, life, citations."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.core.models import PortalDocument
from portal.policy_interpretation.clauses import short_id
from portal.policy_interpretation.models import (
    CatalogueEntry,
    ClauseExplanation,
    DisclosurePlatform,
    IssuingBody,
    PolicyAmendment,
    PolicyFile,
    PolicyPage,
    PolicyRelation,
)
from tests.factories import ColumnFactory, World

from .factories import clause, make_policy, make_product, republish

DAY = datetime.date
pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


def read(client: Client, page: PolicyPage, **query: str) -> BeautifulSoup:
    response = client.get(page.get_url(), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def path_of(page: PolicyPage) -> str:
    return structure.current().url(page.url_path)


def words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ", strip=True).split()) if tag else ""


def facts(soup: BeautifulSoup) -> dict[str, str]:
    box = soup.select_one(".policy-facts")
    assert box is not None
    return {words(row.dt): words(row.dd) for row in box.select(".policy-facts__item")}


def clause_id(page: PolicyPage, position: int) -> str:
    return short_id(page.body.raw_data[position]["id"])


# --- the box of facts --------------------------------------------------------------------------
def test_the_box_names_every_issuing_body_and_leaves_out_what_is_empty(
    column: Page, client: Client
) -> None:
    page = make_policy(
        column, live=False, index_number="000014349/2026-00110", audience="教育,就业",
        source="云湖市政府公报", source_url="https://example.org/1",
    )  # fmt: skip
    page.issuing_bodies = [IssuingBody(name="云湖市教育局"), IssuingBody(name="云湖市财政局")]
    republish(page)
    found = facts(read(client, page))
    assert found[_("Index number")] == "000014349/2026-00110"
    assert found[_("Issuing body")] == "云湖市教育局 · 云湖市财政局"
    assert found[_("Who it is for")] == "教育 · 就业"
    assert found[_("Date of issue")] == "2026-05-06"
    assert found[_("Source")] == "云湖市政府公报"
    assert _("Valid through") not in found
    assert _("Theme") not in found


def test_original_files_say_their_kind_and_size(column: Page, client: Client) -> None:
    page = make_policy(column, live=False)
    document = PortalDocument(title="文件", file_size=20480)
    document.file.save("original.pdf", ContentFile(b"%PDF-1.4 " + b"x" * 20471), save=False)
    document.save()
    page.files = [PolicyFile(document=document, title="政府文件原件")]
    republish(page)
    link = read(client, page).select_one(".attachments a")
    assert link is not None
    assert link["href"] == document.url
    assert words(link.find_parent("li")).startswith("政府文件原件 PDF 20")


# --- the text ------------------------------------------------------------------------------------
def test_clauses_are_set_by_their_level(column: Page, client: Client) -> None:
    page = make_policy(
        column,
        body=[
            clause("", "各区人民政府：", level="preamble"),
            clause("第一章", "总则", level="chapter"),
            clause("第一条", "为了出行，制定本办法。"),
            clause("（一）", "第一项；", level="item"),
            clause("", "云湖市人民政府\n2026年5月6日", level="signature"),
        ],
    )
    text = read(client, page).select_one(".policy-text")
    assert text is not None
    addressee, chapter, article, item, signature = text.select(".clause")
    assert addressee.select_one(".clause__text--addressee")
    assert words(chapter.h2) == "第一章 总则"
    assert words(article.select_one("p.clause__text")) == "第一条 为了出行，制定本办法。"
    assert article["id"] == f"c-{clause_id(page, 2)}"
    assert item.p is not None
    assert [words(line) for line in signature.select(".clause__line")] == ["2026年5月6日"]
    assert signature.select_one(".cite") is None


def test_text_is_escaped(column: Page, client: Client) -> None:
    page = make_policy(column, body=[clause("第一条", "<script>alert(1)</script>")])
    response = client.get(page.get_url())
    assert b"<script>alert" not in response.content


def test_a_short_heading_is_a_heading_and_a_sentence_is_none(column: Page, client: Client) -> None:
    page = make_policy(
        column,
        body=[
            clause("一、", "总体要求", level="heading1"),
            clause("（一）", "加强领导。各区要重视。", level="heading2"),
            clause("二、", "主要任务", level="heading1"),
        ],
    )
    tags = [
        tag.name for tag in read(client, page).select(".policy-text .clause__text")
    ]  # fmt: skip
    assert tags == ["h2", "p", "h2"]


def test_long_documents_have_contents_and_short_ones_none(column: Page, client: Client) -> None:
    body = [clause(f"第{n}条", "内容。") for n in range(1, 31)]
    long = make_policy(column, title="长", body=body)
    links = read(client, long).select(".policy-contents a")
    assert [link["href"] for link in links] == [f"#c-{short_id(row['id'])}" for row in body]
    short = make_policy(column, title="短")
    assert read(client, short).select_one(".policy-contents") is None


# --- validity ------------------------------------------------------------------------------------
def test_in_force_needs_no_banner(column: Page, client: Client) -> None:
    assert read(client, make_policy(column)).select_one(".policy-notice") is None


@pytest.mark.parametrize(
    ("fields", "label", "day"),
    [
        ({"valid_through": DAY(2026, 9, 30)}, "Expired", "2026年9月30日"),
        ({"effective_on": DAY(2026, 10, 2)}, "Not yet in force", "2026年10月2日"),
    ],
)
def test_banner(column: Page, client: Client, fields: dict[str, Any], label: str, day: str) -> None:
    banner = read(client, make_policy(column, **fields)).select_one(".policy-notice")
    assert words(banner).startswith(_(label))
    assert day in words(banner)


def test_a_repealed_document_names_what_repealed_it(column: Page, client: Client) -> None:
    old = make_policy(column, title="旧办法")
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="repeals", target=old)]
    republish(new)
    soup = read(client, old)
    banner = soup.select_one(".policy-notice--over")
    assert banner is not None
    assert "2026年8月1日" in words(banner)
    assert banner.a is not None
    assert banner.a["href"] == path_of(new)
    assert facts(soup)[_("Validity")] == _("repealed")


def test_a_clause_that_ended_is_marked_with_its_day(column: Page, client: Client) -> None:
    page = make_policy(
        column,
        body=[clause("第一条", "一", invalid_from="2026-09-01"), clause("第二条", "二")],
    )
    soup = read(client, page)
    first, second = soup.select(".clause")
    assert words(first.select_one(".clause__mark")) == _("No longer in force from %(day)s on") % {
        "day": "2026年9月1日"
    }
    assert second.select_one(".clause__mark") is None
    assert words(soup.select_one(".policy-notice--partly a")) == "第一条"


def test_an_alias_shows_the_validity_and_address_of_its_original(
    world: World, client: Client
) -> None:
    old = make_policy(world.column, title="旧办法")
    elsewhere = ColumnFactory(parent=world.home, title="政策", slug="zhengce")
    alias = old.create_alias(parent=elsewhere)
    new = make_policy(world.column, title="新办法", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="replaces", target=old)]
    republish(new)
    soup = read(client, PolicyPage.objects.get(pk=alias.pk))
    assert soup.select_one(".policy-notice--over")
    canonical = soup.select_one("link[rel=canonical]")
    assert canonical is not None
    assert canonical["href"] == f"http://testserver{path_of(old)}"
    assert [words(group.dt) for group in soup.select(".policy-relations__group")] == [
        _("replaced by")
    ]
    address = soup.select_one(".clause .cite__text a")
    assert address is not None
    assert f"/policies/c/{old.pk}-" in str(address["href"])


# --- relations -----------------------------------------------------------------------------------
def test_relations_are_shown_on_both_sides(column: Page, client: Client) -> None:
    law = make_policy(column, title="上位办法")
    page = make_policy(column, title="实施细则", live=False)
    page.relations = [
        PolicyRelation(kind="implements", target=law, since=DAY(2026, 6, 1)),
        PolicyRelation(kind="based_on", target_title="中华人民共和国某法", target_number=""),
    ]
    republish(page)
    groups = {
        words(group.dt): words(group.dd)
        for group in read(client, page).select(".policy-relations__group")
    }
    assert groups[_("implements")] == "上位办法 云政发〔2026〕12号 2026-06-01"
    assert groups[_("based on")] == "中华人民共和国某法"
    [other] = read(client, law).select(".policy-relations__group")
    assert words(other.dt) == _("implemented by")
    assert "实施细则" in words(other.dd)


def test_drafts_and_hidden_documents_are_named_on_neither_side(
    column: Page, client: Client
) -> None:
    page = make_policy(column, title="公开办法", live=False)
    secret = make_policy(column, title="未公开草案", live=False)
    restricted = make_policy(column, title="内部规定")
    secret.relations = [PolicyRelation(kind="repeals", target=page)]
    secret.save()
    page.relations = [
        PolicyRelation(kind="based_on", target=secret),
        PolicyRelation(kind="based_on", target=restricted),
    ]
    republish(page)
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    html = client.get(page.get_url()).content.decode()
    assert "未公开草案" not in html
    assert "内部规定" not in html


def test_many_relations_are_capped_and_all_are_a_click_away(column: Page, client: Client) -> None:
    law = make_policy(column, title="上位办法")
    for number in range(12):
        page = make_policy(column, title=f"细则{number}", live=False)
        page.relations = [PolicyRelation(kind="based_on", target=law)]
        republish(page)
    [group] = read(client, law).select(".policy-relations__group")
    assert len(group.select("li")) == 9
    more = group.select("li a")[-1]["href"]
    assert more == f"/policies/{law.pk}/relations/"
    response = client.get(str(more))
    assert len(BeautifulSoup(response.content, "html.parser").select("dd li")) == 12


# --- the life ------------------------------------------------------------------------------------
def test_the_life_of_a_document_is_told_in_order(column: Page, client: Client) -> None:
    page = make_policy(column, body=[clause("第一条", "一", invalid_from="2026-12-01")])
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2027, 1, 1))
    new.relations = [PolicyRelation(kind="repeals", target=page)]
    republish(new)
    life = [words(row) for row in read(client, page).select(".policy-life__event")]
    coming = _("to come")
    assert life == [
        f"2026-05-06 {_('Issued')}",
        f"2026-06-01 {_('In force')}",
        f"2026-09-01 {_('Amended')} 修改决定",
        f"2026-10-01 {_('Published')}",
        f"2026-12-01 {_('Partly invalid')} {coming} 第一条",
        f"2027-01-01 {_('Repealed')} {coming} 新办法",
    ]


# --- citations -----------------------------------------------------------------------------------
def test_each_clause_can_be_cited(column: Page, client: Client) -> None:
    page = make_policy(column, body=[clause("第一条", "一"), clause("（一）", "项", level="item")])
    panel = read(client, page).select(".clause")[1].select_one(".cite")
    assert panel is not None
    official, reference, address = (words(text) for text in panel.select(".cite__text"))
    assert official == "《云湖市公共自行车管理办法》（云政发〔2026〕12号）第一条第（一）项"
    assert "[A/OL]. (2026-05-06): 第一条第（一）项[2026-10-01]" in reference
    assert address == f"http://testserver/policies/c/{page.pk}-{clause_id(page, 1)}/"
    code = panel.img
    assert code is not None
    svg = client.get(str(code["src"]).removeprefix("http://testserver"))
    assert svg.headers["Content-Type"] == "image/svg+xml"


def test_the_short_address_leads_to_the_clause(column: Page, client: Client) -> None:
    page = make_policy(column)
    anchor = clause_id(page, 0)
    response = client.get(f"/policies/c/{page.pk}-{anchor}/")
    assert response.headers["Location"] == f"{path_of(page)}#c-{anchor}"


def test_a_clause_that_is_gone_leads_to_the_document_with_a_sentence(
    column: Page, client: Client
) -> None:
    page = make_policy(column, body=[clause("第一条", "一"), clause("第二条", "二")])
    gone = clause_id(page, 1)
    page.body = list(page.body.raw_data)[:1]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    response = client.get(f"/policies/c/{page.pk}-{gone}/", follow=True)
    soup = BeautifulSoup(response.content, "html.parser")
    notice = soup.select_one(".policy-notice--partly")
    assert notice is not None
    assert "第二条" in words(notice)
    assert "2026年8月31日" in words(notice)
    assert notice.a is not None
    assert notice.a["href"] == f"?asof=2026-08-31#c-{gone}"
    assert soup.select_one("meta[name=robots][content=noindex]")


def test_an_address_that_never_was_a_clause_says_so(column: Page, client: Client) -> None:
    page = make_policy(column)
    response = client.get(f"/policies/c/{page.pk}-0123456789/", follow=True)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert words(soup.select_one(".policy-notice")) == _(
        "The text has no clause at the address that brought you here. Shown is the whole document."
    )


@pytest.mark.parametrize("suffix", ["/", ".svg"])
def test_nobody_learns_of_clauses_of_what_is_not_public(
    column: Page, client: Client, suffix: str
) -> None:
    draft = make_policy(column, title="草案", live=False)
    private = make_policy(column, title="内部")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    for page in (draft, private):
        address = f"/policies/c/{page.pk}-{clause_id(page, 0)}{suffix}"
        assert client.get(address).status_code == 404
        assert client.get(f"/policies/{page.pk}/relations/").status_code == 404


# --- print, preview, cost -------------------------------------------------------------------------
def test_the_print_view_holds_the_text_and_no_panels(column: Page, client: Client) -> None:
    soup = read(client, make_policy(column), print="1")
    assert words(soup.select_one(".sheet h1")) == "云湖市公共自行车管理办法"
    assert soup.select_one(".clause")
    assert soup.select_one(".cite") is None
    assert soup.select_one("meta[name=robots][content=noindex]")


def test_the_preview_shows_the_draft_with_marks(column: Page, rf: Any) -> None:
    page = make_policy(column)
    page.title = "改了的题目"
    identifier = page.body.raw_data[0]["id"]
    page.body = page.body.stream_block.to_python([clause("第一条", "改了。", id=identifier)])
    request = rf.get("/", headers={"host": "testserver"})
    request.user = AnonymousUser()
    response = page.make_preview_request(original_request=request)
    response.render()
    html = response.content.decode()
    assert "改了的题目" in html
    assert re.search(rf"<!--block {identifier}-->.*?改了。.*?<!--/block-->", html, re.DOTALL)


def test_the_page_keeps_its_budget(
    column: Page, queries: Callable[[str], list[str]], client: Client
) -> None:
    """The goal for a detail page, with everything that a document can have."""
    law = make_policy(column, title="上位办法")
    page = make_policy(column, body=[clause(f"第{n}条", "内容。") for n in range(60)])
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis=law)]
    page.relations = [PolicyRelation(kind="based_on", target=law)]
    page.issuing_bodies = [IssuingBody(name="甲局"), IssuingBody(name="乙局")]
    republish(page)
    made = queries(page.get_url())
    assert len(made) <= 9, "\n".join(made)  # one is left for the coverage of explanations
    made = queries(f"{page.get_url()}?asof=2026-08-01")
    assert len(made) <= 9, "\n".join(made)


def test_products_stand_beside_the_text_within_the_budget(
    column: Page, client: Client, queries: Callable[[str], list[str]]
) -> None:
    page = make_policy(column)
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    product = make_product(column, page, title="一图读懂")
    ClauseExplanation.objects.create(
        product=product, policy=page, clause=page.body.raw_data[0]["id"], text="说明"
    )
    soup = read(client, page)
    beside = soup.select_one(".products-beside")
    assert beside is not None
    assert "一图读懂" in words(beside)
    assert "100" in words(beside.select_one(".products-beside__coverage"))
    assert f"/policies/{page.pk}/reading/" in {link["href"] for link in beside.select("a")}
    assert "一图读懂" in words(soup.select_one(".policy-life"))
    made = queries(page.get_url())
    assert len(made) <= 10, "\n".join(made)


def test_the_number_that_the_catalogue_gave_is_shown(world: World, client: Client) -> None:
    page = make_policy(world.column)
    platform = DisclosurePlatform.objects.create(site=world.site)
    CatalogueEntry.objects.update_or_create(
        page=page.page_ptr,
        defaults={"platform": platform, "title": page.title, "index_number": "K/2026-00001"},
    )
    assert "K/2026-00001" in words(read(client, page))
    assert client.get(f"/api/v1/policies/{page.pk}").json()["index_number"] == "K/2026-00001"
    page.index_number = "own/1"
    republish(page)
    assert "K/2026-00001" not in words(read(client, page))
