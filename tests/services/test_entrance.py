"""The one entrance: what it offers, how lists narrow, what they cost, finding by everyday words."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import PageViewRestriction

from portal.plugin_api import capability, list_sources, menu_items, service_guides
from portal.services.models import GuidePage
from portal.services.selectors import shelf as shelves
from portal.services.selectors.finding import essential
from portal.services.selectors.lists import Filters, GuideList, newest_guides
from portal.testing import disable_plugin
from tests.factories import OrganisationFactory, World
from tests.factories.worlds import SUB_SITE_HOST

from .factories import make_guide, term

pytestmark = pytest.mark.django_db


def soup_of(client: Client, path: str, host: str = "testserver") -> BeautifulSoup:
    response = client.get(path, headers={"host": host})
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in soup.select(".services-item__title a")]


def offers(soup: BeautifulSoup, part: str) -> dict[str, int]:
    """What a part of the page offers: label → number of guides."""
    found = {}
    for item in soup.select(part):
        link, count = item.select_one("a"), item.select_one(".services-count, .facet__count")
        assert link is not None
        assert count is not None
        found[link.get_text().removesuffix(count.get_text()).strip()] = int(count.get_text())
    return found


@pytest.fixture
def guides(world: World) -> dict[str, GuidePage]:
    """Four guides that differ in everything that one can narrow by; one of a sub-site."""
    police = OrganisationFactory(full_name="云湖市公安局", code="gaj")
    school = OrganisationFactory(full_name="云湖市教育局", code="jyj")
    return {
        "permit": make_guide(
            world.column, title="居住证申领", everyday_names="居住证 暂住证", owner_unit=police,
            summary="在云湖住满半年可以申领。", served="natural",
            online_level=term("online_level", "yici"), item_type=term("item_type", "queren"),
            terms=[term("life_event", "luohu"), term("person", "xinshimin")],
        ),
        "school": make_guide(
            world.column, title="义务教育入学报名", everyday_names="孩子上学 上小学", owner_unit=school,
            summary="网上报名。", served="natural", online_level=term("online_level", "quancheng"),
            terms=[term("life_event", "ruxue"), term("person", "xinshimin"),
                   term("subject", "jiaoyu")],
        ),
        "birth": make_guide(
            world.column, title="新生儿出生登记", everyday_names="孩子落户 上户口", owner_unit=police,
            summary="孩子出生后一个月内申报。", served="natural",
            terms=[term("life_event", "shengyu")],
        ),
        "company": make_guide(
            world.gaoxin_column, title="企业设立登记", everyday_names="开公司 办执照",
            summary="半天领齐。", served="legal",
            terms=[term("life_event", "chuangye"), term("person", "qiye")],
        ),
    }  # fmt: skip


# --- the page -------------------------------------------------------------------------------------
def test_the_entrance_counts_the_guides_of_all_sites_by_every_list(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    soup = soup_of(client, "/services/")
    assert offers(soup, "[aria-labelledby=services-person] .services-tile") == {
        "新市民": 2,
        "企业": 1,
    }
    assert offers(soup, "[aria-labelledby=services-event] .services-tile")["生育收养"] == 1
    letters = [link.get_text() for link in soup.select(".services-letters a")]
    assert letters == ["J: 1", "Q: 1", "X: 1", "Y: 1"]
    assert soup.select_one("meta[name=robots]") is None


def test_a_sub_site_shows_its_own_only(client: Client, guides: dict[str, GuidePage]) -> None:
    soup = soup_of(client, "/services/?served=legal", SUB_SITE_HOST)
    assert titles(soup) == ["企业设立登记"]
    assert "居住证" not in soup_of(client, "/services/catalogue/", SUB_SITE_HOST).get_text()
    empty = soup_of(client, "/services/?site=hubin")
    assert empty.select_one(".empty") is not None


def test_an_unknown_site_is_not_found(client: Client, guides: dict[str, GuidePage]) -> None:
    assert client.get("/services/?site=nowhere").status_code == 404


def test_filters_narrow_and_are_links_that_widen_again(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    soup = soup_of(client, "/services/?person=xinshimin")
    assert titles(soup) == ["居住证申领", "义务教育入学报名"]  # J before Y
    assert offers(soup, "[aria-labelledby=facet-event] li") == {"入学升学": 1, "户籍迁移": 1}
    chosen = soup.select_one(".services-chip")
    assert chosen is not None
    assert chosen["href"] == "?"
    narrower = soup_of(client, "/services/?person=xinshimin&event=ruxue")
    assert titles(narrower) == ["义务教育入学报名"]
    robots = narrower.select_one("meta[name=robots]")
    assert robots is not None
    assert "noindex" in robots["content"]


def test_a_choice_that_leaves_nothing_says_so_and_leads_on(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    soup = soup_of(client, "/services/?person=nobody")
    empty = soup.select_one(".empty")
    assert empty is not None
    assert [link["href"] for link in empty.select("a")] == ["/services/", "/services/catalogue/"]


def test_what_is_no_longer_public_is_not_listed_at_once(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    assert "新生儿出生登记" in titles(soup_of(client, "/services/?event=shengyu"))
    guides["birth"].unpublish()
    assert titles(soup_of(client, "/services/?event=shengyu")) == []


def test_a_guide_below_a_private_column_is_not_listed(
    client: Client, world: World, guides: dict[str, GuidePage]
) -> None:
    PageViewRestriction.objects.create(page=world.gaoxin_column, restriction_type="login")
    assert titles(soup_of(client, "/services/?served=legal")) == []


def test_without_guides_the_page_says_so(client: Client, world: World) -> None:
    soup = soup_of(client, "/services/")
    assert soup.select_one(".empty") is not None
    assert soup.select_one(".services-question") is None


def test_where_the_plugin_is_off_there_is_no_entrance(client: Client, world: World) -> None:
    with disable_plugin("services"):
        assert client.get("/services/").status_code == 404


def test_the_catalogue_counts_and_narrows_by_unit(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    soup = soup_of(client, "/services/catalogue/")
    assert len(soup.select("tbody tr")) == 4
    assert offers(soup, "[aria-labelledby=facet-unit] li")["云湖市公安局"] == 2
    assert len(soup_of(client, "/services/catalogue/?unit=gaj").select("tbody tr")) == 2


def test_the_online_list_says_the_level_of_each(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    soup = soup_of(client, "/services/online/")
    numbers = [item.get_text() for item in soup.select(".services-levels__number")]
    assert [text.split(" ·")[1].strip() for text in numbers] == ["25%", "25%"]
    only = soup_of(client, "/services/online/?online=quancheng")
    assert [row.get_text() for row in only.select("tbody th")] == ["义务教育入学报名"]


def test_the_guided_path_asks_two_questions(client: Client, guides: dict[str, GuidePage]) -> None:
    first = soup_of(client, "/services/guided/")
    link = next(a for a in first.select(".services-tile a") if a.get_text() == "新市民")
    second = soup_of(client, "/services/guided/" + str(link["href"]))
    offered = {a.get_text(): str(a["href"]) for a in second.select(".services-tile a")}
    assert set(offered) == {"入学升学", "户籍迁移"}  # nothing that leaves nothing
    third = soup_of(client, "/services/guided/" + offered["户籍迁移"])
    assert titles(third) == ["居住证申领"]


def test_pages_of_a_list(
    client: Client, guides: dict[str, GuidePage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.entrance_views.PER_PAGE", 2)
    assert titles(soup_of(client, "/services/?served=natural")) == ["居住证申领", "新生儿出生登记"]
    assert titles(soup_of(client, "/services/?served=natural&page=2")) == ["义务教育入学报名"]
    assert client.get("/services/?served=natural&page=3").status_code == 404
    assert client.get("/services/?served=natural&page=x").status_code == 404


def test_pages_cost_few_queries(
    queries: Callable[[str], list[str]], guides: dict[str, GuidePage]
) -> None:
    paths = ["", "?person=xinshimin", "?q=孩子上学", "catalogue/", "online/", "guided/"]
    assert [path for path in paths if len(queries(f"/services/{path}")) > 12] == []


def test_narrowing_costs_the_same_with_many_guides() -> None:
    """Counted on the shelf alone: ten times the guides, about the same time."""
    small, large = _shelf(1000), _shelf(10_000)

    def cost(found: shelves.Shelf) -> float:
        listed = GuideList.__new__(GuideList)
        listed.filters, listed.shelf, listed.base = Filters(unit="u1"), found, found.all
        listed._chosen = {"unit": found.having(shelves.UNIT, "u1")}
        best = 9.0
        for _try in range(5):
            began = time.process_time()
            for _round in range(20):  # one alone is shorter than what the clock tells apart
                for name in ("unit", "letter", "event"):
                    listed.facet(name)
                found.piece(listed.guides(), 40, 20)
            best = min(best, time.process_time() - began)
        return best

    # Reading the guides one by one would be ten times.
    assert cost(large) < 3 * cost(small)


def _shelf(count: int) -> shelves.Shelf:
    terms = {
        n: shelves.Term(n, "life_event", f"e{n}", f"事{n}", "", "", "", n) for n in range(1, 13)
    }
    units = {n: shelves.UnitName(n, f"u{n}", f"局{n}", "", n) for n in range(1, 31)}
    rows = [
        shelves._Row(n, "0001", f"item {n}", "", "", "natural", n % 30 + 1, None, None)
        for n in range(count)
    ]
    return shelves.Shelf(rows, terms, {n: [n % 12 + 1] for n in range(count)}, units)


# --- finding --------------------------------------------------------------------------------------
def found(text: str, site: int | None = None) -> list[str]:
    provider = capability(service_guides, site)
    assert provider is not None
    return [guide.title for guide in provider.find(text, site=site, language="zh-hans")]


EVERYDAY = {
    "我想办居住证": "居住证申领",
    "居住证怎么办理": "居住证申领",
    "暂住证需要什么材料": "居住证申领",
    "孩子上学": "义务教育入学报名",
    "孩子上小学怎么报名": "义务教育入学报名",
    "给孩子上户口": "新生儿出生登记",
    "我要开公司": "企业设立登记",
}
NOT_SERVICES = [
    "今天天气怎么样", "我想办", "护照", "市长是谁", "", "办理需要什么材料", "'; DROP TABLE",
]  # fmt: skip


def test_everyday_words_find_the_guide(guides: dict[str, GuidePage]) -> None:
    assert {text: found(text)[:1] for text in EVERYDAY} == {
        text: [title] for text, title in EVERYDAY.items()
    }


def test_what_does_not_fit_finds_nothing(guides: dict[str, GuidePage]) -> None:
    assert {text: found(text) for text in NOT_SERVICES} == {text: [] for text in NOT_SERVICES}


def test_words_around_the_matter_count_for_nothing() -> None:
    assert essential("请问我想办居住证需要什么材料") == ["居住证"]


def test_guides_of_the_own_and_the_main_site_are_found(
    world: World, guides: dict[str, GuidePage]
) -> None:
    assert found("我要开公司", world.gaoxin.pk) == ["企业设立登记"]
    assert found("居住证", world.gaoxin.pk) == ["居住证申领"]
    assert found("我要开公司", world.hubin.pk) == []


def test_a_found_guide_has_its_facts(guides: dict[str, GuidePage]) -> None:
    provider = capability(service_guides, None)
    assert provider is not None
    [guide] = provider.find("居住证", site=None, language="zh-hans", count=1)
    assert guide.url.endswith("/yaowen/ju-zhu-zheng-shen-ling/")
    assert guide.unit == "云湖市公安局"
    assert ("最多跑一次") in [value for _label, value in guide.facts]


def test_the_question_of_the_entrance_lists_the_best_first(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    soup = soup_of(client, "/services/?q=给孩子上户口")
    assert titles(soup)[0] == "新生儿出生登记"
    field = soup.select_one("#services-q")
    assert field is not None
    assert field["value"] == "给孩子上户口"


def test_the_search_page_shows_guides_above_the_results(
    client: Client, guides: dict[str, GuidePage]
) -> None:
    page = client.get("/search/", {"q": "我想办居住证"}).content.decode()
    assert "居住证申领" in page
    assert "/yaowen/ju-zhu-zheng-shen-ling/" in page


# --- connections ----------------------------------------------------------------------------------
def test_the_menu_leads_to_the_entrance_where_the_guides_are(
    world: World, guides: dict[str, GuidePage]
) -> None:
    from portal.plugin_api import MenuItem

    items: list[Any] = [
        MenuItem("首页", "/", world.home.pk + 1000),
        MenuItem("办事", "/x/", world.column.pk),
    ]
    changed = menu_items.apply(items, site=world.site.pk, language="zh-hans")
    assert [child.url for child in changed[1].children] == ["/services/"]
    assert not changed[0].children


def test_the_part_of_the_guides_is_marked_and_leads_to_the_entrance(
    client: Client, world: World, guides: dict[str, GuidePage]
) -> None:
    for path in ("/services/", "/services/catalogue/"):
        current = soup_of(client, path).select(".nav [aria-current]")
        assert [link["href"] for link in current] == ["/yaowen/"], path
    assert not soup_of(client, "/").select(".nav [aria-current]")
    beside = soup_of(client, "/yaowen/").select(".local-menu__item")
    assert beside[0]["href"] == "/services/"


def test_newest_guides_of_a_site_and_what_lies_in_it(
    world: World, guides: dict[str, GuidePage]
) -> None:
    assert len(newest_guides(world.site.pk, "zh-hans", 3)) == 3
    assert [item.title for item in newest_guides(world.gaoxin.pk, "zh-hans", 3)] == ["企业设立登记"]
    assert "services.newest" in [entry.key for entry in list_sources.entries()]
