"""The library: what is in it, how it narrows, what it costs; its feed."""

import datetime
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from portal.core.models import SiteRecord
from portal.policy_interpretation.models import PolicyPage, PolicyRecord, PolicyRelation
from portal.policy_interpretation.models import PolicyTheme as Theme
from portal.testing import disable_plugin
from tests.factories import World
from tests.factories.worlds import SUB_SITE_HOST

from .factories import clause, make_policy, republish

DAY = datetime.date
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


def soup_of(client: Client, query: str = "", host: str = "testserver") -> BeautifulSoup:
    response = client.get(f"/policies/{query}", headers={"host": host})
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in soup.select(".document__title a")]


def offers(soup: BeautifulSoup, facet: str) -> dict[str, int]:
    """What a facet offers: value → number of documents."""
    found = {}
    for link in soup.select(f"[aria-labelledby=facet-{facet}] .facet__choice"):
        label, count = (part.get_text() for part in link.find_all("span"))
        found[label] = int(count)
    return found


@pytest.fixture
def shelf(world: World) -> dict[str, PolicyPage]:
    """Five documents that differ in everything that one can narrow by."""
    theme = Theme.objects.get(code="1501")
    return {
        "bikes": make_policy(
            world.column, title="公共自行车管理办法", document_number="云政发〔2026〕12号",
            issued_on=DAY(2026, 5, 6), genre="办法", audience="就业,养老",
        ),
        "jobs": make_policy(
            world.column, title="促进就业若干意见", document_number="云政办发〔2025〕3号", theme=theme,
            issued_on=DAY(2025, 3, 1), effective_on=DAY(2025, 3, 1), genre="意见", audience="就业",
        ),
        "old": make_policy(
            world.column, title="旧的通知", document_number="", issued_on=DAY(2024, 1, 1),
            effective_on=DAY(2024, 1, 1), valid_through=DAY(2025, 1, 1), level="provincial",
            source="省政府", source_url="https://example.org/",
        ),
        "hubin": make_policy(
            world.hubin_column, title="湖滨区停车办法", document_number="湖政发〔2026〕1号",
            level="district",
        ),
        "gaoxin": make_policy(
            world.gaoxin_column, title="高新区人才办法", document_number="高管发〔2026〕1号",
            effective_on=DAY(2027, 1, 1), level="district",
        ),
    }  # fmt: skip


ALL = {"公共自行车管理办法", "促进就业若干意见", "旧的通知", "湖滨区停车办法", "高新区人才办法"}


# --- what is in it -------------------------------------------------------------------------------
@pytest.mark.usefixtures("shelf")
def test_the_portal_has_the_documents_of_all_sites(client: Client) -> None:
    assert set(titles(soup_of(client))) == ALL


@pytest.mark.usefixtures("shelf")
def test_a_sub_site_has_its_own(client: Client) -> None:
    assert titles(soup_of(client, host=SUB_SITE_HOST)) == ["高新区人才办法"]
    soup = soup_of(client, "?site=hubin")
    assert titles(soup) == ["湖滨区停车办法"]
    assert soup.select_one("input[name=site][value=hubin]")


def test_nothing_that_is_not_public_is_listed_or_counted(
    world: World, client: Client, shelf: dict[str, PolicyPage]
) -> None:
    make_policy(world.column, title="草案", live=False)
    shelf["jobs"].unpublish()
    PageViewRestriction.objects.create(page=shelf["bikes"], restriction_type="login")
    SiteRecord.objects.filter(pk=world.hubin.pk).update(state=SiteRecord.State.CLOSED)
    from portal.core import structure

    structure.touch()
    soup = soup_of(client)
    assert set(titles(soup)) == {"旧的通知", "高新区人才办法"}
    assert sum(offers(soup, "level").values()) == 2
    feed = client.get("/policies/feed.xml").content.decode()
    assert not any(title in feed for title in ("草案", "促进就业", "自行车", "湖滨区停车"))


def test_an_alias_is_no_second_document(
    world: World, client: Client, shelf: dict[str, PolicyPage]
) -> None:
    shelf["bikes"].create_alias(parent=world.hubin_column)
    assert titles(soup_of(client)).count("公共自行车管理办法") == 1


@pytest.mark.parametrize("query", ["?site=nowhere", "?page=0", "?page=x", "?page=999", "?page=²"])
@pytest.mark.usefixtures("shelf")
def test_what_is_not_there_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/policies/{query}").status_code == 404


def test_off_means_no_library(world: World, client: Client) -> None:
    with disable_plugin("policy_interpretation", world.site):
        assert client.get("/policies/").status_code == 404


