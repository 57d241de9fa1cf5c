"""The structure in memory is what the database says, in every process, at every request."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from wagtail.models import Locale, Page, PageViewRestriction, Site

from portal.core import structure
from portal.core.models import EditableMessage, Organisation, SiteRecord
from portal.core.structure import Structure
from portal.pages.models import ColumnPage
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    ExternalLinkFactory,
    OrganisationFactory,
    TopicFactory,
    World,
    open_language,
    publish,
    without_foreign,
)

pytestmark = pytest.mark.django_db


def fresh() -> Structure:
    """What another process would load now."""
    return Structure(structure.read_token())


def first_article(world: World) -> None:
    ArticleFactory(parent=world.column)


def restrict(world: World) -> None:
    PageViewRestriction.objects.create(
        page=world.column, restriction_type=PageViewRestriction.LOGIN
    )


def new_identity(world: World) -> None:
    world.site.icp_number = "云ICP备99999999号"
    world.site.save()


CHANGES: dict[str, Callable[[World], object]] = {
    "a new column": lambda world: ColumnFactory(parent=world.home),
    "a draft column": lambda world: ColumnFactory(parent=world.home, draft=True),
    "a column's title": lambda world: publish(world.column, title="新闻"),
    "a column's slug": lambda world: publish(world.column, slug="xinwen"),
    "a column unpublished": lambda world: world.column.unpublish(),
    "a column deleted": lambda world: world.column.delete(),
    "a column deleted as a plain page": lambda world: Page.objects.get(pk=world.column.pk).delete(),
    "a column moved": lambda world: world.column.move(world.hubin_home, pos="last-child"),
    "columns reordered": lambda world: world.column.move(world.gaoxin_home, pos="right"),
    "the first article of a column": first_article,
    "a restriction": restrict,
    "a site's identity": new_identity,
    "an organisation": lambda world: OrganisationFactory(),
    "a host name": lambda world: Site.objects.filter(is_default_site=True).first().save(),
    "a language": lambda world: Locale.objects.create(language_code="en"),
    "a wording": lambda world: EditableMessage.objects.create(key="leave_notice", text="再见"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_reaches_every_process(
    world: World, change: Callable[[World], object]
) -> None:
    before = structure.current()
    change(world)
    after = structure.current()
    assert after is not before
    other = fresh()
    assert {
        (n.pk, n.title, n.slug, n.path, n.is_public, n.count) for n in after.nodes.values()
    } == {(n.pk, n.title, n.slug, n.path, n.is_public, n.count) for n in other.nodes.values()}


def test_one_small_query_while_nothing_changes(
    world: World, django_assert_num_queries: Any
) -> None:
    structure.current()
    with django_assert_num_queries(1):
        structure.current()


def test_what_only_reads_looks_once_and_keeps_whose_host_it_answers(
    world: World, django_assert_num_queries: Any
) -> None:
    structure.current()
    with django_assert_num_queries(1), structure.pinned():
        structure.look_from("portal.example")
        structure.current()
        with structure.pinned():  # such as a part that is asked within a request
            structure.current()
            assert structure.viewer_host() == "portal.example"
        assert structure.content_token() is not None
    assert structure.viewer_host() is None


def test_articles_do_not_disturb(world: World) -> None:
    """Menus and footers are kept for the structure's version; a city publishes all day."""
    ArticleFactory(parent=world.column)
    before = structure.current()
    page = publish(ArticleFactory(parent=world.column))
    page.unpublish()
    assert structure.current() is before


def test_a_change_that_is_rolled_back_leaves_nothing_behind(world: World) -> None:
    before = structure.current()

    with transaction.atomic():
        publish(world.column, title="never")
        assert structure.current().nodes[world.column.pk].title == "never"
        transaction.set_rollback(True)
    after = structure.current()
    assert after.nodes[world.column.pk].title == "云湖要闻"
    assert after.token == before.token


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_is_not_mistaken_for_the_next(transactional_db: None) -> None:
    """A counter would give both the same number."""
    from tests.factories import make_world

    world = make_world()
    with transaction.atomic():
        publish(ColumnPage.objects.get(pk=world.column.pk), title="never")
        structure.current()
        transaction.set_rollback(True)
    publish(ColumnPage.objects.get(pk=world.column.pk), title="instead")
    assert structure.current().nodes[world.column.pk].title == "instead"


# --- nodes ----------------------------------------------------------------------------------------
def test_the_tree(world: World) -> None:
    inner = ColumnFactory(parent=world.column)
    found = structure.current()
    node = found.nodes[inner.pk]
    assert [n.pk for n in node.ancestors()] == [world.home.pk, world.column.pk]
    assert node in found.nodes[world.home.pk].walk()
    assert found.nearest(inner.path) is node


