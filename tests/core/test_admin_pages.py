"""Choosers open at the own site, and new pages begin with what the column holds."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from portal.core.admin.pages import start_page
from portal.pages.models import ColumnPage
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, make_world, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> World:
    return make_world(provisioned=True)


def chooser(client: Client, **query: str) -> str:
    return str(json.loads(client.get(reverse("wagtailadmin_choose_page"), query).content)["html"])


def test_an_editor_begins_at_the_own_home(city: World, client: Client) -> None:
    client.force_login(member("editor", city.hubin))
    html = chooser(client)
    assert city.hubin_column.title in html
    assert city.gaoxin_column.title not in html


def test_also_when_the_site_has_a_second_language(city: World) -> None:
    english = Locale.objects.get_or_create(language_code="en")[0]
    city.home.copy_for_translation(english)
    city.hubin_home.copy_for_translation(english)
    assert start_page(member("editor", city.hubin)) == city.hubin_home.pk


def test_a_chosen_parent_is_kept(city: World, client: Client) -> None:
    client.force_login(member("editor", city.hubin))
    article = ArticleFactory(parent=city.hubin_column, title="湖滨夜跑")
    address = reverse("wagtailadmin_choose_page_child", args=[city.hubin_column.pk])
    assert article.title in json.loads(client.get(address).content)["html"]


def test_columns_too(city: World, client: Client) -> None:
    client.force_login(member("editor", city.hubin))
    assert city.hubin_column.title in chooser(client, page_type="pages.ColumnPage")


def test_two_sites_share_the_portals_home(city: World) -> None:
    user = member("editor", city.hubin)
    user.groups.add(city.gaoxin.role_groups.get(role="editor").group)
    assert start_page(user) == city.home.pk


def test_who_works_on_all_sites_begins_at_the_root(city: World) -> None:
    assert start_page(UserFactory(superuser=True)) is None
    assert start_page(member("platform_admin")) is None
    assert start_page(UserFactory()) is None


def types_offered(client: Client, column: ColumnPage) -> list[str]:
    html = client.get(reverse("wagtailadmin_pages:add_subpage", args=[column.pk])).content.decode()
    return re.findall(r"/admin/pages/add/pages/(\w+)/", html)


def test_articles_come_first(city: World, client: Client) -> None:
    client.force_login(member("site_admin", city.hubin))
    offered = types_offered(client, city.hubin_column)
    assert offered[0] == "articlepage"
    assert len(offered) == 7


def test_what_the_column_holds_comes_first(city: World, client: Client) -> None:
    client.force_login(UserFactory(superuser=True))
    ColumnFactory.create_batch(2, parent=city.hubin_column)
    ArticleFactory(parent=city.hubin_column)
    assert types_offered(client, city.hubin_column)[:2] == ["columnpage", "articlepage"]


@pytest.mark.parametrize(
    ("display", "first"),
    [("leaders", "leaderpage"), ("organisations", "organisationpage"), ("channel", "columnpage")],
)
def test_an_empty_column_is_guessed_by_how_it_is_shown(
    city: World, client: Client, display: str, first: str
) -> None:
    client.force_login(UserFactory(superuser=True))
    column = ColumnFactory(parent=city.hubin_home, display=display)
    assert types_offered(client, column)[0] == first
