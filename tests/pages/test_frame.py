"""What stands around every page: the line under the thumb, the statements in the footer."""

import re

import pytest
from django.test import Client

from tests.factories import StandardPageFactory, World

pytestmark = pytest.mark.django_db


def part(client: Client, tag: str, path: str = "/") -> str:
    html = client.get(path).content.decode()
    found = re.search(rf"<{tag}\b.*?</{tag}>", html, re.DOTALL)
    assert found is not None
    return found[0]


def test_statements_stand_in_the_footer_and_not_in_the_menu(client: Client, world: World) -> None:
    StandardPageFactory(parent=world.home, title="隐私保护", slug="yinsi", show_in_menus=False)
    StandardPageFactory(parent=world.home, title="云湖概况", slug="gaikuang", show_in_menus=True)
    StandardPageFactory(
        parent=world.home, title="没写完", slug="caogao", show_in_menus=False, live=False
    )
    StandardPageFactory(parent=world.hubin_home, title="区里的", slug="quli", show_in_menus=False)
    footer = part(client, "footer")
    assert 'href="/yinsi/">隐私保护</a>' in footer
    assert "云湖概况" not in footer
    assert "没写完" not in footer
    assert "区里的" not in footer
    assert "隐私保护" not in part(client, "header")
    assert "区里的" in part(client, "footer", "/hubin/")


def test_the_telephone_lies_under_the_thumb_where_there_is_one(
    client: Client, world: World
) -> None:
    assert 'href="tel:' not in part(client, "header")
    world.site.contact_phone = "0999 12345"
    world.site.save()
    assert 'class="thumb-bar__item icon icon-phone" href="tel:+8699912345"' in part(
        client, "header"
    )


def test_the_first_picture_of_a_home_is_asked_for_first(client: Client, world: World) -> None:
    html = client.get("/").content.decode()
    first = re.search(r"<img\b[^>]*>", html[html.index('id="main"') :])
    assert first is not None
    assert 'fetchpriority="high"' in first[0]
    assert "loading=" not in first[0]
