"""A crawl of the foreign sections: nothing leads nowhere, nothing speaks Chinese unsaid, no version is left over.

Once as the sections stand, and again after every way of ending or changing what a translation was
made from.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.core.models import SiteRecord
from portal.core.outbox import run_consumers
from portal.foreign.models import ForeignSection, PageTranslation
from portal.foreign.services.sections import close_section
from portal.foreign.source_follower import SourceFollower
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, publish, text

from .factories import make_section
from .site_crawl import FOREIGN, TRADITIONAL, Answer, Crawl, by_client, crawl, language_problems
from .staleness import released

pytestmark = [pytest.mark.one_database, pytest.mark.long]
LANGUAGES = ("en", "ja")
TEXT = [("paragraph", "<p>拨打 0999-8765432。</p>"), ("paragraph", "<p>带上护照。</p>")]


@dataclass
class City:
    """Two sections with translations of two core pages; the second page leads to the first."""

    visa: Page
    guide: Page
    versions: dict[str, PageTranslation]

    @property
    def addresses(self) -> list[str]:
        """Where the versions of ``visa`` stood."""
        return [f"/{code}/news/qianzheng/" for code in self.versions]


@pytest.fixture
def city(world: World) -> City:
    SiteRecord.objects.filter(pk=world.site.pk).update(
        contact_phone="0999-8765432", contact_address="云湖市望湖大道1号", office_hours="工作日"
    )
    sections = [make_section(world, code) for code in LANGUAGES]
    ColumnFactory(parent=world.home, title="别的", slug="biede")
    source = sections[0].source
    visa = ArticleFactory(parent=source, title="签证", slug="qianzheng", body=TEXT)
    link = f'<p>见<a linktype="page" id="{visa.pk}">签证</a>。</p>'
    guide = ArticleFactory(parent=source, title="指南", slug="zhinan", body=[("paragraph", link)])
    rows = [section.row for section in sections]
    versions = dict(zip(LANGUAGES, released(visa, *rows), strict=True))
    released(guide, *rows)
    for code, section in zip(LANGUAGES, sections, strict=True):
        target = versions[code].target_id
        ArticleFactory(
            parent=section.living.page.specific,
            title="T: arrival",
            slug="arrival",
            body=[("paragraph", f'<p><a linktype="page" id="{target}">T: visa</a></p>')],
        )
    follow()
    return City(Page.objects.get(pk=visa.pk).specific, guide, versions)


def follow() -> None:
    for report in run_consumers([SourceFollower()]):
        assert not report.error


def go_through(client: Client, *more: str) -> Crawl:
    forget()
    return crawl(by_client(client), [*LANGUAGES, TRADITIONAL, *more])


def test_everything_is_in_order_while_nothing_has_ended(city: City, client: Client) -> None:
    found = go_through(client)
    assert found.problems == []
    # Without this, a crawl that sees nothing would be content as well.
    assert set(city.addresses) <= set(found.pages)
    assert "/zh-hant/juzhu/qianzheng/" in found.pages
    card = f"/en/card/{city.versions['en'].target_id}/"
    assert card in found.pages


# --- ways to end ----------------------------------------------------------------------------------
def unpublish(city: City) -> None:
    city.visa.unpublish()


def unpublish_with_column(city: City) -> None:
    UnpublishPageAction(
        city.visa.get_parent().specific, user=UserFactory(superuser=True), include_descendants=True
    ).execute()


def unpublish_the_column_alone(city: City) -> None:
    city.visa.get_parent().specific.unpublish()


def expire(city: City) -> None:
    city.visa.expire_at = timezone.now() - datetime.timedelta(seconds=1)
    city.visa.save()
    call_command("publish_scheduled")


def expire_by_a_published_schedule(city: City) -> None:
    city.visa.expire_at = timezone.now() + datetime.timedelta(seconds=5)
    publish(city.visa)
    Page.objects.filter(pk=city.visa.pk).update(
        expire_at=timezone.now() - datetime.timedelta(seconds=1)
    )
    call_command("publish_scheduled")


def restrict(city: City) -> None:
    PageViewRestriction.objects.create(page=city.visa, restriction_type=PageViewRestriction.LOGIN)


def restrict_the_column(city: City) -> None:
    PageViewRestriction.objects.create(
        page=city.visa.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )


def save_by_a_program(city: City) -> None:
    city.visa.live = False
    city.visa.save()


def move_out(city: City) -> None:
    city.visa.move(Page.objects.get(slug="biede"), pos="last-child")


def delete(city: City) -> None:
    Page.objects.get(pk=city.visa.pk).specific.delete()


def delete_with_column(city: City) -> None:
    city.visa.get_parent().specific.delete()


def close_the_languages(city: City) -> None:
    for section in ForeignSection.objects.all():
        close_section(section=section, reason="T: nobody")


ENDS: dict[str, Callable[[City], None]] = {
    "unpublished": unpublish,
    "unpublished with its column": unpublish_with_column,
    "its column alone unpublished": unpublish_the_column_alone,
    "expired": expire,
    "expired by a published schedule": expire_by_a_published_schedule,
    "restricted": restrict,
    "its column restricted": restrict_the_column,
    "saved by a program": save_by_a_program,
    "moved out of the core": move_out,
    "deleted": delete,
    "deleted with its column": delete_with_column,
}
# Ways that end one page alone.
LEAVE_THE_OTHERS = ("unpublished", "expired", "restricted", "moved out of the core", "deleted")


# Building the city costs ten times what a crawl does: it is built once, and put back after each way.
@contextmanager
def tried(
    city: City, act: Callable[[City], None], on_commit: Callable[..., object]
) -> Iterator[City]:
    """The city after something was done to it and followed; afterwards as it was."""
    with transaction.atomic():
        forget()
        now = City(Page.objects.get(pk=city.visa.pk).specific, city.guide, city.versions)
        with on_commit(execute=True):  # type: ignore[attr-defined]
            act(now)
        follow()
        yield now
        transaction.set_rollback(True)
    forget()


def forget() -> None:
    """What the process keeps in memory of the database."""
    structure._current = None
    cache.clear()


def left_over(city: City, client: Client, found: Crawl) -> Iterator[str]:
    """What is wrong after the end of ``visa``."""
    yield from found.problems
    yield from (f"a way leads to {path}" for path in city.addresses if path in found.answers)
    for address in city.addresses:
        if client.get(address).status_code not in (404, 410):
            yield f"{address} is there"
    listed = client.get("/api/v1/pages?page_size=100").json()["items"]
    targets = {row.target_id for row in city.versions.values()}
    yield from (f"the API lists {row['url']}" for row in listed if row["id"] in targets)


def test_no_version_outlives_its_source_and_nothing_leads_to_it(
    city: City, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    wrong: dict[str, list[str]] = {}
    for way, act in ENDS.items():
        # Shown once before: what is remembered must not be shown again.
        assert [client.get(path).status_code for path in city.addresses] == [200, 200], way
        with tried(city, act, django_capture_on_commit_callbacks) as now:
            found = go_through(client)
            wrong[way] = list(left_over(now, client, found))
            if way in LEAVE_THE_OTHERS:
                others = {f"/{code}/news/zhinan/" for code in LANGUAGES}
                wrong[way] += sorted(others - set(found.pages))
    assert wrong == {way: [] for way in ENDS}


# --- ways to change -------------------------------------------------------------------------------
def change_a_paragraph(city: City) -> None:
    publish(city.visa, body=[TEXT[0], ("paragraph", "<p>带上护照和照片。</p>")])


def add_a_paragraph(city: City) -> None:
    publish(city.visa, body=[*TEXT, ("paragraph", "<p>不收费。</p>")])


def take_a_paragraph_out(city: City) -> None:
    publish(city.visa, body=TEXT[:1])


def change_the_title(city: City) -> None:
    publish(city.visa, title="签证（新）")


def rename(city: City) -> None:
    publish(city.visa, slug="qianzheng-2")


def move_within_the_core(city: City) -> None:
    column = ColumnFactory(parent=city.visa.get_parent(), title="分栏", slug="fenlan")
    city.visa.move(column, pos="last-child")


def move_the_column(city: City) -> None:
    city.visa.get_parent().move(Page.objects.get(slug="biede"), pos="last-child")


def end_and_return(city: City) -> None:
    city.visa.unpublish()
    follow()
    publish(Page.objects.get(pk=city.visa.pk).specific)


def schedule(city: City) -> None:
    city.visa.title = "以后的题目"
    city.visa.save_revision(approved_go_live_at=timezone.now() - datetime.timedelta(seconds=1))
    call_command("publish_scheduled")


CHANGES: dict[str, Callable[[City], None]] = {
    "a paragraph changed": change_a_paragraph,
    "a paragraph added": add_a_paragraph,
    "a paragraph taken out": take_a_paragraph_out,
    "the title changed": change_the_title,
    "renamed": rename,
    "moved within the core": move_within_the_core,
    "the column moved": move_the_column,
    "ended and returned": end_and_return,
    "changed by schedule": schedule,
}


def test_every_change_leaves_the_versions_in_order(
    city: City, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    wrong: dict[str, list[str]] = {}
    for way, act in CHANGES.items():
        with tried(city, act, django_capture_on_commit_callbacks):
            found = go_through(client)
            gone = [
                f"nothing leads to {path}" for path in city.addresses if path not in found.pages
            ]
            wrong[way] = found.problems + gone
    assert wrong == {way: [] for way in CHANGES}


def test_closed_languages_lead_nowhere_else(city: City, client: Client) -> None:
    close_the_languages(city)
    found = crawl(by_client(client), [TRADITIONAL])
    assert found.problems == []
    for address in city.addresses:
        answer = client.get(address)
        assert answer.status_code == 410
        assert list(language_problems(answer.content.decode())) == []


@pytest.mark.parametrize("language", FOREIGN)
def test_every_language_in_order(world: World, client: Client, language: str) -> None:
    section = make_section(world, language)
    ArticleFactory(
        parent=section.living.page.specific, title="T: buses", slug="buses", body=text("T: run")
    )
    found = crawl(by_client(client), [language])
    assert found.problems == []
    assert f"/{language}/living/" in found.pages


# --- the crawl itself -----------------------------------------------------------------------------
PAGES = {
    "/en/": '<a href="/en/a/">a</a><a href="/en/gone/">b</a><a href="/en/moved/">c</a>',
    "/en/a/": (
        '<p>湖 <b lang="zh-Hans">湖</b></p><p>0999-8765432</p><a href="tel:12345">T</a>'
        '<a href="tel:0999-8765432">U</a><i lang="zh-Hans">Lake</i><time>2026-03-01</time>'
    ),
}


def test_the_crawl_finds_what_is_wrong() -> None:
    def ask(address: str) -> Answer:
        if address == "/en/moved/":
            return Answer(302, location="/en/a/")
        if address not in PAGES:
            return Answer(404)
        head = "" if address == "/en/" else '<link rel="alternate" hreflang="en" href="/en/a/">'
        head += '<link rel="alternate" hreflang="ja" href="/en/">' if head else ""
        return Answer(
            200, f'<html lang="en"><head>{head}</head><body>{PAGES[address]}</body></html>'
        )

    found = crawl(ask, ["en"]).problems
    for part in (
        "leads to /en/gone/, which answers 404",
        "leads to /en/moved/, which answers 302 → /en/a/",
        "Chinese without its language: <p> 湖",
        "a number without the country's code: 0999-8765432",
        "dials a number that is none from abroad: 0999-8765432",
        "marked as Chinese without any: Lake",
        "a day as no reader writes it: 2026-03-01",
        "ja (/en/) names other versions",
    ):
        assert any(part in problem for problem in found), part
    assert len(found) == 8
