"""Queries of the admin's two most used pages: few, and the same however long the list is.

The bars are the design's (explorer 40, editor 45), for those who do the work as for a superuser.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.models import Locale, Page
from wagtail_localize import wagtail_hooks as localize_hooks
from wagtail_localize.models import Translation, TranslationSource

from portal.core.admin.translations import MORE_BUTTONS
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, make_world, member

pytestmark = pytest.mark.django_db

ROLES = ("superuser", "site_admin", "editor")


@pytest.fixture
def city() -> World:
    world = make_world(provisioned=True)
    Locale.objects.get_or_create(language_code="en")
    return world


def sign_in(client: Client, role: str, world: World) -> None:
    user = UserFactory(superuser=True) if role == "superuser" else member(role, world.hubin)
    client.force_login(user)


def queries(client: Client, name: str, *args: Any) -> list[str]:
    address = reverse(name, args=args)
    assert client.get(address).status_code == 200
    measured = []
    for _time in range(2):  # what is asked once in a while is no cost of the list
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        measured.append([query["sql"] for query in captured])
    return min(measured, key=len)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("live", [True, False])
def test_a_long_list_costs_no_query_more_than_a_short_one(
    city: World, client: Client, role: str, live: bool
) -> None:
    sign_in(client, role, city)
    ArticleFactory.create_batch(5, parent=city.hubin_column, live=live)
    few = queries(client, "wagtailadmin_explore", city.hubin_column.pk)
    ArticleFactory.create_batch(45, parent=city.hubin_column, live=live)
    many = queries(client, "wagtailadmin_explore", city.hubin_column.pk)
    assert len(many) == len(few), "\n".join(set(many) - set(few))
    assert len(many) <= 40, "\n".join(many)


@pytest.mark.parametrize("role", ROLES)
def test_a_list_of_columns_costs_no_query_more(city: World, client: Client, role: str) -> None:
    sign_in(client, role, city)
    ArticleFactory(parent=city.hubin_column)
    few = queries(client, "wagtailadmin_explore", city.hubin_home.pk)
    for _ in range(10):
        ArticleFactory(parent=ColumnFactory(parent=city.hubin_home))
    many = queries(client, "wagtailadmin_explore", city.hubin_home.pk)
    assert len(many) == len(few)
    assert len(many) <= 40, "\n".join(many)


@pytest.mark.parametrize("role", ROLES)
def test_the_editor(city: World, client: Client, role: str) -> None:
    sign_in(client, role, city)
    article = ArticleFactory(parent=city.hubin_column)
    made = queries(client, "wagtailadmin_pages:edit", article.pk)
    assert len(made) <= 45, "\n".join(made)


@pytest.mark.parametrize("role", ROLES)
def test_the_editor_of_a_draft(city: World, client: Client, role: str) -> None:
    sign_in(client, role, city)
    article = ArticleFactory(parent=city.hubin_column)
    article.title = "改过的标题"
    article.save_revision()
    made = queries(client, "wagtailadmin_pages:edit", article.pk)
    assert len(made) <= 45, "\n".join(made)


def test_the_workflow_is_that_of_the_nearest_page(city: World) -> None:
    """One query, and Wagtail's answer."""
    article = ArticleFactory(parent=city.hubin_column)
    for page in (article, city.hubin_column, city.hubin_home, city.column, city.home):
        with CaptureQueriesContext(connection) as captured:
            found = page.get_workflow()
        assert len(captured) == 1
        assert found == Page.get_workflow(page)
        assert page.has_workflow
    assert article.get_workflow() == city.hubin.workflow != city.column.get_workflow()
    city.hubin.workflow.active = False
    city.hubin.workflow.save()
    assert article.get_workflow() == Page.get_workflow(article) == city.site.workflow


def test_what_is_shown_once_is_asked_again_when_it_is_changed(city: World, client: Client) -> None:
    """A review that begins shows in the form at once."""
    sign_in(client, "editor", city)
    article = ArticleFactory(parent=city.hubin_column, draft=True)
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert client.get(address).context["workflow_state"] is None
    article.get_workflow().start(article, UserFactory())
    assert client.get(address).context["current_task_state"] is not None


def test_rows_offer_to_translate_as_before(city: World, client: Client) -> None:
    """Translatable, already translated and being translated: what wagtail-localize would say."""
    sign_in(client, "superuser", city)
    english = Locale.objects.get(language_code="en")
    plain, done, synced = ArticleFactory.create_batch(3, parent=city.hubin_column)
    for parent in (city.home, city.hubin_home, city.hubin_column):
        parent.refresh_from_db()
        parent.copy_for_translation(english)
    done.copy_for_translation(english)
    source, _created = TranslationSource.get_or_create_from_instance(synced)
    Translation.objects.create(source=source, target_locale=english, enabled=True)

    address = reverse("wagtailadmin_explore", args=[city.hubin_column.pk])
    text = client.get(address).content.decode()
    submit = "wagtail_localize:submit_page_translation"
    assert reverse(submit, args=[plain.pk]) in text
    assert reverse(submit, args=[done.pk]) not in text
    assert reverse("wagtail_localize:update_translations", args=[source.pk]) in text
    assert "/localize/update/" not in text.replace(f"/localize/update/{source.pk}/", "")


def test_the_search_of_the_admin_asks_once_too(city: World, client: Client) -> None:
    sign_in(client, "superuser", city)
    article = ArticleFactory(parent=city.hubin_column, title="湖滨通知")
    address = reverse("wagtailadmin_explore", args=[city.hubin_column.pk]) + "?q=湖滨"
    assert reverse("wagtail_localize:submit_page_translation", args=[article.pk]) in (
        client.get(address).content.decode()
    )


def test_who_may_not_translate_is_not_offered_it(city: World, client: Client) -> None:
    sign_in(client, "editor", city)
    ArticleFactory(parent=city.hubin_column)
    address = reverse("wagtailadmin_explore", args=[city.hubin_column.pk])
    assert "/localize/submit/" not in client.get(address).content.decode()


def test_wagtail_localize_asks_in_no_row() -> None:
    assert localize_hooks.page_listing_more_buttons not in hooks.get_hooks(MORE_BUTTONS)
    assert localize_hooks.page_listing_more_buttons in hooks.get_hooks(
        "register_page_header_buttons"
    )
