"""Lists of pages in the admin say which documents are not in force, for one query in all."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from tests.factories import UserFactory

from .factories import clause, make_policy

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.date(2020, 1, 1)


def expired(column: Page, title: str) -> Any:
    return make_policy(column, title=title, valid_through=LONG_AGO, body=[clause("第一条", "一。")])


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def marked(html: str, title: str) -> bool:
    """Whether a mark stands in the cell of a title, before it."""
    [cell] = [part for part in html.split("data-listing-page-title")[1:] if title in part]
    return "w-status--label" in cell.split(title)[0]


@pytest.mark.parametrize("is_search", [False, True])
def test_a_mark_stands_before_what_is_not_in_force(
    admin: Client, column: Page, is_search: bool
) -> None:
    expired(column, "旧停车办法")
    make_policy(column, title="新停车办法", body=[clause("第一条", "一。")])
    address = (
        reverse("wagtailadmin_pages:search") + "?q=停车办法"
        if is_search
        else reverse("wagtailadmin_explore", args=[column.pk])
    )
    html = admin.get(address).content.decode()
    assert marked(html, "旧停车办法")
    assert not marked(html, "新停车办法")


def test_the_marks_of_a_list_are_one_query(
    admin: Client, column: Page, queries: Callable[[str], list[str]]
) -> None:
    address = reverse("wagtailadmin_explore", args=[column.pk])
    expired(column, "旧办法一")
    few = queries(address)
    for number in range(4):
        expired(column, f"旧办法又{number}")
    many = queries(address)
    assert len(many) <= len(few) <= 40
