"""Settings of visitors: read from a cookie only, kept without an account, never in shared pages."""

import re
from pathlib import Path

import pytest
from django.test import Client

import portal
from portal.core import preferences
from portal.core.preferences import COOKIE, SETTINGS, as_change, attributes, parse, write
from tests.factories import ArticleFactory, World

SCRIPT = Path(portal.__path__[0]) / "core/static/portal/js/preferences.js"


# --- the text of the cookie ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("none", {}),
        ("view:elder", {"view": "elder"}),
        ("size:large&view:elder", {"size": "large", "view": "elder"}),
        ("size:large,view:elder", {"size": "large", "view": "elder"}),
        ("+view:standard&size:larger", {"size": "larger"}),
        ("size:normal", {}),
        ("size:huge&colour:red&view", {}),
        ('view:"><script>', {}),
        ("size:large&" * 200, {"size": "large"}),
    ],
)
def test_only_known_choices_are_read(text: str, found: dict[str, str]) -> None:
    assert parse(text) == found


def test_what_is_written_is_read_again() -> None:
    chosen = {setting.key: list(setting.options)[-1] for setting in SETTINGS}
    assert parse(write(chosen)) == chosen
    assert parse(as_change(chosen)) == chosen
    assert write(dict(reversed(chosen.items()))) == write(chosen)


def test_the_script_knows_the_same_settings() -> None:
    """Two languages, one table: attribute, default and options of each setting."""
    rows = re.findall(
        r"^    (\w+): (\[\"data-[^\]]+\]),$", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE
    )
    in_script = {name: re.findall(r'"([^"]+)"', row) for name, row in rows}
    assert in_script == {s.key: [s.attribute, *s.options] for s in SETTINGS}


def test_the_attributes() -> None:
    assert attributes({"view": "elder", "size": "large"}) == {
        "data-view": "elder",
        "data-font-size": "large",
    }


# --- pages --------------------------------------------------------------------------------------


def html_tag(client: Client, path: str = "/") -> str:
    found = re.search(r"<html[^>]*>", client.get(path).content.decode())
    assert found
    return found[0]


@pytest.mark.django_db
def test_pages_are_the_same_for_everybody(world: World, client: Client) -> None:
    ArticleFactory(parent=world.column, slug="a")
    for path in ("/", "/yaowen/", "/yaowen/a/", "/hubin/", "/sitemap/", "/nothing/"):
        response = client.get(path)
        assert "Cookie" not in response.get("Vary", ""), path
        assert response.cookies == {}, path
        assert "csrfmiddlewaretoken" not in response.content.decode(), path
        assert "data-view" not in html_tag(client, path), path


@pytest.mark.django_db
def test_only_who_sends_the_cookie_gets_a_page_of_their_own(world: World, client: Client) -> None:
    client.cookies[COOKIE] = "view:elder&contrast:dark"
    response = client.get("/yaowen/")
    assert 'data-view="elder" data-contrast="dark"' in response.content.decode()
    assert response["Cache-Control"] == "private"
    assert client.get("/nothing/")["Cache-Control"] == "private"


@pytest.mark.django_db
def test_a_forged_cookie_does_nothing(world: World, client: Client) -> None:
    client.cookies[COOKIE] = 'view:elder" onload="x'
    assert "onload" not in html_tag(client)


@pytest.mark.django_db
def test_files_stay_public_with_the_cookie(world: World, client: Client) -> None:
    client.cookies[COOKIE] = "view:elder"
    assert "public" in client.get(f"/qr/{world.column.pk}.svg")["Cache-Control"]


# --- the form -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_form_keeps_the_choices_and_leads_back(world: World, client: Client) -> None:
    assert client.get("/preferences/?next=/yaowen/").context["next"] == "/yaowen/"
    response = client.post("/preferences/", {"view": "elder", "size": "large", "next": "/yaowen/"})
    assert response["Location"] == "/yaowen/"
    cookie = response.cookies[COOKIE]
    assert cookie.value == "view:elder&size:large"
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    assert 'data-view="elder" data-font-size="large"' in html_tag(client, "/yaowen/")
    checked = re.findall(
        r'value="(\w+)" id="page-\w+-\w+" data-setting checked',
        client.get("/preferences/").content.decode(),
    )
    assert checked == ["elder", "large", "normal", "normal", "off"]


@pytest.mark.django_db
def test_back_to_the_defaults(world: World, client: Client) -> None:
    client.cookies[COOKIE] = "view:elder"
    response = client.post("/preferences/", {"view": "elder", "reset": "1", "next": "/"})
    assert response.cookies[COOKIE].value == "none"
    assert "data-view" not in html_tag(client)


@pytest.mark.django_db
def test_values_that_are_no_options_count_as_not_chosen(world: World, client: Client) -> None:
    response = client.post("/preferences/", {"view": "x" * 5000, "size": "large"})
    assert response.status_code == 302
    assert response.cookies[COOKIE].value == "size:large"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
        "http://testserver@evil.example/", "", "/preferences/", "yaowen/", "\n//evil.example",
    ],
)  # fmt: skip
def test_it_leads_nowhere_else(address: str, world: World, client: Client) -> None:
    response = client.post("/preferences/", {"size": "large", "next": address})
    assert response["Location"] == "/"


@pytest.mark.django_db
def test_a_foreign_form_cannot_post(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/preferences/", {"view": "elder"}).status_code == 403


@pytest.mark.django_db
def test_the_form_is_for_one_visitor(world: World, client: Client) -> None:
    response = client.get("/preferences/")
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


# --- addresses that bring settings along --------------------------------------------------------
@pytest.mark.django_db
def test_an_address_for_a_poster(world: World, client: Client) -> None:
    response = client.get("/yaowen/?view=elder&page=2")
    assert response["Location"] == "/yaowen/?page=2"
    assert response["Cache-Control"] == "no-store"
    assert response.cookies[COOKIE].value == "+view:elder"
    assert 'data-view="elder"' in html_tag(client, "/yaowen/")
    assert client.get("/?view=standard")["Location"] == "/"
    assert "data-view" not in html_tag(client)


@pytest.mark.django_db
def test_it_changes_only_what_it_names(world: World, client: Client) -> None:
    client.cookies[COOKIE] = "size:large"
    client.get("/?view=elder")
    assert 'data-view="elder" data-font-size="large"' in html_tag(client)


@pytest.mark.django_db
def test_settings_come_along_from_another_host(world: World, client: Client) -> None:
    response = client.get("/yaowen/?settings=view:elder,contrast:high,x:y")
    assert response["Location"] == "/yaowen/"
    assert response.cookies[COOKIE].value == "view:elder&contrast:high"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/yaowen/?view=list", "/yaowen/?preview=1", "/yaowen/?q=view"])
def test_other_parameters_are_left_alone(path: str, world: World, client: Client) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.cookies == {}


@pytest.mark.django_db
def test_it_stays_on_this_host(world: World, client: Client) -> None:
    response = client.get("/", {"view": "elder"}, PATH_INFO="//evil.example/")
    assert re.match(r"/(?!/)", response["Location"])


def test_the_cookie_needs_no_quotes() -> None:
    """A script reads it as it stands."""
    from http.cookies import SimpleCookie

    longest = as_change({s.key: list(s.options)[-1] for s in preferences.SETTINGS})
    cookie = SimpleCookie({COOKIE: longest})
    assert cookie[COOKIE].coded_value == longest
