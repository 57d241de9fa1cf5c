"""A page of a home may not have the address of something else; a clear message on every way."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from portal.core.addresses import fixed, is_taken
from portal.core.slugs import free_slug
from portal.pages.models import ColumnPage, StandardPage
from portal.plugins.registry import installed
from tests.factories import ColumnFactory, UserFactory, World, publish

pytestmark = pytest.mark.django_db

TAKEN = (
    "admin", "api", "assistant", "documents", "en", "feeds", "healthz", "ja", "media",
    "preferences", "qr", "readyz", "search", "sitemap", "static", "zh-hans", "zh-hant",
)  # fmt: skip


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


def column(**fields: Any) -> ColumnPage:
    return ColumnPage(title="栏目", live=False, **fields)


def column_below(parent: Page, slug: str) -> ColumnPage:
    page: ColumnPage = parent.specific.add_child(instance=column(slug=slug))
    return page


def test_the_addresses_of_the_design_and_of_plugins() -> None:
    assert set(TAKEN) <= fixed()
    prefixes = {plugin.url_prefix.split("/")[0] for plugin in installed() if plugin.urls}
    assert prefixes
    assert prefixes <= fixed()
    assert "_util" in fixed()
    assert "yaowen" not in fixed()


@pytest.mark.parametrize("slug", ["search", "admin", "ja", "dummy"])
@pytest.mark.parametrize("home", ["home", "hubin_home", "gaoxin_home"])
def test_a_page_of_a_home_is_refused(world: World, home: str, slug: str) -> None:
    with pytest.raises(ValidationError) as refused:
        column_below(getattr(world, home), slug)
    assert "slug" in refused.value.message_dict
    assert not Page.objects.filter(slug=slug).exists()


def test_deeper_in_the_tree_every_word_is_free(world: World) -> None:
    assert column_below(world.column, "search").pk
    assert not is_taken("search", world.column)


def test_the_form_says_so_and_loses_nothing(world: World, editor: Client) -> None:
    from wagtail.test.utils.form_data import nested_form_data

    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", world.home.pk])
    data = {"title": "本站说明", "slug": "search", "body-count": "0", "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0"}  # fmt: skip
    response = editor.post(address, nested_form_data(data))
    assert response.status_code == 200
    form = response.context["form"]
    assert "search" in form.errors["slug"][0]
    assert "本站说明" in response.content.decode()


def test_a_title_that_would_lead_there_gets_a_number(world: World) -> None:
    assert free_slug("Search", world.home) == "search-2"
    page = world.home.add_child(instance=StandardPage(title="Search", live=False))
    assert page.slug == "search-2"


def test_a_new_address_is_refused_when_published(world: World) -> None:
    with pytest.raises(ValidationError):
        publish(world.column, slug="media")
    assert Page.objects.get(pk=world.column.pk).slug == "yaowen"


def test_moving(world: World, editor: Client) -> None:
    page = column_below(world.column, "search")
    with pytest.raises(ValidationError):
        page.move(world.home, pos="last-child")
    with pytest.raises(ValidationError):
        Page.objects.get(pk=page.pk).move(world.gaoxin_home, pos="last-child")
    confirm = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, world.home.pk])
    response = editor.post(confirm, follow=True)
    assert "“search”" in response.content.decode() or "search" in str(
        [str(message) for message in response.context["messages"]]
    )
    page.refresh_from_db()
    assert page.path.startswith(Page.objects.get(pk=world.column.pk).path)


def test_moving_among_siblings_is_not_asked(world: World) -> None:
    page = column_below(world.home, "search-2")
    Page.objects.filter(pk=page.pk).update(slug="search")  # stood there before
    Page.objects.get(pk=page.pk).move(world.home, pos="first-child")


def test_many_at_once(world: World, editor: Client) -> None:
    page = column_below(world.column, "search")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    response = editor.post(f"{address}?id={page.pk}", {"chooser": world.home.pk}, follow=True)
    assert response.status_code == 200
    page.refresh_from_db()
    assert page.depth == world.column.depth + 1


def test_copying(world: World, editor: Client) -> None:
    page = column_below(world.column, "search")
    with pytest.raises(ValidationError):
        CopyPageAction(page, to=world.home).execute(skip_permission_checks=True)
    data = {"new_title": "副本", "new_slug": "search", "new_parent_page": world.home.pk}
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    response = editor.post(address, data, follow=True)
    assert response.status_code == 200
    assert [message for message in response.context["messages"] if "search" in str(message)]
    assert Page.objects.filter(slug="search").count() == 1


def test_showing_by_reference(world: World) -> None:
    page = publish(ColumnFactory(parent=world.column, slug="search"))
    with pytest.raises(ValidationError):
        CreatePageAliasAction(page, parent=world.home).execute(skip_permission_checks=True)
    assert not page.aliases.exists()


def test_what_stood_there_before_can_still_be_changed_and_withdrawn(world: World) -> None:
    Page.objects.filter(pk=world.column.pk).update(slug="feeds")
    page = ColumnPage.objects.get(pk=world.column.pk)
    publish(page, title="新名")
    ColumnPage.objects.get(pk=page.pk).unpublish()
    assert not ColumnPage.objects.get(pk=page.pk).live
