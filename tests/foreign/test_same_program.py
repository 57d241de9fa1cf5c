"""The switcher on addresses without pages: the same program in each language, where it has one."""

import lxml.html
import pytest
from django.test import Client

from portal.testing import disable_plugin
from tests.factories import World

from .conftest import Section


def led(client: Client, address: str) -> dict[str, str]:
    """Where the switcher leads, by language; what leads elsewhere is in brackets."""
    tree = lxml.html.fromstring(client.get(address).content)
    return {
        link.get("hreflang"): f"({link.get('href')})"
        if "is-elsewhere" in link.get("class", "")
        else str(link.get("href"))
        for link in tree.xpath("//nav[contains(@class,'languages')]//a")
    }


@pytest.mark.parametrize(
    ("shown", "code", "there"),
    [
        ("/letters/", "en", "/en/letters/"),
        ("/letters/write/?kind=complaint&key=x", "en", "/en/letters/write/?kind=complaint"),
        ("/letters/write/", "zh-Hant", "/zh-hant/letters/write/"),
        ("/en/letters/public/?theme=1", "zh-Hans", "/letters/public/"),
        ("/en/letters/public/", "zh-Hant", "/zh-hant/letters/public/"),
    ],
    ids=["hub", "kind", "traditional", "back", "back-traditional"],
)
def test_letters_lead_to_letters(
    world: World, english: Section, client: Client, shown: str, code: str, there: str
) -> None:
    assert led(client, shown)[code] == there
    assert client.get(there).status_code == 200


def test_services_lead_to_services_only_where_there_are_guides(
    world: World, english: Section, client: Client
) -> None:
    assert led(client, "/services/")["en"] == "(/en/)"


def test_without_letters_the_home_is_what_there_is(
    world: World, english: Section, client: Client
) -> None:
    with disable_plugin("interaction"):
        assert led(client, "/search/")["en"] == "/en/search/"
        assert client.get("/letters/").status_code == 404
