"""Tables of old and new text: what is marked, who may see them, the Word file."""

import datetime
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import gettext as _
from docx import Document
from wagtail.models import Page, PageViewRestriction

from portal.policy_interpretation.models import PolicyAmendment, PolicyPage, PolicyRelation
from portal.policy_interpretation.selectors.comparison import Segment, segments_of

from .factories import clause, make_policy, republish

DAY = datetime.date
COMMON = "本办法所称公共自行车，是指在本市道路旁设点、供公众短时间租用的自行车。"


def test_segments() -> None:
    assert segments_of("每次租用一小时", [(4, 6)]) == [
        Segment("每次租用"), Segment("一小", True), Segment("时"),
    ]  # fmt: skip
    assert segments_of("甲乙", [(0, 2)]) == [Segment("甲乙", True)]
    assert segments_of("甲乙", []) == [Segment("甲乙")]


@pytest.fixture
def pair(column: Page) -> tuple[PolicyPage, PolicyPage]:
    old = make_policy(
        column, title="旧办法", issued_on=DAY(2020, 1, 1), effective_on=DAY(2020, 1, 1),
        body=[
            clause("第一条", COMMON),
            clause("第二条", "每次租用自行车的时间不超过一小时，超过的另行计费。"),
            clause("第三条", "租车押金为三百元。"),
        ],
    )  # fmt: skip
    new = make_policy(
        column, title="新办法", live=False,
        body=[
            clause("第一条", COMMON),
            clause("第二条", "每次租用自行车的时间不超过两小时，超过的另行计费。"),
            clause("第三条", "鼓励企业设点投放，维护由投放企业承担<b>。"),
        ],
    )  # fmt: skip
    new.relations = [PolicyRelation(kind="replaces", target=old)]
    republish(new)
    return old, new


def rows(soup: BeautifulSoup) -> list[tuple[str, ...]]:
    return [
        tuple(
            cell.get_text("", strip=True).replace("　", "") for cell in row.find_all(["th", "td"])
        )
        for row in soup.select(".comparison tbody tr")
    ]


@pytest.mark.django_db
def test_a_replacement_is_compared_clause_by_clause(
    pair: tuple[PolicyPage, PolicyPage], client: Client
) -> None:
    old, new = pair
    nothing = _("(nothing)")
    for one, other in ((new, old), (old, new)):
        response = client.get(f"/policies/{one.pk}/compare/?with={other.pk}")
        soup = BeautifulSoup(response.content, "html.parser")
        assert rows(soup) == [
            (
                _("changed"),
                "第二条每次租用自行车的时间不超过一小时，超过的另行计费。",
                "第二条每次租用自行车的时间不超过两小时，超过的另行计费。",
            ),
            (_("left out"), "第三条租车押金为三百元。", nothing),
            (_("added"), nothing, "第三条鼓励企业设点投放，维护由投放企业承担<b>。"),
        ]
        assert [mark.get_text() for mark in soup.select("tbody tr:first-child del")] == ["一"]
        assert [mark.get_text() for mark in soup.select("tbody tr:first-child ins")] == ["两"]
    everything = client.get(f"/policies/{new.pk}/compare/?with={old.pk}&show=all")
    assert len(rows(BeautifulSoup(everything.content, "html.parser"))) == 4


@pytest.mark.django_db
def test_both_documents_offer_the_comparison(
    pair: tuple[PolicyPage, PolicyPage], client: Client
) -> None:
    for page, other in (pair, pair[::-1]):
        soup = BeautifulSoup(client.get(page.get_url()).content, "html.parser")
        links = [str(link["href"]) for link in soup.select(".policy-links a")]
        assert links == [f"/policies/{page.pk}/compare/?with={other.pk}"]


@pytest.mark.django_db
def test_an_amendment_is_compared_with_the_text_before(column: Page, client: Client) -> None:
    page = make_policy(column, body=[clause("第一条", "补贴五十元。")])
    page.body = [clause("第一条", "补贴八十元。", id=page.body.raw_data[0]["id"])]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    address = f"/policies/{page.pk}/compare/?on=2026-09-01"
    assert address in client.get(page.get_url()).content.decode()
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    assert rows(soup) == [(_("changed"), "第一条补贴五十元。", "第一条补贴八十元。")]


@pytest.mark.django_db
def test_what_cannot_be_compared_gets_a_sentence(column: Page, client: Client) -> None:
    page = make_policy(column)
    late = make_policy(column, title="只知修改后", live=False)
    late.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(late)
    for address in (
        f"/policies/{page.pk}/compare/",
        f"/policies/{page.pk}/compare/?with=x",
        f"/policies/{page.pk}/compare/?with={page.pk}",
        f"/policies/{page.pk}/compare/?on=2026-09-01",
        f"/policies/{page.pk}/compare/?on=2026-99-01&format=docx",
        f"/policies/{late.pk}/compare/?on=2026-09-01",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.select_one(".empty"), address
        assert soup.select_one("table") is None, address


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "&format=docx"])
def test_only_public_documents_are_compared(
    pair: tuple[PolicyPage, PolicyPage], column: Page, client: Client, query: str
) -> None:
    old, new = pair
    draft = make_policy(column, title="草案", live=False)
    for one, other in ((new, draft), (draft, new)):
        assert client.get(f"/policies/{one.pk}/compare/?with={other.pk}{query}").status_code == 404
    PageViewRestriction.objects.create(page=old, restriction_type="login")
    assert client.get(f"/policies/{new.pk}/compare/?with={old.pk}{query}").status_code == 404


@pytest.mark.django_db
def test_the_word_file_holds_the_table_with_its_marks(
    pair: tuple[PolicyPage, PolicyPage], client: Client
) -> None:
    old, new = pair
    response = client.get(f"/policies/{new.pk}/compare/?with={old.pk}&format=docx")
    assert response.headers["Content-Disposition"].startswith("attachment")
    document = Document(BytesIO(response.content))
    [table] = document.tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0][1].startswith("旧办法")
    assert texts[1] == [_("unchanged"), f"第一条　{COMMON}", f"第一条　{COMMON}"]
    assert texts[4] == [_("added"), "", "第三条　鼓励企业设点投放，维护由投放企业承担<b>。"]
    struck = [run.text for run in table.rows[2].cells[1].paragraphs[0].runs if run.font.strike]
    underlined = [run.text for run in table.rows[2].cells[2].paragraphs[0].runs if run.underline]
    assert (struck, underlined) == (["一"], ["两"])
