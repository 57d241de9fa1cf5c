"""From publishing to "everywhere": what a receipt says while the real processes do their work."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.actions.create_alias import CreatePageAliasAction

from portal.core.models import OutboxCursor, OutboxEvent, Publication, ReviewStep
from portal.plugin_api import receipt_parts
from portal.receipts.models import Receipt, State
from portal.receipts.readiness import MANY, receipts_ready
from portal.receipts.selectors.receipts import LATE_AFTER, ask_parts
from portal.receipts.services.following import KEPT, follow, forget
from portal.search.indexing.consumer import Documents
from portal.testing import disable_plugin
from tests.factories import (
    ArticleFactory,
    UserFactory,
    World,
    handed_in,
    member,
    open_language,
    publish,
    reviewed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


def run_outbox() -> None:
    call_command("run_outbox", "--once", verbosity=0)


def states(publication: Publication) -> dict[str, set[str]]:
    """{part: states of its lines}."""
    row = Receipt.objects.filter(publication=publication).first()
    found: dict[str, set[str]] = {}
    for said in ask_parts(publication, row.event if row else 0):
        found.setdefault(said.part, set()).add(said.line.state)
    return found


def publication_of(page: Any) -> Publication:
    return Publication.objects.get(page=page, closed=False)


def shown(client: Client, publication: Publication) -> BeautifulSoup:
    response = client.get(reverse("receipts_one", args=[publication.pk]))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def shown_states(soup: BeautifulSoup) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in soup.select("tr[data-part]"):
        found.setdefault(str(row["data-part"]), set()).add(str(row["data-state"]))
    return found


def test_a_receipt_goes_from_waiting_to_done_in_each_part(boss: Client, world: World) -> None:
    open_language(world.site)
    run_outbox()
    call_command("run_indexer", "--once", verbosity=0)
    page = ArticleFactory(parent=world.column, title="A")
    publication = publication_of(page)

    first = shown(boss, publication)  # nothing has run
    assert shown_states(first) == {
        "receipts.live": {"done"},
        "publishing.store": {"none"},  # no pages are stored in tests
        "search.search": {"waiting"},
        "feeds.feeds": {"done"},
        "foreign.followed": {"waiting"},
        "foreign.translations": {"none"},
        "assistant.assistant": {"none"},
    }
    assert first.select_one("[data-receipt-refresh]") is not None
    assert not Receipt.objects.filter(publication=publication).exists()

    run_outbox()
    second = shown(boss, publication)
    assert shown_states(second)["search.search"] == {"done", "waiting"}  # the row, not the index
    assert shown_states(second)["foreign.followed"] == {"done"}
    assert Receipt.objects.get(publication=publication).state == State.WAITING

    call_command("run_indexer", "--once", verbosity=0)
    third = shown(boss, publication)
    assert shown_states(third)["search.search"] == {"done"}
    assert third.select_one("[data-receipt-refresh]") is None
    receipt = Receipt.objects.get(publication=publication)
    assert receipt.state == State.DONE
    assert receipt.event == OutboxEvent.objects.filter(key=f"page:{page.pk}").latest("pk").pk
    for row in third.select("tr[data-state=done]"):
        assert row.select_one("time") is not None, row


def test_a_consumer_that_fails_shows_its_tries_and_no_secret(
    boss: Client, world: World, monkeypatch: Any
) -> None:
    run_outbox()
    page = ArticleFactory(parent=world.column)

    def fail(self: Any, events: Any) -> None:
        raise ConnectionError("postgres://portal:hunter2@db.internal:5432/portal refused")

    monkeypatch.setattr(Documents, "handle", fail)
    for _ in range(2):
        OutboxCursor.objects.filter(consumer="search").update(retry_at=None)
        run_outbox()
    soup = shown(boss, publication_of(page))
    row = soup.select_one('tr[data-part="search.search"]')
    assert row is not None
    assert row["data-state"] == "failed"
    assert row.select("td")[-1].get_text(strip=True) == "2"
    assert "ConnectionError" in row.get_text()
    assert "hunter2" not in str(soup)
    assert "db.internal" not in str(soup)
    assert Receipt.objects.get(publication__page=page).state == State.FAILED
    assert shown_states(soup)["foreign.followed"] == {"done"}  # the others went on

    monkeypatch.undo()
    OutboxCursor.objects.filter(consumer="search").update(retry_at=None)
    run_outbox()
    call_command("run_indexer", "--once", verbosity=0)
    assert states(publication_of(page))["search.search"] == {"done"}


class _Broken:
    order = 5

    def lines(self, publication: Any, *, event: int) -> Any:
        raise RuntimeError("secret words")


def test_a_part_that_fails_costs_its_own_lines(boss: Client, world: World, settings: Any) -> None:
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
    receipt_parts._add(_Broken(), plugin="receipts", name="broken")
    try:
        soup = shown(boss, publication_of(world.column))
    finally:
        receipt_parts._contributions.pop()
        receipt_parts._ordered = None
    found = shown_states(soup)
    assert found["receipts.broken"] == {"failed"}
    assert found["receipts.live"] == {"done"}
    assert "secret words" not in str(soup)


def test_times_are_those_of_the_first_look(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    run_outbox()
    call_command("run_indexer", "--once", verbosity=0)
    follow(world.site.pk)
    receipt = Receipt.objects.get(publication__page=page)
    before = dict(receipt.arrived)
    assert "search.search" in before
    Receipt.objects.update(state=State.WAITING)
    follow(world.site.pk)
    receipt.refresh_from_db()
    assert receipt.arrived == before


def test_the_minute_job_finishes_receipts_nobody_looks_at(world: World) -> None:
    ArticleFactory(parent=world.column)
    run_outbox()
    assert set(Receipt.objects.values_list("state", flat=True)) == {State.WAITING}
    call_command("run_indexer", "--once", verbosity=0)
    follow(world.site.pk)
    own = Receipt.objects.filter(site=world.site.pk)
    assert set(own.values_list("state", flat=True)) == {State.DONE}


def test_told_twice_there_is_one_receipt_for_each_publication(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    run_outbox()
    publish(page, title="again")
    run_outbox()
    OutboxCursor.objects.filter(consumer="receipts").update(position=0)
    run_outbox()
    rows = Receipt.objects.filter(publication__item=f"page:{page.pk}").order_by("event")
    assert [row.publication.closed for row in rows] == [True, False]


def test_an_older_version_says_what_was_seen(boss: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column)
    run_outbox()
    first = publication_of(page)
    with translation.override("zh-hans"):
        follow(world.site.pk)
    publish(page, title="again")
    soup = shown(boss, first)
    assert shown_states(soup)["receipts.live"] == {"done"}
    newest = reverse("receipts_one", args=[publication_of(page).pk])
    assert soup.select_one(f'#receipt a[href="{newest}"]') is not None
    assert Receipt.objects.get(publication=first).state == State.REPLACED
    answer = boss.get(reverse("receipts_of_page", args=[page.pk]))
    assert answer["Location"] == newest


def test_references_and_withdrawals_are_told(boss: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column, slug="a")
    CreatePageAliasAction(page, parent=world.hubin_column, user=None).execute(
        skip_permission_checks=True
    )
    publication = publication_of(page)
    rows = shown(boss, publication).select('tr[data-part="receipts.live"]')
    links = [str(link["href"]) for row in rows for link in row.select("a")]
    assert [link.removeprefix("http://testserver") for link in links] == [
        "/yaowen/a/",
        "/hubin/dongtai/a/",
    ]
    page.unpublish()
    publication.refresh_from_db()
    assert publication.closed
    assert boss.get(reverse("receipts_one", args=[publication.pk])).status_code == 200


def test_what_is_too_old_for_a_feed_says_so(world: World) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=900)
    page = ArticleFactory(parent=world.column, date=long_ago)
    assert states(publication_of(page))["feeds.feeds"] == {"done"}
    ArticleFactory.create_batch(30, parent=world.column)
    assert states(publication_of(page))["feeds.feeds"] == {"none", "done"}  # still in the sitemap


# --- late ones ------------------------------------------------------------------------------------
def let_time_pass() -> None:
    Receipt.objects.update(since=timezone.now() - LATE_AFTER - datetime.timedelta(minutes=1))


def test_late_ones_stand_on_the_first_page(boss: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column, title="Late one")
    run_outbox()
    Receipt.objects.update(since=timezone.now())
    assert b"receipts-late" not in boss.get("/admin/").content
    let_time_pass()
    soup = BeautifulSoup(boss.get("/admin/").content, "html.parser")
    panel = soup.select_one('section[id^="receipts-late"]')
    assert panel is not None
    assert page.title in panel.get_text()
    found = BeautifulSoup(boss.get(reverse("receipts") + "?late=1").content, "html.parser")
    assert page.title in found.get_text()
    call_command("run_indexer", "--once", verbosity=0)
    follow(world.site.pk)
    assert b"receipts-late" not in boss.get("/admin/").content


def test_readiness_tells_of_many(world: World) -> None:
    assert receipts_ready().ok
    ArticleFactory.create_batch(MANY, parent=world.column)
    run_outbox()
    let_time_pass()
    found = receipts_ready()
    assert not found.ok
    assert not found.critical
    assert str(Receipt.objects.count()) in found.detail


def test_the_past_is_not_told_anew(world: World) -> None:
    ArticleFactory(parent=world.column)
    OutboxEvent.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))
    run_outbox()
    assert not Receipt.objects.exists()


def test_old_receipts_are_deleted(world: World) -> None:
    ArticleFactory(parent=world.column)
    run_outbox()
    Receipt.objects.update(since=timezone.now() - KEPT - datetime.timedelta(days=1))
    assert forget(world.site.pk)
    assert not Receipt.objects.filter(site=world.site.pk).exists()


# --- cost -----------------------------------------------------------------------------------------
def test_the_list_costs_the_same_with_many(boss: Client, world: World) -> None:
    def queries() -> int:
        boss.get(reverse("receipts"))
        with CaptureQueriesContext(connection) as made:
            assert boss.get(reverse("receipts")).status_code == 200
        return len(made)

    before = queries()
    ArticleFactory.create_batch(15, parent=world.column)
    run_outbox()
    # What looks at the clock (switches, say) may look again in between; fifteen rows would show.
    assert queries() <= before + 3


# --- rights ---------------------------------------------------------------------------------------
MAY = ("site_admin", "editor", "first_checker", "reviewer", "releaser", "auditor",
       "secrecy_reviewer")  # fmt: skip
MAY_NOT = ("information_officer", "translator", "language_reviewer", "partner", "letters_clerk")


@pytest.mark.parametrize("role", MAY)
def test_who_changes_or_releases_the_page_or_reads_records_sees_it(
    client: Client, provisioned_world: World, role: str
) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    client.force_login(member(role, provisioned_world.site))
    publication = publication_of(page)
    assert client.get(reverse("receipts_one", args=[publication.pk])).status_code == 200
    assert client.get(reverse("receipts_of_page", args=[page.pk])).status_code == 302
    assert page.title in client.get(reverse("receipts")).content.decode()


def refused(client: Client, url: str) -> bool:
    """Refused, or sent back with a message as Wagtail's admin does."""
    answer = client.get(url)
    return answer.status_code in (403, 404) or (
        answer.status_code == 302 and answer["Location"].startswith("/admin/")
        and "receipts" not in answer["Location"]
    )  # fmt: skip


