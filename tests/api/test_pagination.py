from typing import Any

import pytest

from portal.api import selectors
from portal.api.selectors import Choice
from portal.core.models import ListingCount

from .conftest import Api, City


def walk(api: Api, address: str) -> list[dict[str, Any]]:
    """All pages of a list, by following ``next``."""
    pages = []
    following: str | None = f"/api/v1/{address}"
    while following:
        answer = api.client.get(following).json()
        pages.append(answer)
        following = answer["next"]
    return pages


@pytest.mark.parametrize("kind", ["", "&kind=article", "&from=2026-01-01"])
def test_following_next_gives_each_page_once(api: Api, kind: str) -> None:
    whole = api.items(f"pages?page_size=100{kind}")
    parts = walk(api, f"pages?page_size=2{kind}")
    assert [item for part in parts for item in part["items"]] == whole
    assert {part["total"] for part in parts} == {parts[0]["total"]}


def test_addresses_keep_the_question(api: Api) -> None:
    answer = api.json("pages?site=yunhu&page=2&page_size=2&from=2026-01-01")
    expected = "http://testserver/api/v1/pages?site=yunhu&page={}&page_size=2&from=2026-01-01"
    assert answer["next"] == expected.format(3)
    assert answer["previous"] == expected.format(1)
    assert (answer["page"], answer["page_size"]) == (2, 2)


@pytest.mark.parametrize("address", ["sites", "columns", "organisations", "pages"])
def test_the_ends_of_a_list(api: Api, address: str) -> None:
    first = api.json(f"{address}?page_size=1")
    assert first["previous"] is None
    assert first["next"]
    assert len(first["items"]) == 1
    beyond = api.json(f"{address}?page_size=1&page=1000")
    assert beyond["items"] == []
    assert beyond["next"] is None
    assert f"page={first['total']}" in beyond["previous"]


def test_an_empty_list(api: Api) -> None:
    answer = api.json("pages?kind=poem")
    assert answer == {
        "total": 0, "page": 1, "page_size": 20, "next": None, "previous": None, "items": [],
    }  # fmt: skip


def test_total_comes_from_the_kept_counts(api: Api, city: City) -> None:
    ListingCount.objects.filter(container=city.pages["News"]).update(count=4711)
    assert api.json(f"pages?column={city.pk('News')}")["total"] == 4711


def test_total_is_unknown_where_counting_would_cost(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "COUNTED", 3)
    answer = api.json("pages?kind=article&page=2&page_size=2")
    assert answer["total"] is None
    assert answer["next"]
    assert answer["previous"]


def test_more_containers_than_one_statement_may_join(
    api: Api, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = city.world
    heads = [world.home.pk, world.hubin_home.pk, world.gaoxin_home.pk, city.pk("Festival")]
    choice = Choice(kind="article")
    asked = {"offset": 2, "limit": 3}
    whole = selectors.newest(heads, choice, **asked), selectors.total(heads, choice)
    monkeypatch.setattr(selectors, "MAX_PARTS", 2)
    assert (selectors.newest(heads, choice, **asked), selectors.total(heads, choice)) == whole
