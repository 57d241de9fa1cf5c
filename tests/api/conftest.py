"""A small city with something of everything that the API must show, and must not."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Locale, Page, PageViewRestriction

from portal.core import structure
from portal.core.models import Organisation, ResponsiblePerson, SiteRecord
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    LeaderFactory,
    OrganisationFactory,
    StandardPageFactory,
    TopicFactory,
    World,
    add_path_sub_site,
    make_world,
    open_language,
    publish,
    without_foreign,
)

NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=timezone.get_fixed_timezone(480))
BODY = [("paragraph", '<p>Read <a href="/other/">more</a> &amp; see.</p>')]


@dataclass(slots=True)
class City:
    """The pages by their titles, and what else tests need to name."""

    world: World
    unit: Organisation
    pages: dict[str, Page] = field(default_factory=dict)

    def pk(self, title: str) -> int:
        return int(self.pages[title].pk)

    def add(self, factory: Any, parent: Page, title: str, **values: Any) -> Any:
        slug = title.lower().replace(" ", "-")
        self.pages[title] = factory(parent=parent, title=title, slug=slug, **values)
        return self.pages[title]

    def column(self, parent: Page, title: str, **values: Any) -> Any:
        return self.add(ColumnFactory, parent, title, owner_unit=self.unit, **values)

    def article(self, parent: Page, title: str, *, day: int = 0, **values: Any) -> Any:
        date = NOON + datetime.timedelta(days=day)
        values = {"date": date, "body": BODY, "summary": f"About {title}", **values}
        return self.add(ArticleFactory, parent, title, **values)


def build_city() -> City:
    unit = OrganisationFactory(
        code="city-hall", full_name="City Hall", kind="government", duties="Govern\nServe"
    )
    ResponsiblePerson.objects.create(organisation=unit, role="Duty officer", phone="2")
    city = City(make_world(), unit)
    _fill_columns(city)
    _fill_topics(city)
    _fill_sub_sites(city)
    _translate(city)
    return city


def _fill_columns(city: City) -> None:
    home = city.world.home
    news = city.column(home, "News", column_type="工作动态,其他")
    for number in range(3):
        city.article(news, f"News {number}", day=number)
    city.article(news, "Draft", day=19, draft=True)
    secret = city.article(news, "Secret article", day=20)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    _let_expire(city.article(news, "Over", day=21))
    city.article(city.column(news, "Local news"), "Local", day=5)

    withdrawn = city.column(home, "Withdrawn column")
    city.article(withdrawn, "In withdrawn column", day=22)
    withdrawn.unpublish()
    secret_column = city.column(home, "Secret column")
    city.article(secret_column, "In secret column", day=23)
    PageViewRestriction.objects.create(page=secret_column, restriction_type="login")

    city.add(StandardPageFactory, home, "Contact", body=BODY)
    leaders = city.column(home, "Leaders", display="leaders")
    values = {"name": "A", "resume": "Born", "duties": "All", "organisation": city.unit}
    city.add(LeaderFactory, leaders, "Mayor", **values)


def _let_expire(page: Page) -> None:
    """The moment has come, the clock process has not."""
    publish(page, expire_at=timezone.now() + datetime.timedelta(days=1))
    past = timezone.now() - datetime.timedelta(seconds=5)
    Page.objects.filter(pk=page.pk).update(expire_at=past)
    page.publications.filter(closed=False).update(until=past)


def _fill_topics(city: City) -> None:
    home = city.world.home
    topic = city.add(TopicFactory, home, "Festival")
    city.article(city.column(topic, "Stories"), "Story", day=6)
    old = city.add(TopicFactory, home, "Old festival", archived=True)
    city.article(city.column(old, "Old stories"), "Old story", day=-300)


def _fill_sub_sites(city: City) -> None:
    world = city.world
    city.article(world.hubin_column, "Hubin article", day=7)
    city.article(world.gaoxin_column, "Gaoxin article", day=8)
    OrganisationFactory(
        code="hubin-office", full_name="Hubin Office", parent=city.unit, site=world.hubin
    )
    for state in (SiteRecord.State.PREPARING, SiteRecord.State.CLOSED):
        home, record = add_path_sub_site(
            world.site, world.home, code=state, name=f"Site {state}", state=state
        )
        city.article(city.column(home, f"Column {state}"), f"Article {state}", day=24)
        OrganisationFactory(code=f"{state}-office", parent=city.unit, site=record)


def _translate(city: City) -> None:
    english = Locale.objects.get_or_create(language_code="en")[0]
    city.pages["English city"] = open_language(city.world.site, title="English city")
    with without_foreign():
        for title, name in (("News", "English news"), ("News 0", "Report")):
            city.pages[title].refresh_from_db()
            copy = city.pages[title].copy_for_translation(english)
            city.pages[name] = publish(copy.specific, title=name)
    structure.touch()
    city.pages["English draft"] = city.pages["News 1"].copy_for_translation(english)


@pytest.fixture(scope="package")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    """Built once; what a test changes is undone with the test's own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        structure._current = None
        yield build_city()
        transaction.set_rollback(True)


class Api:
    """Asks below ``/api/v1/``."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def get(self, address: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{address}", headers=headers)

    def json(self, address: str) -> Any:
        response = self.get(address)
        assert response.status_code == 200, (address, response.content.decode())
        return response.json()

    def items(self, address: str) -> list[Any]:
        found: list[Any] = self.json(address)["items"]
        return found


@pytest.fixture
def api(city: City, db: None) -> Api:
    return Api()
