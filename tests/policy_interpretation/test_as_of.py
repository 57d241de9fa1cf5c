"""A document as of a day: tables of days and clauses, and what cannot be told."""

import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.core import structure
from portal.policy_interpretation.days import read_day
from portal.policy_interpretation.models import PolicyAmendment, PolicyPage, PolicyRelation

from .factories import clause, make_policy, republish

DAY = datetime.date


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-05-06", DAY(2026, 5, 6)),
        ("2026/5/6", DAY(2026, 5, 6)),
        ("２０２６．５．６", DAY(2026, 5, 6)),
        ("2026年5月6日", DAY(2026, 5, 6)),
        ("2024-02-29", DAY(2024, 2, 29)),
        ("2026-02-29", None),
        ("0000-01-01", None),
        ("2026-13-01", None),
        ("昨天", None),
        ("20260506", None),
        ("2026-05-06T00:00", None),
    ],
)
def test_reading_a_day(typed: str, day: datetime.date | None) -> None:
    assert read_day(typed) == day


@pytest.fixture
def document(column: Page) -> PolicyPage:
    """Issued in May, in force in June, amended in September and, already published, in December."""
    page = make_policy(
        column,
        body=[clause("第一条", "甲一"), clause("第二条", "乙一"), clause("第三条", "丙一")],
    )
    first, second, third = (block["id"] for block in page.body.raw_data)
    page.body = [
        clause("第一条", "甲一", id=first),
        clause("第二条", "乙二", id=second),
        clause("第三条", "丙一", id=third, invalid_from="2026-11-01"),
    ]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="第一次修改")]
    republish(page)
    page.body = [clause("第一条", "甲一", id=first), clause("第二条", "乙三", id=second)]
    page.amendments = [
        PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="第一次修改"),
        PolicyAmendment(effective_on=DAY(2026, 12, 1), basis_text="第二次修改"),
    ]
    republish(page)
    return page


def path_of(page: PolicyPage) -> str:
    return structure.current().url(page.url_path)


def soup_of(client: Client, page: PolicyPage, asof: str = "") -> BeautifulSoup:
    response = client.get(page.get_url(), {"asof": asof} if asof else {})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def texts(soup: BeautifulSoup) -> list[str]:
    found = []
    for block in soup.select(".policy-text .clause"):
        text = block.select_one(".clause__text")
        assert text is not None
        ended = "✗" if "clause--ended" in (block.get("class") or []) else ""
        found.append(text.get_text("", strip=True).replace("　", "").partition("条")[2] + ended)
    return found


# Day → what the clauses say (✗: ended), and what the box says of validity.
TABLE: list[tuple[str, list[str], str]] = [
    ("2026-05-06", ["甲一", "乙一", "丙一"], "to take effect"),
    ("2026-05-31", ["甲一", "乙一", "丙一"], "to take effect"),
    ("2026-06-01", ["甲一", "乙一", "丙一"], "in force"),
    ("2026-08-31", ["甲一", "乙一", "丙一"], "in force"),
    ("2026-09-01", ["甲一", "乙二", "丙一"], "amended"),
    ("2026-10-31", ["甲一", "乙二", "丙一"], "amended"),
    ("2026-11-01", ["甲一", "乙二", "丙一✗"], "amended"),
    ("2026-11-30", ["甲一", "乙二", "丙一✗"], "amended"),
    ("2026-12-01", ["甲一", "乙三"], "amended"),
    ("2030-01-01", ["甲一", "乙三"], "amended"),
]


@pytest.mark.django_db
def test_days_and_clauses(client: Client, document: PolicyPage) -> None:
    for day, clauses, state in TABLE:
        soup = soup_of(client, document, day)
        assert texts(soup) == clauses, day
        validity = soup.find("dt", string=_("Validity"))
        assert validity is not None
        assert validity.find_next("dd").get_text(strip=True) == _(state), day  # type: ignore[union-attr]


