"""The hub: what stands in it, in which order, what it costs; its feed, lists and languages."""

import datetime
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from portal.participation.lists import Activities, OpenActivities, Results
from portal.participation.models import Activity
from portal.testing import disable_plugin
from tests.factories import World

from .factories import DAY, make_solicitation, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(world: World) -> dict[str, Any]:
    """One of each state."""
    return {
        "open": make_solicitation(world.column, title="征求意见中", slug="open", since=-3, until=4),
        "coming": make_survey(world.column, title="问卷将开始", slug="coming", since=2, until=9),
        "owed": make_survey(world.column, title="问卷已结束", slug="owed", since=-20, until=-10),
        "closed": make_solicitation(
            world.column, title="听证已反馈", slug="closed", since=-40, until=-30,
            form="hearing", result_summary="采纳两条。",
        ),
        "hubin": make_survey(world.hubin_column, title="区里的问卷", slug="hubin", since=-1),
    }  # fmt: skip


def soup_of(client: Client, query: str = "", path: str = "/participation/") -> BeautifulSoup:
    response = client.get(f"{path}{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in soup.select(".activity__title a")]


def test_open_ones_come_first_and_end_soonest_on_top(client: Client, shelf: Any) -> None:
    soup = soup_of(client)
    assert titles(soup) == ["征求意见中", "区里的问卷", "问卷将开始", "问卷已结束", "听证已反馈"]
    assert len(soup.select(".activities__stage")) == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?stage=open", ["征求意见中", "区里的问卷"]),
        ("?stage=coming", ["问卷将开始"]),
        ("?stage=owed", ["问卷已结束"]),
        ("?stage=closed", ["听证已反馈"]),
        ("?kind=solicitation", ["征求意见中", "听证已反馈"]),
        ("?form=hearing", ["听证已反馈"]),
        ("?kind=survey&stage=open", ["区里的问卷"]),
        ("?kind=interview", []),
        ("?site=hubin", ["区里的问卷"]),
    ],
)
def test_filters(client: Client, shelf: Any, query: str, found: list[str]) -> None:
    assert titles(soup_of(client, query)) == found


@pytest.mark.parametrize("query", ["?stage=nonsense", "?kind=%00", "?form=survey"])
def test_what_does_not_exist_shows_everything(client: Client, shelf: Any, query: str) -> None:
    assert len(titles(soup_of(client, query))) == 5


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=9", "?site=nowhere"])
def test_addresses_that_lead_nowhere(client: Client, shelf: Any, query: str) -> None:
    assert client.get(f"/participation/{query}").status_code == 404


def test_a_choice_says_how_many_it_would_leave(client: Client, shelf: Any) -> None:
    soup = soup_of(client, "?kind=survey")
    offers = {
        link.contents[0].strip(): int(link.select_one(".facet__count").get_text())
        for link in soup.select("[aria-labelledby=activities-stage] a")
    }
    # Three surveys: one open, one coming, one owed; nothing closed is offered.
    assert sorted(offers.values()) == [1, 1, 1, 3]


def test_it_says_since_when_a_result_is_owed(client: Client, shelf: Any) -> None:
    owed = Activity.objects.get(page=shelf["owed"].pk)
    shown = soup_of(client, "?stage=owed").select_one(".activity__owed time").get_text()
    assert shown == f"{timezone.localtime(owed.closes_at):%Y-%m-%d}"
    assert not soup_of(client, "?stage=open").select(".activity__owed")


def test_drafts_and_private_columns_stay_out(client: Client, world: World, shelf: Any) -> None:
    make_survey(world.column, title="草稿", slug="draft", live=False)
    assert "草稿" not in titles(soup_of(client))
    PageViewRestriction.objects.create(
        page=world.hubin_column, restriction_type=PageViewRestriction.LOGIN
    )
    assert "区里的问卷" not in titles(soup_of(client))


def test_a_withdrawn_activity_leaves(client: Client, shelf: Any) -> None:
    shelf["open"].unpublish()
    assert "征求意见中" not in titles(soup_of(client))


def test_it_costs_the_same_with_many(
    world: World, shelf: Any, queries: Callable[[str], list[str]]
) -> None:
    few = len(queries("/participation/"))
    for number in range(12):
        make_survey(world.column, title=f"问卷{number}", slug=f"many-{number}", since=-1)
    assert len(queries("/participation/")) == few <= 12


def test_where_the_plugin_is_off_there_is_no_hub(client: Client, world: World, shelf: Any) -> None:
    with disable_plugin("participation", world.site.pk):
        assert client.get("/participation/").status_code == 404


def test_the_feed_names_what_is_newest_and_how_far_it_is(client: Client, shelf: Any) -> None:
    response = client.get("/participation/feed.xml")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    found = ElementTree.fromstring(response.content)
    entries = [one.text or "" for one in found.findall(".//{*}entry/{*}title")]
    assert len(entries) == 5
    assert all("】" in title for title in entries)
    only = client.get("/participation/feed.xml?kind=survey&site=hubin")
    assert only.content.decode().count("<entry>") == 1


def test_lists_for_homes(world: World, shelf: Any) -> None:
    def told(source: Activities, site: int | None) -> set[str]:
        items = source.items(site=site, language="zh-hans", count=10)
        return {item.title for item in items}

    assert told(OpenActivities(), world.site.pk) == {"征求意见中", "区里的问卷"}
    assert told(OpenActivities(), world.hubin.pk) == {"区里的问卷"}
    assert told(Results(), world.site.pk) == {"听证已反馈"}
    assert len(told(Activities(), world.site.pk)) == 5


def test_an_end_that_passes_moves_an_activity_without_anybody(
    client: Client, shelf: Any, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now() + 5 * DAY + datetime.timedelta(hours=1))
    assert "征求意见中" in titles(soup_of(client, "?stage=owed"))


def test_the_part_of_the_activities_is_marked_and_leads_to_the_hub(
    client: Client, world: World, shelf: dict[str, Any]
) -> None:
    current = soup_of(client).select(".nav [aria-current]")
    assert [link["href"] for link in current] == ["/yaowen/"]
    below = [link["href"] for link in soup_of(client, path="/").select(".menu__children a")]
    assert below.count("/participation/") == 1
    assert "/participation/?site=hubin" not in below
    beside = soup_of(client, path="/yaowen/").select(".local-menu__item")
    assert beside[0]["href"] == "/participation/"
