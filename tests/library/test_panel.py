"""The record in the page's form: what it says, to whom, and that it costs the form nothing."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.library.models import CompletenessRule, LibraryRecord
from portal.library.services import records
from tests.factories import ArticleFactory, World, member

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def panel(client: Client, page: Page):
    return client.get(reverse("library_panel", args=[page.pk]))


def test_it_tells_of_the_record_and_where_it_is_used(
    provisioned_world: World, client: Client
) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    record = records.write(record=record_of(page), values={"theme": "0204"}, user=None)
    alias = page.create_alias(parent=provisioned_world.hubin_column)
    client.force_login(member("editor", provisioned_world.site))
    answer = panel(client, page)
    html = answer.content.decode()
    assert record.index_no in html
    assert reverse("library_record", args=[record.pk]) in html
    assert "0204" in html
    assert answer.context["lacks"] == []
    assert [use.url for use in answer.context["uses"]] == [
        reverse("wagtailadmin_pages:edit", args=[alias.pk])
    ]
    client.force_login(member("editor", provisioned_world.hubin))
    assert panel(client, page).status_code in (302, 403)
    assert panel(client, alias).context["record"].pk == record.pk


def test_what_is_missing_leads_to_where_it_is_mended(
    provisioned_world: World, client: Client
) -> None:
    """By the draft as it is now; looking makes no record."""
    for field in ("five_open", "keywords"):
        CompletenessRule.objects.create(record_type="article", field=field)
    draft = ArticleFactory(parent=provisioned_world.column, draft=True, keywords="")
    client.force_login(member("editor", provisioned_world.site))
    places = {lack.field: place for lack, place in panel(client, draft).context["lacks"]}
    assert places["keywords"] == "#id_keywords"
    assert places["five_open"].endswith("?edit=five_open")
    assert not LibraryRecord.objects.filter(item=f"page:{draft.pk}").exists()
    answer = client.get(places["five_open"])
    record = record_of(draft)
    assert answer.url == reverse("library_record_edit", args=[record.pk]) + "#id_five_open"
    assert client.get(answer.url).status_code == 200
    records.write(record=record, values={"five_open": "result"}, user=None)
    draft.keywords = "健身"
    draft.save_revision()
    assert panel(client, draft).context["lacks"] == []


def test_the_form_names_it_and_asks_nothing_for_it(
    provisioned_world: World, client: Client, django_assert_max_num_queries
) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    client.force_login(member("editor", provisioned_world.site))
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("library_panel", args=[0]) in html
    assert reverse("library_of_page", args=[page.pk]) in html, "the way without a script"
    with django_assert_max_num_queries(45):
        assert panel(client, page).status_code == 200


def test_who_may_not_change_the_page_is_told_nothing(
    provisioned_world: World, client: Client
) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    for role in ("auditor", "information_officer"):
        client.force_login(member(role, provisioned_world.site))
        assert panel(client, page).status_code in (302, 403)
    client.logout()
    assert panel(client, page).status_code == 302