def test_nearest_of_an_article(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    assert structure.current().nearest(page.path).pk == world.column.pk


def test_the_order_is_the_tree_s(world: World) -> None:
    last = ColumnFactory(parent=world.home)
    last.move(world.column, pos="left")
    children = structure.current().nodes[world.home.pk].children
    assert [n.pk for n in children][:2] == [last.pk, world.column.pk]


def test_site_of_every_page(world: World) -> None:
    found = structure.current()
    pages = {
        world.home: world.site, world.column: world.site,
        world.hubin_home: world.hubin, world.hubin_column: world.hubin,
        world.gaoxin_home: world.gaoxin, world.gaoxin_column: world.gaoxin,
    }  # fmt: skip
    assert {page.pk: found.site_pk_for(page.path) for page in pages} == {
        page.pk: site.pk for page, site in pages.items()
    }
    assert found.site_pk_for(Page.get_first_root_node().path) is None


def test_private_reaches_down(world: World) -> None:
    inner = ColumnFactory(parent=world.column)
    restrict(world)
    found = structure.current()
    assert found.nodes[inner.pk].private
    assert not found.nodes[world.hubin_column.pk].private
    assert not found.nodes[world.column.pk].is_public


# --- hosts and addresses --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("testserver", "site"),
        ("testserver:8000", "site"),
        ("gaoxin.yunhu.gov.cn", "gaoxin"),
        ("gaoxin.yunhu.gov.cn:443", "gaoxin"),
        ("strange.gov.cn", "site"),
        ("[::1]", "site"),
        ("[::1]:8000", "site"),
        ("127.0.0.1:8000", "site"),
    ],
)
def test_which_site_answers(world: World, host: str, site: str) -> None:
    root = structure.current().root_for_host(host, "zh-hans")
    assert root is not None
    assert root.site_pk == getattr(world, site).pk


def test_no_site_in_that_language(world: World) -> None:
    assert structure.current().root_for_host("testserver", "en") is None


def test_an_empty_installation_answers_calmly(db: None, client: Client) -> None:
    Site.objects.all().delete()
    assert structure.current().root_for_host("testserver", "zh-hans") is None
    assert client.get("/").status_code == 404
    assert client.get("/sitemap/").status_code in (200, 404)


@pytest.mark.parametrize(
    ("url_path", "viewer", "address"),
    [
        ("/yunhu/", "testserver", "/"),
        ("/yunhu/yaowen/", "testserver", "/yaowen/"),
        ("/yunhu/yaowen/", None, "/yaowen/"),
        ("/yunhu/hubin/dongtai/", "testserver", "/hubin/dongtai/"),
        ("/yunhu/gaoxin/dongtai/", "gaoxin.yunhu.gov.cn", "/dongtai/"),
        ("/yunhu/gaoxin/dongtai/", "testserver", "http://gaoxin.yunhu.gov.cn/dongtai/"),
        ("/yunhu/yaowen/", "gaoxin.yunhu.gov.cn", "http://testserver/yaowen/"),
        ("/nowhere/", "testserver", ""),
    ],
)
def test_addresses(world: World, url_path: str, viewer: str | None, address: str) -> None:
    assert structure.current().url(url_path, viewer) == address


def test_scheme_and_port_come_from_the_base_address(world: World, settings: Any) -> None:
    settings.BASE_URL = "https://www.yunhu.gov.cn:8443"
    found = fresh()
    address = found.url("/yunhu/gaoxin/", "testserver")
    assert address == "https://gaoxin.yunhu.gov.cn:8443/"


class TestLanguages:
    @pytest.fixture
    def english(self, world: World) -> Any:
        return open_language(world.site)

    def test_the_prefix(self, world: World, english: Page) -> None:
        found = structure.current()
        assert found.url(english.url_path, "testserver") == "/en/"
        root = found.root_for_host("testserver", "en")
        assert (root.site_pk, root.url_path) == (world.site.pk, english.url_path)

    def test_the_site_has_both(self, world: World, english: Page) -> None:
        languages = structure.current().site_languages(world.site.pk)
        assert {code: node.pk for code, node in languages.items()} == {
            "zh-hans": world.home.pk,
            "en": english.pk,
        }
        assert structure.current().site_pk_for(english.path) == world.site.pk

    def test_the_name_is_the_home_s_title(self, world: World, english: Page) -> None:
        identity = structure.current().identity(world.site.pk, "en", "testserver")
        assert (identity.name, identity.language, identity.url) == ("Yunhu", "en", "/en/")

    def test_the_address_answers_in_its_language(self, english: Page, client: Client) -> None:
        response = client.get("/en/")
        assert response.status_code == 200
        assert response.headers["Content-Language"] == "en"
        assert '<html lang="en"' in response.content.decode()
        assert client.get("/ja/").status_code == 404

    def test_neither_cookie_nor_header_changes_the_language(
        self, english: Page, client: Client
    ) -> None:
        client.cookies["django_language"] = "en"
        response = client.get("/", headers={"accept-language": "en"})
        assert response.headers["Content-Language"] == "zh-hans"

    def test_languages_lead_to_the_same_page_where_there_is_one(
        self, world: World, english: Page, portal_of: Callable[..., Any]
    ) -> None:
        def links(page: Page) -> dict[str, str]:
            return {link.code: link.url for link in portal_of("/", page=page).languages}

        traditional = {"zh-Hant": "/zh-hant/yaowen/"}
        assert links(world.column) == {"zh-Hans": "/yaowen/", "en": "/en/"} | traditional
        article = ArticleFactory(parent=world.column, slug="a")
        traditional = {"zh-Hant": "/zh-hant/yaowen/a/"}
        assert links(article) == {"zh-Hans": "/yaowen/a/", "en": "/en/"} | traditional
        column = publish(world.column.copy_for_translation(Locale.objects.get(language_code="en")))
        assert links(world.column)["en"] == f"/en/{column.slug}/"

    def test_one_language_shows_the_switch_of_scripts_only(
        self, world: World, portal_of: Callable[..., Any]
    ) -> None:
        codes = [link.code for link in portal_of("/", page=world.home).languages]
        assert codes == ["zh-Hans", "zh-Hant"]

    def test_one_language_in_one_script_shows_no_switch(
        self, world: World, portal_of: Callable[..., Any]
    ) -> None:
        with without_foreign():
            assert portal_of("/", page=world.home).languages == []


