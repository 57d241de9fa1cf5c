"""The language switcher stays on the page, and says so where it cannot."""

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from portal.foreign.models import Need
from portal.foreign.services.placing import place
from tests.factories import ArticleFactory, World

from .factories import Section, add_column, make_section


def links(client: Client, path: str) -> dict[str, lxml.html.HtmlElement]:
    tree = lxml.html.fromstring(client.get(path).content)
    return {a.get("lang"): a for a in tree.xpath("//nav[@class='languages']//a")}


def alternates(client: Client, path: str) -> dict[str, str]:
    tree = lxml.html.fromstring(client.get(path).content)
    return {link.get("hreflang"): link.get("href") for link in tree.xpath("//link[@hreflang]")}


def release(section: Section, title: str = "Residence permits") -> Page:
    """A public translation of the section's article."""
    page = place(source=section.article, section=section.row)
    page.title = title
    Page.objects.filter(pk=page.pk).update(
        title=title, live=True, first_published_at=timezone.now(), last_published_at=timezone.now()
    )
    return page


def test_it_stays_on_the_page(english: Section, client: Client) -> None:
    page = release(english)
    found = links(client, "/juzhu/banli/")
    assert found["en"].get("href") == f"/en/living/{page.slug}/"
    assert found["en"].text_content().strip() == "English"
    back = links(client, f"/en/living/{page.slug}/")
    assert back["zh-Hans"].get("href") == "/juzhu/banli/"
    assert back["en"].get("aria-current") == "true"


def test_without_a_translation_it_leads_to_the_column_and_says_so(
    english: Section, client: Client
) -> None:
    found = links(client, "/juzhu/banli/")["en"]
    assert found.get("href") == "/en/living/"
    assert "this page is not translated" in found.text_content()
    assert "Living en" in found.text_content()


def test_and_to_the_home_where_no_column_is_fed(
    world: World, english: Section, client: Client
) -> None:
    article = ArticleFactory(parent=world.column)
    found = links(client, f"/yaowen/{article.slug}/")["en"]
    assert found.get("href") == "/en/"
    assert "this page is not translated" in found.text_content()


def test_between_foreign_languages_the_column_of_the_same_need(
    english: Section, japanese: Section, client: Client
) -> None:
    page = ArticleFactory(parent=english.living.page.specific, title="Only here", slug="only")
    found = links(client, f"/en/living/{page.slug}/")
    assert found["ja"].get("href") == "/ja/living/"
    assert found["zh-Hans"].get("href") == "/juzhu/"


def test_a_draft_is_no_translation(english: Section, client: Client) -> None:
    place(source=english.article, section=english.row)
    assert links(client, "/juzhu/banli/")["en"].get("href") == "/en/living/"
    assert "en" not in alternates(client, "/juzhu/banli/")


def test_search_engines_learn_of_public_versions_only(
    world: World, english: Section, japanese: Section, client: Client
) -> None:
    page = release(english)
    found = alternates(client, "/juzhu/banli/")
    assert found == {
        "zh-Hans": "http://testserver/juzhu/banli/",
        "zh-Hant": "http://testserver/zh-hant/juzhu/banli/",
        "en": f"http://testserver/en/living/{page.slug}/",
        "x-default": "http://testserver/juzhu/banli/",
    }
    assert alternates(client, f"/en/living/{page.slug}/") == found


def test_a_language_that_is_not_open_is_not_offered(
    world: World, english: Section, client: Client
) -> None:
    make_section(world, "ko", is_open=False)
    assert set(links(client, "/")) == {"zh-Hans", "zh-Hant", "en"}


@pytest.mark.parametrize("path", ["/juzhu/banli/", "/en/living/", "/"])
def test_it_costs_one_query_at_most(
    english: Section, japanese: Section, client: Client, path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    about = [q["sql"] for q in captured if "translation_key" in q["sql"] or "foreign_" in q["sql"]]
    assert len([sql for sql in about if "core_page" in sql and 'translation_key" =' in sql]) <= 1
    assert not [sql for sql in about if "foreign_columnfeed" in sql]


def test_menus_come_from_the_foreign_tree(world: World, english: Section, client: Client) -> None:
    add_column(english.row, english.root, "Arrivals", Need.VISITING, slug="arrivals")
    ArticleFactory(
        parent=Page.objects.get(slug="arrivals", locale=english.row.locale).specific, title="A"
    )
    tree = lxml.html.fromstring(client.get("/en/").content)
    names = [a.text_content().strip() for a in tree.xpath("//a[@class='nav__item']")]
    assert names == ["Home", "Arrivals", "Write to us"]
    assert world.column.title not in tree.text_content()
