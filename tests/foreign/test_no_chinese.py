"""No Chinese under a foreign ``lang``: header, footer, menus, errors, lists, side slots."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from portal.core.models import SiteRecord
from portal.core.templatetags.portal_languages import chinese
from portal.foreign.services.sections import close_section
from tests.factories import ArticleFactory, StandardPageFactory, World, open_language

from .crawling import unmarked
from .factories import Section, make_section

PATHS = ["/en/", "/en/living/", "/en/living/a/", "/en/nothing/", "/en/preferences/", "/en/about/"]


@pytest.fixture
def city(world: World) -> Section:
    """A section whose site says everything in Chinese that a site can say."""
    SiteRecord.objects.filter(pk=world.site.pk).update(
        chinese_domain="云湖市人民政府.政务",
        police_number="云公网安备99000002000001号",
        party_mark_number="云湖一号",
        contact_phone="0999-12345",
        contact_address="云湖市望湖大道1号",
        office_hours="工作日 9:00—12:00",
        footer_note="政务服务便民热线",
    )
    english = make_section(world)
    ArticleFactory(
        parent=english.living.page.specific, slug="a", title="Buses", source="City", body=[
            ("paragraph", "<p>Buses run.</p>")
        ],
    )  # fmt: skip
    StandardPageFactory(
        parent=english.root, slug="about", title="About", body=[("paragraph", "<p>We.</p>")]
    )
    return english


@pytest.mark.parametrize("path", PATHS)
def test_every_chinese_word_says_so(city: Section, client: Client, path: str) -> None:
    assert list(unmarked(client.get(path).content.decode())) == []


def test_a_closed_language_too(city: Section, client: Client) -> None:
    close_section(section=city.row, reason="Nobody")
    assert list(unmarked(client.get("/en/living/").content.decode())) == []


def test_a_sub_site_below_a_portal_without_the_language_s_name(
    world: World, client: Client
) -> None:
    open_language(world.hubin)
    assert list(unmarked(client.get("/en/hubin/").content.decode())) == []


def test_the_chinese_is_there_and_marked(city: Section, client: Client) -> None:
    html = client.get("/en/").content.decode()
    assert '<bdi lang="zh-Hans">云湖市望湖大道1号</bdi>' in html
    assert "<bdi" not in client.get("/").content.decode()


def test_the_crawler_finds_what_is_not_marked() -> None:
    html = '<html lang="en"><body><p>云湖 <b lang="zh-Hans">云湖</b> 云</p><img alt="湖"></body></html>'
    assert list(unmarked(html)) == ["<p> 云湖", "<p> 云", "<img> 湖"]
    japanese = '<html lang="ja"><body><p>雲湖市</p><p>联系我们</p></body></html>'
    assert list(unmarked(japanese, {"联系我们"})) == ["<p> 联系我们"]


def test_arabic_is_mirrored_and_chinese_inside_is_kept_apart(world: World, client: Client) -> None:
    make_section(world, "ar")
    html = client.get("/ar/").content.decode()
    assert re.search(r'<html lang="ar"\s+dir="rtl"', html)
    assert list(unmarked(html)) == []


@pytest.mark.parametrize(
    ("language", "text", "is_chinese"),
    [
        ("en", "云湖市", True),
        ("ko", "云湖市", True),
        ("ko", "윈후시 공안국", False),
        ("ja", "云湖市人民政府", True),
        ("ja", "雲湖市の窓口", False),
        ("zh-hans", "云湖市", False),
    ],
)
def test_only_chinese_is_marked_as_chinese(language: str, text: str, is_chinese: bool) -> None:
    with override(language):
        assert ("zh-Hans" in chinese(text)) is is_chinese