# --- menus ----------------------------------------------------------------------------------------
class TestMenu:
    def titles(self, portal_of: Callable[..., Any], host: str = "testserver") -> list[str]:
        return [item.title for item in portal_of("/", host).menu]

    def test_a_blank_column_is_not_shown_until_it_has_something(
        self, world: World, portal_of: Callable[..., Any]
    ) -> None:
        assert "云湖要闻" not in self.titles(portal_of)
        page = ArticleFactory(parent=world.column)
        assert "云湖要闻" in self.titles(portal_of)
        page.unpublish()
        assert "云湖要闻" not in self.titles(portal_of)

    def test_a_column_with_a_filled_column_below_is_not_blank(
        self, world: World, portal_of: Callable[..., Any]
    ) -> None:
        inner = ColumnFactory(parent=world.column)
        assert "云湖要闻" not in self.titles(portal_of)
        ArticleFactory(parent=inner)
        assert "云湖要闻" in self.titles(portal_of)

    def test_what_is_private_draft_or_not_for_menus_is_left_out(
        self, world: World, portal_of: Callable[..., Any]
    ) -> None:
        ColumnFactory(parent=world.home, title="草稿", draft=True)
        ExternalLinkFactory(parent=world.home, title="隐藏", show_in_menus=False)
        secret = ExternalLinkFactory(parent=world.home, title="内部")
        PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
        assert not {"草稿", "隐藏", "内部"} & set(self.titles(portal_of))

    def test_each_site_has_its_own(self, world: World, portal_of: Callable[..., Any]) -> None:
        for column in (world.column, world.hubin_column, world.gaoxin_column):
            ArticleFactory(parent=column)
        # Letters are written to each site: the plugin's entry stands behind the site's own.
        assert self.titles(portal_of, "gaoxin.yunhu.gov.cn") == ["高新动态", "写信"]
        page = ArticleFactory(parent=world.hubin_column)
        menu = portal_of("/hubin/dongtai/", page=page).menu
        assert [(item.title, item.url, item.is_active) for item in menu] == [
            ("湖滨动态", "/hubin/dongtai/", True),
            ("写信", "/letters/?site=hubin", False),
        ]

    def test_current_and_active(self, world: World, portal_of: Callable[..., Any]) -> None:
        page = ArticleFactory(parent=world.column)
        [item] = [i for i in portal_of("/", page=world.column).menu if i.pk == world.column.pk]
        assert (item.is_current, item.is_active) == (True, True)
        [item] = [i for i in portal_of("/", page=page).menu if i.pk == world.column.pk]
        assert (item.is_current, item.is_active) == (False, True)

    def test_external_links_say_so(self, world: World, portal_of: Callable[..., Any]) -> None:
        ExternalLinkFactory(parent=world.home, title="省政府")
        [item] = [i for i in portal_of("/").menu if i.title == "省政府"]
        assert item.is_external

    def test_archived_topics_are_left_out(
        self, world: World, portal_of: Callable[..., Any]
    ) -> None:
        TopicFactory(parent=world.home, title="进行中")
        TopicFactory(parent=world.home, title="旧专题", archived=True)
        assert "进行中" in self.titles(portal_of)
        assert "旧专题" not in self.titles(portal_of)


def test_identity_of_a_site_whose_owner_changes_its_name(world: World) -> None:
    Organisation.objects.get(pk=world.site.owner_id)
    owner = SiteRecord.objects.get(pk=world.site.pk).owner
    owner.full_name = "新名称"
    owner.save()
    assert structure.current().identity(world.site.pk, "zh-hans", None).owner == "新名称"
