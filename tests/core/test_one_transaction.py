"""Moving and withdrawing: with everything that listens, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_unpublished, post_page_move

from portal.core.models import ListingRow, OutboxEvent, Publication
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World

pytestmark = pytest.mark.django_db


class ReceiverFailed(Exception):
    """Stands for any failure in somebody's receiver, a lost connection included."""


@contextmanager
def failing(signal: Any) -> Iterator[None]:
    """The last receiver of a signal fails: all others have done their work by then."""

    def fail(**_kwargs: Any) -> None:
        raise ReceiverFailed

    signal.connect(fail)
    try:
        yield
    finally:
        signal.disconnect(fail)


def everything() -> dict[str, list[Any]]:
    """What the two actions and their receivers write."""
    return {
        "pages": list(
            Page.objects.order_by("pk").values_list(
                "pk", "path", "url_path", "numchild", "live", "has_unpublished_changes"
            )
        ),
        "publications": list(Publication.objects.order_by("pk").values()),
        "rows": list(ListingRow.objects.order_by("pk").values()),
        "outbox": list(OutboxEvent.objects.order_by("pk").values_list("kind", "key")),
        "log": list(PageLogEntry.objects.order_by("pk").values_list("page_id", "action")),
    }


@pytest.fixture
def article(world: World) -> Page:
    return ArticleFactory(parent=ColumnFactory(parent=world.column))


@pytest.mark.parametrize("plain", [True, False])
def test_a_move_whose_receiver_fails_has_not_happened(
    world: World, article: Page, plain: bool
) -> None:
    column = article.get_parent()
    page = Page.objects.get(pk=column.pk) if plain else column.specific
    before = everything()
    with failing(post_page_move), pytest.raises(ReceiverFailed):
        page.move(world.hubin_column, pos="last-child")
    assert everything() == before
    target = Page.objects.get(pk=world.hubin_column.pk)
    Page.objects.get(pk=column.pk).move(target, pos="last-child")
    assert everything()["rows"] != before["rows"]


@pytest.mark.parametrize("plain", [True, False])
def test_a_withdrawal_whose_receiver_fails_has_not_happened(
    world: World, article: Page, plain: bool
) -> None:
    before = everything()
    page = Page.objects.get(pk=article.pk) if plain else article.specific
    with failing(page_unpublished), pytest.raises(ReceiverFailed):
        page.unpublish()
    assert everything() == before
    Page.objects.get(pk=article.pk).specific.unpublish()
    assert "page.withdrawn" in [kind for kind, _key in everything()["outbox"]]


def test_with_all_that_lies_below_it(world: World, article: Page, client: Client) -> None:
    client.force_login(UserFactory(superuser=True))
    client.raise_request_exception = False
    column = article.get_parent()
    before = everything()
    address = reverse("wagtailadmin_pages:unpublish", args=[column.pk])
    with failing(page_unpublished):
        assert client.post(address, {"include_descendants": "on"}).status_code == 500
    assert everything() == before


def test_in_the_admin_too(world: World, article: Page, client: Client) -> None:
    client.force_login(UserFactory(superuser=True))
    client.raise_request_exception = False
    before = everything()
    address = reverse("wagtailadmin_pages:move_confirm", args=[article.pk, world.hubin_column.pk])
    with failing(post_page_move):
        assert client.post(address).status_code == 500
    assert everything() == before
