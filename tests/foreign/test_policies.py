"""Policies for foreigners: the page at the address of a section's column for policies."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.foreign.models import ForeignColumn, MadeBy, Need, PageTranslation, TeamRole
from portal.foreign.selectors.policies import MOST_UNTRANSLATED
from portal.foreign.services.syncing import sync_source
from tests.factories import ArticleFactory, ColumnFactory, World, publish
from tests.policy_interpretation.factories import make_policy, republish

from .factories import add_column
from .staleness import change, core, open_section, released

pytestmark = pytest.mark.django_db


class Place:
    """An English section with a column for policies, fed by the Chinese column 政策."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.section = open_section(world)
        home = Page.objects.get(slug="news", locale=self.section.locale).get_parent()
        self.chinese = ColumnFactory(parent=world.site.root_page.specific, title="政策")
        self.column: ForeignColumn = add_column(
            self.section,
            home,
            "Policies for foreigners",
            Need.POLICIES,
            self.chinese,
            slug="policies-for-foreigners",
            locale=self.section.locale,
        )
        news = Page.objects.get(slug="news", locale=self.section.locale)
        ForeignColumn.objects.create(section=self.section, page_id=news.pk, need=Need.NEWS)
        structure.touch()
        self.url = "/en/policies-for-foreigners/"

    def document(self, **fields: Any) -> Any:
        page = make_policy(self.chinese, **{"summary": "说明。"} | fields)
        core(self.world, page)
        return page

    def translated(self, **fields: Any) -> PageTranslation:
        [row] = released(self.document(**fields), self.section)
        return row


@pytest.fixture
def place(world: World) -> Place:
    return Place(world)


@pytest.fixture
def read(client: Client) -> Callable[[str], str]:
    def get(url: str) -> str:
        response = client.get(url)
        assert response.status_code == 200, url
        return response.content.decode()

    return get


def path_of(page: Page) -> str:
    return str(page.get_url_parts()[2])


def item(html: str, title: str) -> str:
    """The list item with a title."""
    return next(part for part in html.split('<li class="policy">') if title in part)


def test_a_translated_document_has_abstract_state_and_trust(place: Place, read: Any) -> None:
    row = place.translated(title="外国人服务办法")
    PageTranslation.objects.filter(pk=row.pk).update(
        made_by=MadeBy.REVIEWED_MACHINE, reviewer_role=TeamRole.LANGUAGE_REVIEWER
    )
    target = Page.objects.get(pk=row.target_id).specific
    html = item(read(place.url), target.title)
    assert f'href="{path_of(target)}">{target.title}' in html
    assert target.summary in html
    assert "In force" in html
    assert "Machine translation, reviewed by a person" in html
    assert "Reviewed by: Language reviewer." in html
    source = Page.objects.get(pk=row.source_id)
    assert f'href="{path_of(source)}" hreflang="zh-Hans">Chinese original' in html
    assert "The Chinese text prevails." in read(place.url)


def test_a_repealed_document_says_so(place: Place, read: Any) -> None:
    row = place.translated(title="旧办法")
    source = Page.objects.get(pk=row.source_id).specific
    source.valid_through = timezone.localdate() - datetime.timedelta(days=3)
    republish(source)
    sync_source(source)
    title = Page.objects.get(pk=row.target_id).title
    assert '<span class="mark">No longer in force</span>' in item(read(place.url), title)


def test_the_last_day_in_force_is_told(place: Place, read: Any) -> None:
    through = timezone.localdate() + datetime.timedelta(days=40)
    row = place.translated(title="试行办法", valid_through=through)
    title = Page.objects.get(pk=row.target_id).title
    told = f"Through {through.day} {through:%B %Y}"
    assert told in item(read(place.url), title)


def test_a_document_that_is_behind_says_so(place: Place, read: Any) -> None:
    row = place.translated(title="办法")
    title = Page.objects.get(pk=row.target_id).title
    assert "behind the Chinese text" not in read(place.url)
    change(Page.objects.get(pk=row.source_id).specific, summary="改了。")
    assert "behind the Chinese text" in item(read(place.url), title)


def test_what_is_not_translated_is_named_in_chinese_with_its_language(
    place: Place, read: Any
) -> None:
    document = place.document(title="居留登记办法")
    sync_source(document)
    html = read(place.url)
    assert "Not translated yet" in html
    assert f'href="{path_of(document)}" lang="zh-Hans" hreflang="zh-Hans"' in html
    assert "No policy has been published in this language yet." in html
    released(document, place.section)
    assert "Not translated yet" not in read(place.url)


