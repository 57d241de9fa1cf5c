"""Pages of a list: every page has a link that leads on, none leads nowhere."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.pages.models.columns import PER_PAGE
from portal.pages.pagination import Pagination
from tests.factories import ArticleFactory, World
from tests.factories.worlds import SUB_SITE_HOST

COUNTS = st.integers(0, 5000)
SIZES = st.integers(1, 50)


def test_addresses() -> None:
    second = Pagination(2, 50, 20, "/news/")
    assert (second.pages, second.previous_url, second.next_url) == (3, "/news/", "/news/page/3/")
    assert Pagination(1, 0, 20, "/news/").pages == 1
    assert Pagination(1, 20, 20, "/news/").next_url == ""
    assert Pagination(1, 21, 20, "/news/").next_url == "/news/page/2/"


def test_the_gaps_are_told() -> None:
    items = Pagination(10, 400, 20, "/n/").items
    assert [label for label, _url, _current in items] == [
        "1", "…", "8", "9", "10", "11", "12", "…", "20",
    ]  # fmt: skip


@given(COUNTS, SIZES, st.data())
def test_always(count: int, size: int, data: st.DataObject) -> None:
    pages = Pagination(1, count, size, "/n/").pages
    assert (pages - 1) * size < max(count, 1) <= max(pages * size, 1)
    number = data.draw(st.integers(1, pages))
    here = Pagination(number, count, size, "/n/")
    assert bool(here.previous_url) == (number > 1)
    assert bool(here.next_url) == (number < pages)
    labels = [label for label, _url, _current in here.items]
    assert [label for label, _url, current in here.items if current] == [str(number)]
    assert labels[0] == "1"
    assert labels[-1] == str(pages)
    shown = [int(label) for label in labels if label != "…"]
    assert shown == sorted(set(shown))
    for label, url, _current in here.items:
        assert url == ("" if label == "…" else here.url(int(label)))
    assert len(labels) <= 9


@given(COUNTS, SIZES)
def test_going_on_and_on_reaches_the_end(count: int, size: int) -> None:
    pages = Pagination(1, count, size, "/n/").pages
    assert {Pagination(n, count, size, "/n/").next_url for n in range(1, pages + 1)} == {
        *(f"/n/page/{n}/" for n in range(2, pages + 1)),
        "",
    }


@pytest.mark.django_db
def test_each_list_page_names_itself_and_its_neighbours(world: World, client: Client) -> None:
    ArticleFactory.create_batch(2 * PER_PAGE + 1, parent=world.column)
    expected = {
        "/yaowen/": ("/yaowen/", "", "/yaowen/page/2/"),
        "/yaowen/page/2/": ("/yaowen/page/2/", "/yaowen/", "/yaowen/page/3/"),
        "/yaowen/page/3/": ("/yaowen/page/3/", "/yaowen/page/2/", ""),
    }
    for path, (canonical, before, after) in expected.items():
        head = client.get(path).content.decode().partition("</head>")[0]
        links = dict(re.findall(r'<link rel="(canonical|prev|next)" href="([^"]*)">', head))
        origin = links["canonical"].partition("/yaowen")[0]
        assert origin.startswith("http")
        assert links["canonical"] == origin + canonical
        assert (links.get("prev", ""), links.get("next", "")) == (before, after)
    assert client.get("/yaowen/page/1/").status_code == 404


@pytest.mark.django_db
def test_a_list_page_of_a_sub_site_with_its_own_host(world: World, client: Client) -> None:
    ArticleFactory.create_batch(PER_PAGE + 1, parent=world.gaoxin_column)
    html = client.get("/dongtai/page/2/", headers={"host": SUB_SITE_HOST}).content.decode()
    assert f'rel="canonical" href="http://{SUB_SITE_HOST}/dongtai/page/2/"' in html