# --- narrowing -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=自行车", {"公共自行车管理办法"}),
        ("q=办法+管理", {"公共自行车管理办法"}),
        ("q=云政发〔2026〕12号", {"公共自行车管理办法"}),
        ("q=云政发[2026]12号", {"公共自行车管理办法"}),
        ("q=云政发（２０２６）１２號", {"公共自行车管理办法"}),
        ("q=政发【2026】", {"公共自行车管理办法", "湖滨区停车办法"}),
        ("q=100%25", set()),
        ("theme=15", {"促进就业若干意见"}),
        ("theme=1501", {"促进就业若干意见"}),
        ("theme=1502", set()),
        ("year=2025", {"促进就业若干意见"}),
        ("genre=办法", {"公共自行车管理办法"}),
        ("level=district", {"湖滨区停车办法", "高新区人才办法"}),
        ("validity=expired", {"旧的通知"}),
        ("validity=not_yet_effective", {"高新区人才办法"}),
        ("audience=就业", {"公共自行车管理办法", "促进就业若干意见"}),
        ("audience=就业&year=2026", {"公共自行车管理办法"}),
        ("body=云湖市人民政府", ALL),
        ("body=无此机关", set()),
        # Values that do not exist narrow by nothing.
        ("genre=nonsense&level=x&validity=%27&year=20x6&theme=1&audience=1", ALL),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_narrowing(client: Client, query: str, expected: set[str]) -> None:
    soup = soup_of(client, f"?{query}")
    assert set(titles(soup)) == expected
    if not expected:
        assert soup.select_one(".empty")


@pytest.mark.usefixtures("shelf")
def test_facets_count_what_each_choice_would_leave(client: Client) -> None:
    soup = soup_of(client, "?audience=就业")
    assert offers(soup, "year") == {"2026": 1, "2025": 1}
    # A facet's own choice does not narrow what it offers.
    assert offers(soup, "audience") == {"就业": 2, "养老": 1}
    [chosen] = soup.select("[aria-labelledby=facet-audience] [aria-current]")
    assert chosen["href"] == "?"


@pytest.mark.usefixtures("shelf")
def test_figures_are_counted_once_and_follow_what_is_published(
    client: Client, column: Page, queries: Callable[[str], list[str]]
) -> None:
    assert len(queries("/policies/")) <= 4  # of the second look: what is counted is kept
    before = offers(soup_of(client), "year")
    page = make_policy(column, title="新的办法", issued_on=DAY(2026, 9, 1))
    after = offers(soup_of(client), "year")
    assert after == before | {"2026": before["2026"] + 1}
    page.unpublish()
    assert offers(soup_of(client), "year") == before


@pytest.mark.usefixtures("shelf")
def test_a_class_of_themes_opens_its_subclasses(client: Client) -> None:
    assert list(offers(soup_of(client), "theme").values()) == [1]
    assert list(offers(soup_of(client, "?theme=15"), "theme").values()) == [1, 1]


@pytest.mark.usefixtures("shelf")
def test_orders(client: Client) -> None:
    oldest = titles(soup_of(client, "?sort=oldest"))
    assert oldest[0] == "旧的通知"
    assert titles(soup_of(client, "?sort=issued"))[-1] == "旧的通知"


def test_pages_keep_the_filters(column: Page, client: Client) -> None:
    for number in range(21):
        make_policy(column, title=f"办法{number}")
    soup = soup_of(client, "?level=municipal&utm_source=x")
    following = soup.select_one("a[rel=next]")
    assert following is not None
    assert following["href"] == "?level=municipal&page=2"
    assert len(titles(soup_of(client, "?level=municipal&page=2"))) == 1


@pytest.mark.usefixtures("shelf")
def test_search_engines_see_the_whole_list_and_none_of_its_cuts(client: Client) -> None:
    robots = "meta[name=robots][content^=noindex]"
    assert soup_of(client).select_one(robots) is None
    assert soup_of(client, "?site=hubin").select_one(robots) is None
    assert soup_of(client, "?year=2026").select_one(robots)
    assert soup_of(client, "?sort=oldest").select_one(robots)


def test_an_empty_library_says_so(world: World, client: Client) -> None:
    assert soup_of(client).select_one(".empty")


def test_a_repealed_document_is_never_listed_as_in_force(
    column: Page, client: Client, shelf: dict[str, PolicyPage]
) -> None:
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="repeals", target=shelf["bikes"])]
    republish(new)
    assert "公共自行车管理办法" not in titles(soup_of(client, "?validity=valid"))
    row = next(
        row
        for row in soup_of(client).select(".document")
        if "自行车" in row.get_text()
    )  # fmt: skip
    assert row.select_one(".mark")
    feed = ElementTree.fromstring(client.get("/policies/feed.xml").content)
    [title] = [
        item.text
        for item in feed.iterfind(".//{http://www.w3.org/2005/Atom}entry/{*}title")
        if "自行车" in (item.text or "")
    ]
    assert (title or "").startswith("【")


# --- cost ----------------------------------------------------------------------------------------
@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("query", ["", "?theme=15&validity=valid&audience=就业&q=就业&year=2025"])
def test_the_library_keeps_its_budget(queries: Callable[[str], list[str]], query: str) -> None:
    made = queries(f"/policies/{query}")
    assert len(made) <= 12, "\n".join(made)


def test_queries_do_not_grow_with_the_documents(
    column: Page, queries: Callable[[str], list[str]]
) -> None:
    make_policy(column, body=[clause("第一条", "一")])
    before = len(queries("/policies/"))
    for number in range(5):
        make_policy(column, title=f"办法{number}")
    assert len(queries("/policies/")) == before
    assert PolicyRecord.objects.count() == 6
