"""Sitemaps of a host: valid, whole, and not one address too much."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import PageViewRestriction

from portal.feeds.selectors import sitemap
from portal.plugin_api import SitemapAddress, sitemap_sources
from portal.plugins import switches
from portal.testing import disable_plugin
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    ExternalLinkFactory,
    StandardPageFactory,
    World,
    open_language,
    publish,
    without_foreign,
)
from tests.factories.worlds import SUB_SITE_HOST

from .reading import S, addresses, read_sitemap, whole_sitemap

pytestmark = pytest.mark.django_db

HERE = "http://testserver"


@pytest.fixture
def no_variants() -> Iterator[None]:
    """Without pages in traditional characters, which stand beside every Chinese one."""
    with disable_plugin("foreign"):
        yield


def test_it_holds_all_that_is_public_and_nothing_else(
    client: Client, world: World, no_variants: None
) -> None:
    ArticleFactory(parent=world.column, slug="a")
    ArticleFactory(parent=world.hubin_column, slug="b")
    StandardPageFactory(parent=world.home, slug="contact")
    # what is not to be found
    ArticleFactory(parent=world.column, slug="draft", draft=True)
    ExternalLinkFactory(parent=world.home, slug="away")
    ColumnFactory(parent=world.home, slug="blank")
    closed = ColumnFactory(parent=world.home, slug="closed")
    ArticleFactory(parent=closed, slug="c")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    over = timezone.now() - datetime.timedelta(seconds=1)
    ArticleFactory(parent=world.column, slug="over", expire_at=over)
    with (
        disable_plugin("policy_interpretation"),
        disable_plugin("services"),
        disable_plugin("interaction"),
        disable_plugin("participation"),
    ):
        found = whole_sitemap(client)
    assert set(found) == {
        f"{HERE}/",
        f"{HERE}/yaowen/",
        f"{HERE}/yaowen/a/",
        f"{HERE}/hubin/",
        f"{HERE}/hubin/dongtai/",
        f"{HERE}/hubin/dongtai/b/",
        f"{HERE}/contact/",
    }


def test_every_address_answers_and_wants_to_be_known(client: Client, world: World) -> None:
    ArticleFactory(parent=world.column)
    ArticleFactory(parent=world.gaoxin_column)
    for host in ("testserver", SUB_SITE_HOST):
        found = whole_sitemap(client, headers={"host": host})
        assert {f"http://{host}/{path}/" for path in ("policies", "services", "letters")} <= set(
            found
        )
        for url in found:
            answer = client.get(url.removeprefix(f"http://{host}"), headers={"host": host})
            assert answer.status_code == 200, url
            assert b'name="robots" content="noindex' not in answer.content, url


def test_each_host_speaks_of_itself_only(client: Client, world: World) -> None:
    ArticleFactory(parent=world.gaoxin_column, slug="g")
    ArticleFactory(parent=world.column, slug="a")
    there = whole_sitemap(client, headers={"host": SUB_SITE_HOST})
    assert f"http://{SUB_SITE_HOST}/dongtai/g/" in there
    assert all(url.startswith(f"http://{SUB_SITE_HOST}/") for url in there)
    assert all(url.startswith(f"{HERE}/") for url in whole_sitemap(client))


def test_what_stands_elsewhere_by_reference_is_named_once(
    client: Client, world: World, no_variants: None
) -> None:
    page = ArticleFactory(parent=world.column, slug="a")
    CreatePageAliasAction(page, parent=world.hubin_column, user=None).execute(
        skip_permission_checks=True
    )
    assert [url for url in whole_sitemap(client) if url.endswith("/a/")] == [f"{HERE}/yaowen/a/"]


def test_versions_in_other_languages_name_each_other(client: Client, world: World) -> None:
    english = open_language(world.site)
    with without_foreign():
        column = world.column.copy_for_translation(english.locale)
        column = publish(column, slug="news")
        ArticleFactory(parent=column, slug="a")
        ArticleFactory(parent=world.column, slug="only-chinese")
    found = whole_sitemap(client)
    same = {
        "zh-Hans": f"{HERE}/yaowen/",
        "zh-Hant": f"{HERE}/zh-hant/yaowen/",
        "en": f"{HERE}/en/news/",
        "x-default": f"{HERE}/yaowen/",
    }
    assert found[f"{HERE}/yaowen/"] == found[f"{HERE}/en/news/"] == same
    assert "en" not in found[f"{HERE}/yaowen/only-chinese/"]
    for url, links in found.items():
        for other in links.values():
            assert found[other] == links, f"{other} names {url} as well"


def test_pages_in_traditional_characters_stand_beside_the_others(
    client: Client, world: World
) -> None:
    ArticleFactory(parent=world.column, slug="a")
    found = whole_sitemap(client)
    here, there = f"{HERE}/yaowen/a/", f"{HERE}/zh-hant/yaowen/a/"
    assert found[here] == found[there]
    assert found[here]["zh-Hant"] == there
    assert client.get("/zh-hant/yaowen/a/").status_code == 200


def test_where_one_site_has_no_traditional_characters_no_part_is_empty(
    client: Client, world: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sitemap, "SIZE", 1)
    page = ArticleFactory(parent=world.hubin_column, slug="b")
    ArticleFactory(parent=world.column, slug="a")
    with switches.override({("foreign", world.hubin.pk): False}):
        found = whole_sitemap(client)  # asks for every part that the index names
        assert f"{HERE}/zh-hant/yaowen/a/" in found
        assert f"{HERE}/hubin/dongtai/{page.slug}/" in found
        assert f"{HERE}/zh-hant/hubin/dongtai/{page.slug}/" not in found


def test_withdrawing_and_publishing_show_at_once(client: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column, slug="a")
    assert f"{HERE}/yaowen/a/" in whole_sitemap(client)
    page.unpublish()
    assert f"{HERE}/yaowen/a/" not in whole_sitemap(client)
    publish(page)
    assert f"{HERE}/yaowen/a/" in whole_sitemap(client)


def test_the_last_change_of_a_column_is_that_of_its_list(client: Client, world: World) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=30)
    type(world.column).objects.filter(pk=world.column.pk).update(last_published_at=long_ago)
    page = ArticleFactory(parent=world.column, slug="a")
    changed: dict[str, str] = {}
    index = read_sitemap(client.get("/sitemap.xml").content)
    for part in index.iter(f"{S}loc"):
        root = read_sitemap(client.get(part.text.removeprefix(HERE)).content)
        for url in root.iter(f"{S}url"):
            changed[url.findtext(f"{S}loc")] = url.findtext(f"{S}lastmod")
    for path, moment in (("/yaowen/", page.first_published_at),
                         ("/yaowen/a/", page.last_published_at)):  # fmt: skip
        said = datetime.datetime.fromisoformat(changed[HERE + path])
        assert abs(said - moment) < datetime.timedelta(seconds=2)


def test_parts_are_cut_by_key(client: Client, world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(sitemap, "SIZE", 5)
    pages = ArticleFactory.create_batch(17, parent=world.column)
    index = read_sitemap(client.get("/sitemap.xml").content)
    assert len(list(index.iter(f"{S}loc"))) >= 4
    found = whole_sitemap(client)
    assert {f"{HERE}/yaowen/{page.slug}/" for page in pages} <= set(found)
    pages[3].unpublish()
    assert len(whole_sitemap(client)) < len(found)


@pytest.mark.parametrize(
    "path",
    [
        "/en/sitemap.xml",
        "/sitemap-en-pages-0.xml",
        "/sitemap-zh-hans-pages-999.xml",
        "/sitemap-zh-hans-nothing.here-1-0.xml",
        "/sitemap-pages-0.xml",
        "/sitemap-zh-hans-pages-0.xml.gz",
    ],
)
def test_what_is_no_part_is_not_there(client: Client, world: World, path: str) -> None:
    assert client.get(path).status_code == 404


def test_who_has_it_already_gets_304(client: Client, world: World) -> None:
    for path in ("/sitemap.xml", "/sitemap-zh-hans-pages-0.xml"):
        tag = client.get(path)["ETag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        ArticleFactory(parent=world.column)
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_queries_do_not_grow_with_the_pages(client: Client, world: World) -> None:
    def queries(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as made:
            client.get(path)
        return len(made)

    ArticleFactory(parent=world.column)
    part = "/sitemap-zh-hans-pages-0.xml"
    before = queries(part)
    ArticleFactory.create_batch(15, parent=world.column)
    assert queries(part) == before <= 6
    assert queries("/sitemap.xml") <= 3  # kept until something public changes


def test_robots_name_it(client: Client, world: World) -> None:
    assert f"Sitemap: {HERE}/sitemap.xml" in client.get("/robots.txt").content.decode()
    there = client.get("/robots.txt", headers={"host": SUB_SITE_HOST}).content.decode()
    assert f"Sitemap: http://{SUB_SITE_HOST}/sitemap.xml" in there


# --- sources of plugins ---------------------------------------------------------------------------
class Numbers:
    """Twelve addresses in Chinese."""

    def count(self, *, site: int, language: str) -> int:
        return 12 if language == "zh-hans" else 0

    def addresses(
        self, *, site: int, language: str, offset: int, limit: int
    ) -> Iterator[SitemapAddress]:
        for number in range(offset, min(12, offset + limit)):
            url = f"/numbers/{site}/{number}/?a=1&b=云"
            yield SitemapAddress(url, timezone.now(), {"zh-hans": url, "en": f"/en{url}"})


class Broken(Numbers):
    def addresses(self, **about: Any) -> Any:
        raise RuntimeError("not today")


@pytest.fixture
def source(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """A source of the plugin itself, for the length of a test."""
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
    sitemap_sources._add(request.param(), plugin="feeds", name="numbers")
    yield
    sitemap_sources._contributions.pop()


@pytest.mark.parametrize("source", [Numbers], indirect=True)
def test_plugins_add_what_is_no_page(
    client: Client, world: World, source: None, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sitemap, "SIZE", 5)
    found = whole_sitemap(client)
    url = f"{HERE}/numbers/{world.site.pk}/7/?a=1&b=%E4%BA%91"
    assert found[url]["en"] == url.replace(f"{HERE}/", f"{HERE}/en/")
    assert sum("/numbers/" in one for one in found) == 24  # of the portal and of hubin


@pytest.mark.parametrize("source", [Broken], indirect=True)
def test_a_source_that_fails_costs_its_own_part(client: Client, world: World, source: None) -> None:
    assert client.get("/sitemap-zh-hans-pages-0.xml").status_code == 200
    name = f"/sitemap-zh-hans-feeds.numbers-{world.site.pk}-0.xml"
    assert client.get(name).status_code == 404
    assert addresses(read_sitemap(client.get("/sitemap-zh-hans-pages-0.xml").content))
