"""Every Chinese page below ``/zh-hant/``: what is converted, what stays, where links lead."""

import re
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from portal.foreign.models import ScriptCorrection, ScriptSetting, ScriptTerm
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, World

from .factories import Section

pytestmark = pytest.mark.django_db
PREFIX = "/zh-hant"


def soup_of(client: Client, address: str, status: int = 200, **headers: str) -> BeautifulSoup:
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.headers.get("Location")
    return BeautifulSoup(response.content.decode(), "html.parser")


@pytest.fixture
def article(world: World):  # type: ignore[no-untyped-def]
    return ArticleFactory(
        parent=world.column,
        title="湖里发展观光船",
        slug="guanguangchuan",
        body=[("paragraph", "<p>游客的<b>头</b>发被风吹乱。云湖市公布了台账。</p>")],
    )


def test_a_page_is_converted_with_its_head_and_its_links(client: Client, article, world) -> None:  # type: ignore[no-untyped-def]
    address = f"{PREFIX}/yaowen/guanguangchuan/"
    response = client.get(address)
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "zh-Hant"
    assert response.headers["Content-Language"] == "zh-Hant"
    assert "湖裡發展觀光船" in soup.title.get_text()  # type: ignore[union-attr]
    assert soup.h1.get_text(strip=True) == "湖裡發展觀光船"  # type: ignore[union-attr]
    assert "頭髮被風吹亂。雲湖市公布了臺帳。" in soup.main.get_text()  # type: ignore[union-attr]
    assert soup.find("meta", attrs={"name": "ArticleTitle"})["content"] == "湖裡發展觀光船"  # type: ignore[index]
    canonical = soup.find("link", rel="canonical")["href"]  # type: ignore[index]
    assert str(canonical).endswith(address)
    links = {str(a["href"]) for a in soup.select("a[href^='/']:not([hreflang])")}
    assert links
    assert not {link for link in links if not link.startswith((PREFIX, "/qr/", "/static/"))}


def test_the_switch_stays_on_the_page_with_its_query(client: Client, article) -> None:  # type: ignore[no-untyped-def]
    address = "/yaowen/guanguangchuan/?a=1&b=里"
    for prefix, current in (("", "zh-Hans"), (PREFIX, "zh-Hant")):
        soup = soup_of(client, prefix + address)
        links = {str(a["hreflang"]): a for a in soup.select(".languages a[hreflang]")}
        assert list(links)[:2] == ["zh-Hans", "zh-Hant"]
        assert [code for code, a in links.items() if a.has_attr("aria-current")] == [current]
        assert links["zh-Hans"].get_text() == "简体中文"
        assert links["zh-Hant"].get_text() == "繁體中文"
        assert str(links["zh-Hans"]["href"]).startswith("/yaowen/guanguangchuan/?a=1")
        assert str(links["zh-Hant"]["href"]).startswith(f"{PREFIX}/yaowen/guanguangchuan/?a=1")


def test_search_engines_learn_of_both_scripts(client: Client, article) -> None:  # type: ignore[no-untyped-def]
    plain = soup_of(client, "/yaowen/guanguangchuan/?a=1")
    converted = soup_of(client, f"{PREFIX}/yaowen/guanguangchuan/")
    for soup in (plain, converted):
        found = {str(link["hreflang"]): str(link["href"]) for link in soup.select("link[hreflang]")}
        assert found["zh-Hans"].endswith("/yaowen/guanguangchuan/")
        assert PREFIX not in found["zh-Hans"]
        assert found["zh-Hant"].endswith(f"{PREFIX}/yaowen/guanguangchuan/")
        assert found["x-default"] == found["zh-Hans"]


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append("/" + tag)


_CHANGED = re.compile(
    r"[\u3400-\u9fff]|/zh-hant(?=/)|zh-han[st]| aria-current=\"true\"", re.IGNORECASE
)


@pytest.mark.parametrize("address", ["/", "/yaowen/", "/yaowen/guanguangchuan/", "/sitemap/"])
def test_everything_but_characters_addresses_and_language_is_the_same_bytes(
    client: Client,
    article,
    address: str,  # type: ignore[no-untyped-def]
) -> None:
    def bare(page: str) -> str:
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        return _CHANGED.sub("", page)

    plain = client.get(address).content.decode()
    converted = client.get(PREFIX + address).content.decode()
    assert bare(plain) == bare(converted)
    assert _Tags(plain).found == _Tags(converted).found
    assert plain != converted


def test_errors_are_told_in_the_same_script(client: Client, world: World) -> None:
    soup = soup_of(client, f"{PREFIX}/nirgends/", 404)
    assert soup.html is not None
    assert soup.html["lang"] == "zh-Hant"
    assert "找不到" in soup.get_text() or "頁" in soup.get_text()
    assert soup.select_one(f'a[href^="{PREFIX}/"]') is not None


