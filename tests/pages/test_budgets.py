"""Queries of public pages: few, and as many with much content as with little.

The bars are the design's (article 10, list 12, home 18); these tests keep the goals below them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import ArticleFactory, ColumnFactory, TopicFactory, World, publish

pytestmark = pytest.mark.django_db

GOALS = {"/yaowen/a/": 6, "/yaowen/": 8, "/": 12, "/hubin/": 12, "/sitemap/": 6}


@pytest.fixture
def queries(client: Client) -> Callable[[str], list[str]]:
    """The queries of a second request: the first one fills the memory of the process."""

    def count(path: str) -> list[str]:
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return [query["sql"] for query in captured]

    return count


@pytest.fixture
def busy_world(world: World) -> World:
    columns = [ColumnFactory(parent=world.home) for _ in range(6)]
    for column in columns:
        ArticleFactory(parent=column)
    ArticleFactory(parent=world.column, slug="a")
    ArticleFactory.create_batch(2, parent=world.column)
    TopicFactory(parent=world.home)
    feeds = [
        ("feed", {"column": column, "title": "", "count": 6, "style": "list"})
        for column in (world.column, *columns)
    ]
    publish(world.home, sections=[*feeds, ("topics", {"title": ""}), ("sub_sites", {"title": ""})])
    return world


@pytest.mark.parametrize(("path", "goal"), GOALS.items())
def test_the_goals(
    busy_world: World, queries: Callable[[str], list[str]], path: str, goal: int
) -> None:
    made = queries(path)
    assert len(made) <= goal, "\n".join(made)


def test_ten_times_the_content_costs_no_query_more(
    busy_world: World, queries: Callable[[str], list[str]]
) -> None:
    before = {path: len(queries(path)) for path in GOALS}
    ArticleFactory.create_batch(30, parent=busy_world.column)
    for _ in range(10):
        ArticleFactory(parent=ColumnFactory(parent=busy_world.home))
    assert {path: len(queries(path)) for path in GOALS} == before


def test_nothing_is_written_while_reading(
    busy_world: World, queries: Callable[[str], list[str]]
) -> None:
    verbs = {sql.split()[0] for path in GOALS for sql in queries(path)}
    assert verbs <= {"SELECT"}


def test_signed_in_editors_pay_little_more(
    busy_world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    from tests.factories import UserFactory

    client.force_login(UserFactory(superuser=True))
    client.get("/yaowen/a/")
    with django_assert_max_num_queries(10):
        client.get("/yaowen/a/")
