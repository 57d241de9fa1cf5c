"""A small city with something of everything that the API must show, and must not."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Locale, Page, PageViewRestriction, Site

from portal.core import structure
from portal.core.models import Organisation, SiteRecord
from portal.core.provisioning import create_site, provision_platform
from portal.pages.models import (
    ArticlePage,
    ColumnPage,
    LeaderPage,
    PortalHomePage,
    StandardPage,
    SubSitePage,
    TopicPage,
)

NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=timezone.get_fixed_timezone(480))
BODY = [("paragraph", '<p>Read <a href="/other/">more</a> &amp; see.</p>')]


@dataclass
class City:
    """The pages by their titles, and what else tests need to name."""

    pages: dict[str, Page]
    unit: Organisation

    def pk(self, title: str) -> int:
        return int(self.pages[title].pk)


class Builder:
    """Publishes pages the way editors do: as revisions, through the gate."""

    def __init__(self, unit: Organisation) -> None:
        self.unit = unit
        self.pages: dict[str, Page] = {}

    def home(self, parent: Page, model: type[Page], title: str, **values: Any) -> Page:
        return self._publish(parent, model(title=title, **values))

    def column(self, parent: Page, title: str, **values: Any) -> Page:
        values = {"owner_unit": self.unit, "responsible_person": "An editor", **values}
        return self._publish(parent, ColumnPage(title=title, **values))

    def topic(self, parent: Page, title: str, **values: Any) -> Page:
        return self._publish(parent, TopicPage(title=title, owner_unit=self.unit, **values))

    def article(self, parent: Page, title: str, *, day: int = 0, **values: Any) -> Page:
        values = {
            "source": "The city",
            "summary": f"About {title}",
            "date": NOON + datetime.timedelta(days=day),
            "body": BODY,
            **values,
        }
        return self._publish(parent, ArticlePage(title=title, **values))

    def other(self, parent: Page, model: type[Page], title: str, **values: Any) -> Page:
        return self._publish(parent, model(title=title, **values))

    def draft(self, parent: Page, title: str) -> Page:
        page = ArticlePage(title=title, source="The city", body=BODY, live=False)
        return self._add(parent, page)

    def _add(self, parent: Page, page: Page) -> Page:
        page.slug = page.title.lower().replace(" ", "-")
        parent.refresh_from_db()
        page.live = False
        self.pages[page.title] = parent.add_child(instance=page)
        return self.pages[page.title]

    def _publish(self, parent: Page, page: Page) -> Page:
        added = self._add(parent, page)
        added.save_revision().publish()
        added.refresh_from_db()
        return added


def build_city() -> City:
    provision_platform()
    Site.objects.all().delete()
    unit = Organisation.objects.create(
        code="city-hall", full_name="City Hall", short_name="Hall", kind="government",
        duties="Govern\nServe", phone="1",
    )  # fmt: skip
    make = Builder(unit)
    root = Page.get_first_root_node()
    home = make.home(root, PortalHomePage, "City")
    portal = create_site(
        root_page=home, code="city", kind=SiteRecord.Kind.PORTAL, hostname="testserver",
        is_default=True, name="City", short_name="City", owner=unit,
        contact_phone="0999-1", opened_on=datetime.date(2020, 1, 1),
    )  # fmt: skip
    _fill_portal(make, home)
    _fill_sub_sites(make, home, portal)
    _translate(make, home)
    return City(make.pages, unit)


def _fill_portal(make: Builder, home: Page) -> None:
    news = make.column(home, "News", column_type="工作动态,其他")
    for number in range(3):
        make.article(news, f"News {number}", day=number)
    make.draft(news, "Draft")
    secret = make.article(news, "Secret article", day=20)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    over = make.article(news, "Over", day=21)
    past = timezone.now() - datetime.timedelta(seconds=5)
    over.expire_at = timezone.now() + datetime.timedelta(days=1)
    over.save_revision().publish()
    # The moment has come, the clock process has not.
    Page.objects.filter(pk=over.pk).update(expire_at=past)
    over.publications.filter(closed=False).update(until=past)
    make.article(make.column(news, "Local news"), "Local", day=5)

    closed = make.column(home, "Withdrawn column")
    make.article(closed, "In withdrawn column", day=22)
    closed.unpublish()
    secret_column = make.column(home, "Secret column")
    make.article(secret_column, "In secret column", day=23)
    PageViewRestriction.objects.create(page=secret_column, restriction_type="login")

    make.other(home, StandardPage, "Contact", body=BODY)
    leaders = make.column(home, "Leaders", display="leaders")
    make.other(
        leaders, LeaderPage, "Mayor", name="A", resume="Born", duties="All",
        organisation=make.unit,
    )  # fmt: skip
    make.article(make.column(make.topic(home, "Festival"), "Stories"), "Story", day=6)
    old = make.topic(home, "Old festival", state="closed")
    make.article(make.column(old, "Old stories"), "Old story", day=-300)
    old.refresh_from_db()
    old.archive()


def _fill_sub_sites(make: Builder, home: Page, portal: SiteRecord) -> None:
    for code, state in (("lakeside", "running"), ("hillside", "preparing"), ("dock", "closed")):
        title = code.title()
        unit = Organisation.objects.create(
            code=f"{code}-office", full_name=f"{title} Office", short_name=title,
            kind="district", parent=make.unit,
        )  # fmt: skip
        district = make.home(home, SubSitePage, title)
        record = create_site(
            root_page=district, code=code, kind=SiteRecord.Kind.SUB_SITE, parent=portal,
            name=title, short_name=title, owner=unit, state=state,
        )  # fmt: skip
        Organisation.objects.filter(pk=unit.pk).update(site=record)
        make.article(make.column(district, f"{title} column"), f"{title} article", day=7)


def _translate(make: Builder, home: Page) -> None:
    english = Locale.objects.get_or_create(language_code="en")[0]
    for title, name in (("City", "English city"), ("News", "English news"), ("News 0", "Report")):
        source = make.pages[title]
        source.refresh_from_db()
        copy = source.copy_for_translation(english).specific
        copy.title = name
        copy.save_revision().publish()
        copy.refresh_from_db()
        make.pages[name] = copy
    draft = make.pages["News 1"].copy_for_translation(english).specific
    make.pages["English draft"] = draft


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
