"""Beside a document: where opinions on it were asked for, without a query for the others."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from portal.participation.models import SolicitationPage
from tests.factories import World
from tests.policy_interpretation.factories import make_policy

from .factories import make_solicitation

pytestmark = pytest.mark.django_db


def path_of(page: Page) -> str:
    return urlsplit(page.get_url()).path


def shown(client: Client, document: Page) -> str:
    html = client.get(document.get_url()).content.decode()
    return html.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("name", ["policy", "draft_page"])
def test_a_document_names_what_was_asked_about_it(world: World, client: Client, name: str) -> None:
    document, other = make_policy(world.column), make_policy(world.column)
    assert "征求自行车意见" not in shown(client, document)
    page = make_solicitation(world.column, title="征求自行车意见", **{name: document})
    assert f'href="{path_of(page)}"' in shown(client, document)
    assert "征求自行车意见" not in shown(client, other)


def _withdraw(page: SolicitationPage, world: World) -> None:
    page.unpublish()


def _hide(page: SolicitationPage, world: World) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def _delete(page: SolicitationPage, world: World) -> None:
    page.delete()


def _ask_about_another(page: SolicitationPage, world: World) -> None:
    page.policy = make_policy(world.column)
    page.save_revision().publish()


@pytest.mark.parametrize("change", [_withdraw, _hide, _delete, _ask_about_another])
def test_what_is_no_longer_public_is_named_no_longer(
    world: World, client: Client, change: Callable[[SolicitationPage, World], None]
) -> None:
    document = make_policy(world.column)
    page = make_solicitation(world.column, title="征求自行车意见", policy=document)
    assert "征求自行车意见" in shown(client, document)
    change(page, world)
    assert "征求自行车意见" not in shown(client, document)


def test_the_link_follows_a_page_that_is_moved(world: World, client: Client) -> None:
    document = make_policy(world.column)
    page = make_solicitation(world.column, policy=document)
    before = path_of(page)
    assert f'href="{before}"' in shown(client, document)
    page.move(Page.objects.get(pk=world.hubin_column.pk), pos="last-child")
    after = path_of(SolicitationPage.objects.get(pk=page.pk))
    assert after != before
    assert f'href="{before}"' not in shown(client, document)
    assert f'href="{after}"' in shown(client, document)


def test_no_query_is_made_for_it(world: World, queries: Callable[[str], list[str]]) -> None:
    asked, other = make_policy(world.column), make_policy(world.column)
    make_solicitation(world.column, policy=asked)
    for document in (other, asked):
        made = queries(document.get_url())
        assert not [sql for sql in made if "participation_" in sql]