@pytest.mark.django_db
def test_today_is_what_holds_today_though_a_later_text_is_published(
    client: Client, document: PolicyPage
) -> None:
    soup = soup_of(client, document)
    assert texts(soup) == ["甲一", "乙二", "丙一"]
    notice = soup.select_one(".policy-notice--early")
    assert notice is not None
    assert "2026年12月1日" in notice.get_text()
    assert notice.a is not None
    assert notice.a["href"] == "?asof=2026-12-01"


@pytest.mark.django_db
def test_a_day_before_the_document_existed_says_so(client: Client, document: PolicyPage) -> None:
    soup = soup_of(client, document, "2026-05-05")
    assert texts(soup) == []
    assert _("On this day the document had not been issued.") in soup.get_text()


@pytest.mark.django_db
def test_a_text_that_was_never_kept_is_not_invented(client: Client, column: Page) -> None:
    """Brought in after its amendment: only the amended text is known."""
    page = make_policy(column, live=False)
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    soup = soup_of(client, page, "2026-08-01")
    assert texts(soup) == []
    band = soup.select_one(".policy-notice--day")
    assert band is not None
    assert "2026年9月1日" in band.get_text()


@pytest.mark.django_db
def test_what_repealed_it_later_is_told_for_its_day_and_not_before(
    client: Client, document: PolicyPage, column: Page
) -> None:
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 9, 15))
    new.relations = [PolicyRelation(kind="repeals", target=document)]
    republish(new)
    assert soup_of(client, document, "2026-09-14").select_one(".policy-notice--over") is None
    assert soup_of(client, document, "2026-09-15").select_one(".policy-notice--over")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["2026-02-30", "昨天", "<b>", "9" * 200])
def test_a_day_that_is_none_gets_a_sentence(
    client: Client, document: PolicyPage, typed: str
) -> None:
    soup = soup_of(client, document, typed)
    status = soup.select_one("[role=status].policy-notice")
    assert status is not None
    assert typed[:40] in status.get_text()
    assert texts(soup) == ["甲一", "乙二", "丙一"]


@pytest.mark.django_db
def test_views_of_a_day_are_kept_by_nobody(client: Client, document: PolicyPage) -> None:
    response = client.get(document.get_url(), {"asof": "2026-09-01"})
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    page = client.get(document.get_url())
    assert "no-store" not in page.headers.get("Cache-Control", "")
    assert "X-Robots-Tag" not in page.headers


@pytest.mark.django_db
def test_the_band_leads_back_and_the_form_to_other_days(
    client: Client, document: PolicyPage
) -> None:
    soup = soup_of(client, document, "2026-09-01")
    band = soup.select_one(".policy-notice--day")
    assert band is not None
    assert "2026年9月1日" in band.get_text()
    assert band.a is not None
    assert band.a["href"] == f"http://testserver{path_of(document)}"
    field = soup.select_one("input[name=asof]")
    assert field is not None
    assert field["value"] == "2026-09-01"


@pytest.mark.django_db
def test_tables_of_an_earlier_text_come_back_with_it(client: Client, column: Page) -> None:
    table = {
        "type": "table",
        "id": "6a0e1b7c-0000-4000-8000-000000000001",
        "value": {
            "caption": "补贴标准",
            "sheet": "",
            "table": {
                "columns": [{"type": "text", "heading": "项目"}],
                "rows": [{"values": ["电梯"]}],
                "caption": "",
            },
            "note": "",
        },
    }
    page = make_policy(column, body=[clause("第一条", "甲"), table, clause("第二条", "乙")])
    raw = list(page.body.raw_data)
    page.body = [raw[0], raw[2]]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    assert soup_of(client, page).select_one("table") is None
    text = soup_of(client, page, "2026-08-31").select_one(".policy-text")
    assert text is not None
    kinds = [
        "table" if part.name == "figure" else "clause" for part in text.find_all(recursive=False)
    ]
    assert kinds == ["clause", "table", "clause"]