def test_what_is_not_core_or_over_is_not_named(place: Place, read: Any) -> None:
    make_policy(place.chinese, title="与外国人无关的办法")
    over = timezone.localdate() - datetime.timedelta(days=3)
    sync_source(place.document(title="失效的办法", valid_through=over))
    sync_source(place.document(title="没有发布的办法", live=False))
    html = read(place.url)
    assert "Not translated yet" not in html
    assert "办法" not in html.partition("<main")[2].partition("</main>")[0]


def test_an_unreleased_translation_is_not_listed(place: Place, read: Any) -> None:
    row = place.translated(title="办法")
    title = Page.objects.get(pk=row.target_id).title
    PageTranslation.objects.filter(pk=row.pk).update(released_at=None)
    assert f">{title}</a>" not in read(place.url)


def test_documents_of_other_columns_are_found_and_can_be_chosen(
    place: Place, world: World, read: Any, client: Client
) -> None:
    """``released`` puts the document below News; one of the column's own stands beside it."""
    row = place.translated(title="办法")
    elsewhere = Page.objects.get(pk=row.target_id)
    own = ArticleFactory(
        parent=place.column.page.specific, title="A guide", locale=place.section.locale
    )
    other = ArticleFactory(
        parent=elsewhere.get_parent().specific, title="News item", locale=place.section.locale
    )
    html = read(place.url)
    assert elsewhere.title in html
    assert own.title in html
    assert other.title not in html.partition("<main")[2]
    narrowed = read(f"{place.url}?column={place.column.page_id}")
    assert own.title in narrowed
    assert elsewhere.title not in narrowed
    assert '<meta name="robots" content="noindex, follow">' in narrowed
    assert client.get(f"{place.url}?column={world.column.pk}").status_code == 404
    assert client.get(f"{place.url}?column=x").status_code == 404


def test_an_article_of_the_column_has_no_state(place: Place, read: Any) -> None:
    own = ArticleFactory(
        parent=place.column.page.specific, title="A guide", locale=place.section.locale
    )
    assert "In force" not in item(read(place.url), own.title)


def test_pages_of_the_list(place: Place, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("portal.foreign.policy_pages.PER_PAGE", 2)
    for number in range(3):
        ArticleFactory(
            parent=place.column.page.specific,
            title=f"Guide {number}",
            locale=place.section.locale,
            date=timezone.now() - datetime.timedelta(days=number),
        )
    first = client.get(place.url).content.decode()
    assert "Guide 0" in first
    assert "Guide 2" not in first.partition("<main")[2]
    assert "Guide 2" in client.get(f"{place.url}page/2/").content.decode()
    assert client.get(f"{place.url}page/3/").status_code == 404
    assert client.get(f"{place.url}page/1/").status_code == 404


def test_many_untranslated_ones_are_counted(place: Place, read: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("portal.foreign.policy_pages.MOST_UNTRANSLATED", 1)
    for number in range(3):
        sync_source(place.document(title=f"第{number}号办法", document_number=""))
    html = read(place.url)
    assert html.count('hreflang="zh-Hans" dir="ltr"') == 1
    assert "2 more are not translated yet." in html
    assert MOST_UNTRANSLATED > 1


def test_queries_do_not_grow(place: Place, client: Client) -> None:
    def count() -> int:
        client.get(place.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(place.url)
        return len(queries)

    place.translated(title="一号办法", document_number="")
    sync_source(place.document(title="二号办法", document_number=""))
    few = count()
    for number in range(3, 6):
        place.translated(title=f"{number}号办法", document_number="")
        sync_source(place.document(title=f"1{number}号办法", document_number=""))
    assert count() == few
    assert few <= 16


def test_a_restricted_column_asks_first(place: Place, client: Client) -> None:
    ArticleFactory(parent=place.column.page.specific, title="A guide", locale=place.section.locale)
    PageViewRestriction.objects.create(
        page_id=place.column.page_id, restriction_type=PageViewRestriction.LOGIN
    )
    structure.touch()
    response = client.get(place.url)
    assert b"A guide" not in response.content


def test_other_columns_and_displays_stay_as_they_are(place: Place, read: Any) -> None:
    assert "policies.css" not in read("/en/news/")
    publish(place.column.page.specific, display="channel")
    assert "policies.css" not in read(place.url)


def test_a_translation_is_cited_by_its_chinese_original(place: Place, read: Any) -> None:
    row = place.translated(title="外国人服务办法")
    html = read(path_of(Page.objects.get(pk=row.target_id)))
    assert '<bdi lang="zh-Hans">《外国人服务办法》（云政发〔2026〕12号）</bdi>' in html
    assert path_of(Page.objects.get(pk=row.source_id)) in html.split("GB/T 7714")[1][:600]
    assert "Address of this clause" not in html
