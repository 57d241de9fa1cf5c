"""What answers cost in queries, whatever the amount of content."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.api.selectors import Choice

from .conftest import NOON, Api, City


@contextmanager
def at_most(number: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as queries:
        yield
    assert len(queries) <= number, "\n".join(query["sql"] for query in queries)


@pytest.fixture
def warm(api: Api, city: City) -> Api:
    """The structure is in memory, as it is in a process that has answered before."""
    api.get("sites")
    api.get("pages?page_size=100")
    api.get(f"pages/{city.pk('News 0')}")
    return api


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("sites", 1),
        ("sites/yunhu", 1),
        ("columns?page_size=100", 3),
        ("pages?page_size=100", 6),  # with translations among them: who made those
        ("pages?site=yunhu&kind=article&from=2026-01-01", 6),
        ("pages?site=yunhu&language=zh-hans", 5),
        ("organisations?page_size=100", 3),
        ("organisations/city-hall", 4),
        ("openapi.json", 0),
    ],
)
def test_queries(warm: Api, address: str, queries: int) -> None:
    with at_most(queries):
        warm.json(address)


def test_queries_of_details(warm: Api, city: City) -> None:
    with at_most(4):
        warm.json(f"columns/{city.pk('News')}")
    with at_most(5):
        warm.json(f"pages/{city.pk('News 0')}")


def test_the_end_of_a_long_list_asks_nothing_beyond_it(warm: Api, city: City) -> None:
    with at_most(4):
        warm.json(f"pages?column={city.pk('News')}&page=100000")


def test_queries_stay_when_content_grows(warm: Api, city: City) -> None:
    with CaptureQueriesContext(connection) as queries:
        warm.json("pages?page_size=100")
        before = len(queries)
    for number in range(20):
        city.article(city.pages["Local news"], f"More {number}", day=number)
    warm.json("sites")
    with at_most(before):
        assert len(warm.json("pages?page_size=100")["items"]) > 20
    for number in range(20):
        del city.pages[f"More {number}"]


@pytest.mark.parametrize("choice", [Choice(), Choice(first=NOON.date())], ids=["all", "days"])
def test_the_newest_come_through_the_index(city: City, db: None, choice: Choice) -> None:
    """No sorting and no look at the rows themselves: the index of container and date has it all."""
    rows = choice.rows(city.pk("News")).order_by("-date", "-page_id")
    plan = rows.values_list("date", "page_id", "container_id")[:20].explain()
    if connection.vendor == "sqlite":
        assert "USING COVERING INDEX core_listing_date" in plan
        assert "TEMP B-TREE" not in plan


def test_days_are_the_portals_own() -> None:
    (condition,) = [
        child for child in Choice(first=datetime.date(2026, 3, 2)).rows(1).query.where.children
        if child.lookup_name == "gte"
    ]  # fmt: skip
    assert condition.rhs.isoformat() == "2026-03-02T00:00:00+08:00"