@pytest.mark.parametrize("role", MAY_NOT)
def test_nobody_else_does(client: Client, provisioned_world: World, role: str) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    client.force_login(member(role, provisioned_world.site))
    publication = publication_of(page)
    assert refused(client, reverse("receipts_one", args=[publication.pk]))
    assert refused(client, reverse("receipts_of_page", args=[page.pk]))
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("role", MAY)
def test_nobody_of_another_site_does(client: Client, provisioned_world: World, role: str) -> None:
    page = ArticleFactory(parent=provisioned_world.column, title="of the portal")
    client.force_login(member(role, provisioned_world.hubin))
    publication = publication_of(page)
    assert refused(client, reverse("receipts_one", args=[publication.pk]))
    assert page.title not in client.get(reverse("receipts")).content.decode()


def test_strangers_are_asked_to_sign_in(client: Client, world: World) -> None:
    publication = publication_of(world.column)
    answer = client.get(reverse("receipts_one", args=[publication.pk]))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_off_means_no_receipt(boss: Client, world: World) -> None:
    ArticleFactory(parent=world.column)
    with disable_plugin("receipts"):
        run_outbox()
        assert boss.get("/admin/receipts/").status_code == 404
    assert not Receipt.objects.exists()


# --- ways to it -----------------------------------------------------------------------------------
def test_the_editor_leads_to_the_receipt_of_what_is_public(boss: Client, world: World) -> None:
    page = ArticleFactory(parent=world.column)
    draft = ArticleFactory(parent=world.column, draft=True)
    address = reverse("receipts_of_page", args=[page.pk])
    edit = boss.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert address in edit
    assert boss.get(reverse("receipts_of_page", args=[draft.pk])).status_code == 404
    other = boss.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert reverse("receipts_of_page", args=[draft.pk]) not in other


@pytest.mark.usefixtures("reviews_demanded")
def test_the_message_of_a_release_leads_to_the_receipt(
    client: Client, provisioned_world: World
) -> None:
    city = provisioned_world
    page = ArticleFactory(parent=city.column, draft=True)
    review = handed_in(page, member("editor", city.site))
    reviewed(page, city.site, until=ReviewStep.REVIEW)
    client.force_login(member("releaser", city.site))
    address = reverse("portal_review", args=[review.pk])
    client.get(address)  # nobody signs what was not opened
    form = {"sign": "1", "step": ReviewStep.RELEASE, "opinion": "ok"}
    answer = client.post(address, form, follow=True)
    page.refresh_from_db()
    assert page.live
    assert reverse("receipts_of_page", args=[page.pk]) in answer.content.decode()
