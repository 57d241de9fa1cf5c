"""The nightly report of sections, panels of the first page, the deadline of a section."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from portal.core.models import Clock, User
from portal.foreign.board_panels import OwedTranslations, WatchedSections
from portal.foreign.deadlines import CLOCK_KIND, follow_sections
from portal.foreign.models import (
    ForeignSection,
    PageTranslation,
    SectionReport,
    SectionWatch,
    TeamMember,
    TeamRole,
    TranslationAssignment,
)
from portal.foreign.selectors.monitoring import in_words, inspect
from portal.foreign.services.monitoring import report_on, watch_sections
from tests.factories import ArticleFactory, World, member, publish

from .board_rows import owed
from .factories import Section, add_member, make_section

Status = PageTranslation.Status


@pytest.fixture
def english(provisioned_english: Section) -> Section:
    return provisioned_english


def kinds(section: Section) -> set[str]:
    return {finding["kind"] for finding in inspect(section.row).findings}


def _long_ago(page: Page, days: int) -> None:
    moment = timezone.now() - datetime.timedelta(days=days)
    Page.objects.filter(pk=page.pk).update(last_published_at=moment)


def _in_living(section: Section, **fields: Any) -> Page:
    return ArticleFactory(parent=section.living.page.specific, **fields)


# --- what is found --------------------------------------------------------------------------------
def test_a_section_in_order_has_no_findings(english: Section) -> None:
    for column in (english.living, english.news):
        ArticleFactory(parent=column.page.specific)
    owed(english.row, english.source, status=Status.CURRENT, released_at=timezone.now())
    found = inspect(english.row)
    assert (found.findings, found.coverage, found.silent_days, found.is_dead) == ([], 100, 0, False)


def test_columns_without_content_are_blank(english: Section) -> None:
    _in_living(english)
    blank = [row["page"] for row in inspect(english.row).findings if row["kind"] == "blank"]
    assert blank == [english.news.page_id]


def test_a_silent_section_is_told_and_a_long_silent_one_is_dead(english: Section) -> None:
    page = _in_living(english)
    _long_ago(page, 31)
    assert "silent" in kinds(english)
    assert not inspect(english.row).is_dead
    _long_ago(page, 90)
    assert inspect(english.row).is_dead
    SectionWatch.objects.create(section=english.row, update_within_days=200, dead_after_days=300)
    assert "silent" not in kinds(english)
    assert not inspect(english.row).is_dead


def test_what_the_portal_republishes_by_itself_is_no_update(english: Section) -> None:
    page = _in_living(english)
    owed(
        english.row,
        english.source,
        target=page.page_ptr,
        released_at=timezone.now() - datetime.timedelta(days=40),
        status=Status.CURRENT,
    )
    assert inspect(english.row).silent_days == 40


def test_a_column_is_held_to_its_own_period(english: Section) -> None:
    column = english.living.page.specific
    column.update_period_days = 7
    column.save()
    _long_ago(_in_living(english), 8)
    found = [row for row in inspect(english.row).findings if row["kind"] == "column_silent"]
    assert [(row["page"], row["values"]) for row in found] == [
        (english.living.page_id, {"days": 8, "limit": 7})
    ]


def test_links_to_what_is_not_public_are_broken(english: Section) -> None:
    target = ArticleFactory(parent=english.news.page.specific, title="Gone soon")
    body = [("paragraph", f'<p><a linktype="page" id="{target.pk}">there</a></p>')]
    page = _in_living(english, body=body)
    publish(page)
    ReferenceIndex.create_or_update_for_object(page)
    assert "broken_link" not in kinds(english)
    target.unpublish()
    found = [row for row in inspect(english.row).findings if row["kind"] == "broken_link"]
    assert [(row["page"], row["values"]["target"]) for row in found] == [(page.pk, "Gone soon")]


def test_a_team_without_a_reviewer_and_a_lost_coverage_are_told(english: Section) -> None:
    owed(english.row, english.source)
    TeamMember.objects.filter(role=TeamRole.LANGUAGE_REVIEWER).update(active=False)
    found = inspect(english.row).findings
    assert {"kind": "nobody", "values": {"role": "language_reviewer"}} in found
    assert {"kind": "coverage", "values": {"percent": 0, "minimum": 80}} in found


def test_the_pages_of_a_sub_sites_section_are_not_the_portals(
    english: Section, provisioned_world: World
) -> None:
    hubin = make_section(provisioned_world, site=provisioned_world.hubin)
    ArticleFactory(parent=hubin.living.page.specific)
    assert inspect(hubin.row).silent_days == 0
    _long_ago(_in_living(english), 50)
    assert inspect(english.row).silent_days == 50


def test_every_finding_has_words(english: Section) -> None:
    samples: list[dict[str, Any]] = [
        {"kind": "no_root", "values": {}},
        {"kind": "same_person", "values": {}},
        {"kind": "silent", "values": {"days": 40, "limit": 30}},
        {"kind": "coverage", "values": {"percent": 20, "minimum": 80}},
        {"kind": "nobody", "values": {"role": "lead"}},
        {"kind": "blank", "values": {}, "page": 1, "title": "News"},
        {"kind": "column_silent", "values": {"days": 9, "limit": 7}, "page": 1, "title": "News"},
        {"kind": "broken_link", "values": {"target": "A"}, "page": 1, "title": "News"},
    ]
    for row in in_words(SectionReport(section=english.row, findings=samples)):
        assert row.text
        assert "%" not in row.text.replace(" %", "")


# --- each night -----------------------------------------------------------------------------------
def test_the_night_reports_on_open_sections_once(
    english: Section, provisioned_world: World
) -> None:
    closed = make_section(provisioned_world, "ja", is_open=False)
    assert watch_sections(provisioned_world.site.pk) == 1
    assert watch_sections(provisioned_world.site.pk) == 1
    report = SectionReport.objects.get()
    assert (report.section, report.day) == (english.row, timezone.localdate())
    assert not closed.row.reports.exists()


def test_the_board_and_the_first_page_tell_what_was_found(
    english: Section, provisioned_world: World, rf: Any
) -> None:
    _long_ago(_in_living(english), 100)
    report_on(section=english.row)
    admin = member("site_admin", provisioned_world.site)
    request = rf.get("/")
    request.user = admin
    panel = WatchedSections().panel(request)
    assert panel is not None
    assert [(section, report.is_dead) for section, report in panel.rows] == [(english.row, True)]
    request.user = english.team.translator
    assert WatchedSections().panel(request) is None
    client = Client()
    client.force_login(admin, backend="portal.core.staff.backend.StaffBackend")
    html = client.get(reverse("foreign_board", args=[english.row.pk])).content.decode()
    assert "foreign-report--dead" in html
    assert english.news.page.title in html
    assert "foreign-todo" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_only_who_runs_the_section_sets_how_long_it_may_be_silent(
    english: Section, provisioned_world: World
) -> None:
    lead = member("translator", provisioned_world.site)
    add_member(english.row, TeamRole.LEAD, lead)
    address = reverse("foreign_watch", args=[english.row.pk])
    data = {"update_within_days": 10, "dead_after_days": 20}
    for user in (lead, member("site_admin", provisioned_world.hubin)):
        client = Client()
        client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
        assert client.post(address, data).status_code in (302, 403)
        assert not SectionWatch.objects.exists()
    client = Client()
    admin = member("site_admin", provisioned_world.site)
    client.force_login(admin, backend="portal.core.staff.backend.StaffBackend")
    client.post(address, {"update_within_days": 0, "dead_after_days": 20})
    assert not SectionWatch.objects.exists()
    client.post(address, data)
    assert SectionWatch.objects.get().dead_after_days == 20


# --- the first page of translators ----------------------------------------------------------------
def _panel(user: User, rf: Any) -> Any:
    request = rf.get("/")
    request.user = user
    return OwedTranslations().panel(request)


def test_translators_see_their_own_first_then_what_is_free(english: Section, rf: Any) -> None:
    mine = owed(english.row, english.source, title="我的", harm=1)
    free = owed(english.row, english.source, title="没人的", harm=8)
    others = owed(english.row, english.source, title="别人的", harm=8)
    TranslationAssignment.objects.create(translation=mine, user=english.team.translator)
    TranslationAssignment.objects.create(translation=others, user=english.team.lead)
    panel = _panel(english.team.translator, rf)
    assert [(row.translation, row.is_mine) for row in panel.rows] == [(mine, True), (free, False)]
    assert panel.render_html()


def test_heads_also_see_what_is_overdue_in_other_hands(english: Section, rf: Any) -> None:
    late = owed(english.row, english.source, due=timezone.localdate() - datetime.timedelta(days=3))
    TranslationAssignment.objects.create(translation=late, user=english.team.translator)
    assert [row.translation for row in _panel(english.team.lead, rf).rows] == [late]


def test_who_translates_nothing_has_no_panel(english: Section, rf: Any) -> None:
    owed(english.row, english.source)
    assert _panel(english.team.content_reviewer, rf) is None


# --- the deadline of a section --------------------------------------------------------------------
def test_a_section_has_one_clock_for_what_is_due_first(
    english: Section, provisioned_world: World
) -> None:
    site, today = provisioned_world.site.pk, timezone.localdate()
    later = owed(
        english.row, english.source, title="后到期", days_ago=1,
        due=today + datetime.timedelta(days=30),
    )  # fmt: skip
    first = owed(
        english.row, english.source, title="先到期", days_ago=10,
        due=today + datetime.timedelta(days=7),
    )  # fmt: skip
    assert follow_sections(site) == 1
    assert follow_sections(site) == 0
    clock = Clock.objects.get(kind=CLOCK_KIND)
    assert "先到期" in clock.label
    first.status = Status.CURRENT
    first.save()
    assert follow_sections(site) == 1
    running = Clock.objects.get(kind=CLOCK_KIND, state="running")
    assert "后到期" in running.label
    assert Clock.objects.get(pk=clock.pk).outcome == "done"
    later.delete()
    follow_sections(site)
    assert not Clock.objects.filter(kind=CLOCK_KIND, state="running").exists()


def test_the_clock_ends_on_the_due_day(english: Section, provisioned_world: World) -> None:
    from portal.foreign.models import CoreRule
    from portal.foreign.services.due import due_for

    since = timezone.now() - datetime.timedelta(days=9)
    due = due_for(CoreRule(site=provisioned_world.site, lag_days=5), since, provisioned_world.site)
    owed(english.row, english.source, days_ago=9, due=due)
    follow_sections(provisioned_world.site.pk)
    clock = Clock.objects.get(kind=CLOCK_KIND)
    assert timezone.localtime(clock.due_at).date() == due
    assert clock.limit_amount == 5


def test_a_closed_section_owes_no_one(english: Section, provisioned_world: World) -> None:
    owed(english.row, english.source, days_ago=1, due=timezone.localdate())
    follow_sections(provisioned_world.site.pk)
    ForeignSection.objects.update(state=ForeignSection.State.CLOSED)
    follow_sections(provisioned_world.site.pk)
    assert not Clock.objects.filter(kind=CLOCK_KIND, state="running").exists()