def test_redirects_stay_in_the_script(client: Client, article) -> None:  # type: ignore[no-untyped-def]
    assert client.get(PREFIX).headers["Location"] == PREFIX + "/"
    found = client.get(f"{PREFIX}/yaowen?x=1")
    assert found.headers["Location"] == f"{PREFIX}/yaowen/?x=1"


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/api/v1/openapi.json", "/en/", "/media/a.png", "/static/portal/css/base.css",
     "/zh-hant/", "/readyz/", "/robots.txt/", "/documents/1/a.pdf"],
)  # fmt: skip
def test_what_has_one_form_only_is_not_there_again(
    client: Client, world: World, address: str
) -> None:
    assert client.get(PREFIX + address).status_code == 404


def test_addresses_of_plugins_lists_and_forms(client: Client, article, world) -> None:  # type: ignore[no-untyped-def]
    library = soup_of(client, PREFIX + reverse("policy_interpretation:library"))
    assert library.html is not None
    assert library.html["lang"] == "zh-Hant"
    for form in library.select("form[action]"):
        assert str(form["action"]).startswith(PREFIX)
    settings = soup_of(client, f"{PREFIX}/preferences/?next=/yaowen/")
    token = settings.select_one("form.settings-form")
    assert token is not None
    assert token["action"] == f"{PREFIX}/preferences/"
    kept = client.post(f"{PREFIX}/preferences/", {"view": "elder", "next": "/yaowen/"})
    assert kept.headers["Location"] == f"{PREFIX}/yaowen/"


def test_what_is_not_html_is_untouched(client: Client, article) -> None:  # type: ignore[no-untyped-def]
    feed = reverse("policy_interpretation:feed")
    plain, converted = client.get(feed), client.get(PREFIX + feed)
    assert plain.status_code == converted.status_code == 200
    moment = re.compile(rb"<updated>[^<]*")
    assert moment.sub(b"", plain.content) == moment.sub(b"", converted.content)
    assert converted.headers["Content-Type"] == plain.headers["Content-Type"]


def test_other_languages_keep_their_signs_and_addresses(
    client: Client, english: Section, world: World
) -> None:
    soup = soup_of(client, PREFIX + "/")
    found = soup.select_one('.languages a[hreflang="en"]')
    assert found is not None
    assert found["href"] == "/en/"
    foreign = soup_of(client, "/en/")
    link = foreign.select_one('.languages a[hreflang="zh-Hant"]')
    assert link is not None
    assert link["href"] == PREFIX + "/"


def test_a_site_without_it_answers_not_found_and_is_linked_as_it_is(
    client: Client, world: World
) -> None:
    assert client.get(f"{PREFIX}/hubin/").status_code == 200
    ScriptSetting.objects.create(site=world.hubin, offered=ScriptSetting.Choice.OFF)
    assert client.get(f"{PREFIX}/hubin/").status_code == 404
    assert client.get("/hubin/").status_code == 200
    soup = soup_of(client, PREFIX + "/")
    assert {str(a["href"]) for a in soup.select('a[href*="hubin"]')} <= {"/hubin/"}
    assert not soup_of(client, "/hubin/").select('a[hreflang="zh-Hant"]')


def test_where_the_plugin_is_off_there_is_no_second_script(client: Client, world: World) -> None:
    with disable_plugin("foreign", world.hubin):
        assert client.get(f"{PREFIX}/hubin/").status_code == 404
        assert client.get("/hubin/").status_code == 200
        assert client.get(f"{PREFIX}/yaowen/").status_code == 200


def test_a_site_may_have_the_forms_of_hong_kong(client: Client, article, world) -> None:  # type: ignore[no-untyped-def]
    ScriptSetting.objects.create(site=None, offered=ScriptSetting.Choice.HONG_KONG)
    title = soup_of(client, f"{PREFIX}/yaowen/guanguangchuan/").h1
    assert title is not None
    assert title.get_text(strip=True) == "湖裏發展觀光船"


def test_terms_and_corrections_hold_at_once_and_only_confirmed_ones(
    client: Client, article
) -> None:  # type: ignore[no-untyped-def]
    address = f"{PREFIX}/yaowen/guanguangchuan/"

    def text() -> str:
        return soup_of(client, address).main.get_text()  # type: ignore[union-attr]

    ScriptTerm.objects.create(simplified="观光船", traditional="遊覽船")
    ScriptTerm.objects.create(simplified="云湖市", protect=True)
    assert "發展遊覽船" in text()
    assert "云湖市公布" in text()
    source = "游客的头发被风吹乱。云湖市公布了台账。"
    row = ScriptCorrection.objects.create(
        standard="s2tw",
        source_text=source,
        source_hash=ScriptCorrection.hash_of(source),
        text="遊客的頭髮被風吹亂。雲湖市已公布臺帳。",
    )
    assert "已公布臺帳" not in text()
    row.reviewed_at = row.proposed_at
    row.save()
    assert "遊客的頭髮被風吹亂。雲湖市已公布臺帳。" in text()
    assert "<b>頭</b>髮" in client.get(address).content.decode()
