"""Letters in the language of a section, through whoever provides ``letters``."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.core import structure
from portal.core.dialogue_points import letters
from portal.foreign.models import ForeignSection
from portal.plugin_api import DraftKind
from portal.testing import disable_plugin
from tests.assistant.flows.providers import LettersInMemory
from tests.factories import World

from .factories import Section, make_section

pytestmark = pytest.mark.django_db
URL = "/en/letters/"


class EnglishOnly(LettersInMemory):
    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        return super().kinds(site=site, language=language) if language == "en" else ()


@pytest.fixture(autouse=True)
def nobody_else_takes_letters(db: None) -> Iterator[None]:
    """The portal's own plugin does, wherever it is on."""
    with disable_plugin("interaction"):
        yield


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def post(english: Section) -> Iterator[LettersInMemory]:
    """Somebody takes letters in English."""
    provider = EnglishOnly()
    with letters.temporarily(provider, plugin="foreign"):
        structure.touch()
        yield provider
    structure.touch()


@pytest.fixture
def client() -> Client:
    """A visitor from somewhere else than this machine."""
    return Client(REMOTE_ADDR="203.0.113.7")


def key_in(client: Client, url: str = URL) -> str:
    html = client.get(url).content.decode()
    found = re.search(r'name="key" value="([\w-]+)"', html)
    assert found
    return found[1]


def filled(client: Client, **changes: str) -> dict[str, str]:
    return {
        "key": key_in(client),
        "kind": "consult",
        "subject": "Bus at night",
        "text": "Is there a bus after midnight?",
        "name": "Ann Lee",
        "email": "ann@example.org",
    } | changes


def test_a_letter_is_sent_in_its_language_and_the_receipt_shown(
    client: Client, post: LettersInMemory
) -> None:
    response = client.post(URL, filled(client), follow=True)
    [letter] = post.letters
    assert letter.language == "en"
    assert (letter.kind, letter.subject, letter.name) == ("consult", "Bus at night", "Ann Lee")
    assert letter.email == "ann@example.org"
    assert response.redirect_chain == [("/en/letters/sent/", 302)]
    html = response.content.decode()
    assert "Your letter was sent" in html
    assert "YH20261126001" in html
    assert "482913" in html
    assert 'href="/letters/1/"' in html


def test_no_telephone_number_is_asked_for(client: Client, post: LettersInMemory) -> None:
    html = client.get(URL).content.decode()
    assert 'type="tel"' not in html
    assert set(re.findall(r'name="(\w+)"', html.partition("<form class=\"letter")[2])) == {
        "csrfmiddlewaretoken", "key", "kind", "subject", "text", "name", "email",
    }  # fmt: skip
    assert "Question" in html


def test_the_menu_leads_there_only_where_letters_are_taken(
    client: Client, post: LettersInMemory, english: Section
) -> None:
    assert 'href="/en/letters/"' in client.get("/en/").content.decode()
    assert "letters/" not in client.get("/").content.decode()


def test_without_a_provider_there_is_nothing(client: Client, english: Section) -> None:
    structure.touch()
    assert client.get(URL).status_code == 404
    assert "/letters/" not in client.get("/en/").content.decode()


def test_in_a_language_without_kinds_there_is_nothing(
    client: Client, post: LettersInMemory, world: World
) -> None:
    make_section(world, "ja")
    assert client.get("/ja/letters/").status_code == 404
    assert "/letters/" not in client.get("/ja/").content.decode()


def test_in_chinese_and_in_a_closed_section_there_is_nothing(
    client: Client, post: LettersInMemory, english: Section
) -> None:
    assert client.get("/zh-hans/letters/").status_code == 404
    ForeignSection.objects.filter(pk=english.row.pk).update(state=ForeignSection.State.CLOSED)
    structure.touch()
    assert client.get(URL).status_code in {404, 410}
    assert client.post(URL, {}).status_code in {404, 410}


def test_an_unknown_kind_is_a_bad_request(client: Client, post: LettersInMemory) -> None:
    assert client.post(URL, filled(client, kind="bribe")).status_code == 400
    assert client.post(URL, filled(client, key="made up")).status_code == 400
    assert not post.letters


@pytest.mark.parametrize("field", ["kind", "subject", "text", "name", "email"])
def test_what_is_missing_is_said_and_the_rest_kept(
    client: Client, post: LettersInMemory, field: str
) -> None:
    response = client.post(URL, filled(client, **{field: ""}))
    html = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in html
    assert f'id="id_{field}_error"' in html
    assert field == "text" or "Is there a bus after midnight?" in html
    assert not post.letters


def test_a_form_of_another_site_is_refused(english: Section, post: LettersInMemory) -> None:
    strict = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.7")
    assert strict.post(URL, filled(strict)).status_code == 403
    assert not post.letters


def test_the_same_sheet_is_sent_once(client: Client, post: LettersInMemory) -> None:
    data = filled(client)
    client.post(URL, data)
    again = client.post(URL, data, follow=True)
    assert len(post.letters) == 1
    assert "YH20261126001" in again.content.decode()


def test_a_visitor_sends_five_in_an_hour(client: Client, post: LettersInMemory) -> None:
    for _number in range(5):
        assert client.post(URL, filled(client)).status_code == 302
    response = client.post(URL, filled(client))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Is there a bus after midnight?" in response.content.decode()
    assert len(post.letters) == 5
    other = Client(REMOTE_ADDR="203.0.113.8")
    assert other.post(URL, filled(other)).status_code == 302


def test_a_refusal_and_a_failure_keep_what_was_written(
    client: Client, post: LettersInMemory
) -> None:
    data = filled(client)
    post.refuses = "This site takes no letters on Sundays."
    refused = client.post(URL, data)
    assert refused.status_code == 422
    assert "on Sundays" in refused.content.decode()
    post.refuses = ""
    assert client.post(URL, data).status_code == 302  # the sheet can be sent after all
    assert len(post.letters) == 1


def test_a_receipt_is_for_its_writer_only(client: Client, post: LettersInMemory) -> None:
    client.post(URL, filled(client))
    other = Client(REMOTE_ADDR="203.0.113.8")
    assert other.get("/en/letters/sent/").headers["Location"] == URL
    forged = Client()
    forged.cookies["foreign_letter"] = '["1", "2", "/"]'
    assert forged.get("/en/letters/sent/").headers["Location"] == URL


def test_a_sub_site_has_its_own(client: Client, post: LettersInMemory, world: World) -> None:
    record = world.hubin
    make_section(world, "en", site=record)
    structure.touch()
    url = f"{URL}?site={record.code}"
    seen: dict[str, Any] = {}
    send = post.send
    post.send = lambda letter, **told: seen.update(told) or send(letter, **told)  # type: ignore[method-assign]
    data = filled(client) | {"key": key_in(client, url)}
    assert client.post(url, data).headers["Location"] == f"/en/letters/sent/?site={record.code}"
    assert seen["site"] == record.pk
    assert client.get(f"{URL}?site=nowhere").status_code == 404
