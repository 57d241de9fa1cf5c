"""The admin's pages: the calendar of all sites, the limits of one, and what somebody owes."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from portal.core.admin.work_calendar import YearForm
from portal.core.clocks import alarms, services
from portal.core.clocks.kinds import Escalation, Terms
from portal.core.clocks.selectors import due, unknown_year, visible_to, years_needed
from portal.core.clocks.wording import due_words
from portal.core.clocks.worktime import Limit, Unit
from portal.core.models import CalendarDay, CalendarYear, Clock, ClockTerms, User
from tests.factories import OrganisationFactory, UserFactory, World, member

from .conftest import REPLY
from .samples import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
WD = Unit.WORKING_DAYS


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def boss() -> Client:
    return signed_in(UserFactory(superuser=True))


def begin(site: Any, when: str = "2026-03-02 10:00", **values: Any) -> Clock:
    """Due on Monday 9 March 2026."""
    values = {"kind": "portal.reply", "subject": f"letter:{Clock.objects.count()}"} | values
    with time_machine.travel(moment(when), tick=False):
        return services.start(site=site, **values)


# --- a year of the calendar -------------------------------------------------------------------
def year_form(**changes: Any) -> dict[str, Any]:
    return {"year": "2031", "source": "国办发明电〔2030〕1号", "title": "", "rows": "",
            "issued_on": "2030-11-01"} | changes  # fmt: skip


def test_a_year_is_pasted(boss: Client, world: World) -> None:
    rows = "日期,类型\n2031-01-01,holiday,元旦\n2031-01-04,make_up,元旦"
    response = boss.post(reverse("portal_calendar_year"), year_form(rows=rows))
    assert response.status_code == 302
    assert CalendarYear.objects.get(year=2031).issued_on == datetime.date(2030, 11, 1)
    days = CalendarDay.objects.filter(date__year=2031)
    assert list(days.order_by("date").values_list("kind", flat=True)) == ["holiday", "make_up"]
    logged = ModelLogEntry.objects.filter(action="wagtail.create")
    assert logged.filter(content_type__model="calendarday").count() == 2
    assert logged.filter(content_type__model="calendaryear").count() == 1
    shown = boss.get(response["location"]).content.decode()
    assert "2031-01-01" in shown
    assert "2026-10-01" not in shown


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_year_is_uploaded(boss: Client, world: World, encoding: str) -> None:
    content = "2031-01-01;holiday;元旦\n2031-01-04;make_up;元旦\n".encode(encoding)
    file = SimpleUploadedFile("2031.csv", content)
    boss.post(reverse("portal_calendar_year"), year_form(file=file))
    assert CalendarDay.objects.get(date=datetime.date(2031, 1, 4)).name == "元旦"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": "2031-01-01,holiday\n2031-13-01,holiday"}, "Row 2: “2031-13-01” is no date"),
        ({"rows": "2031-01-01,holiday", "year": "2026"}, "in the calendar already"),
        ({"rows": "2031-01-01,holiday", "year": "20311"}, "2199"),
        ({"rows": ""}, "Either paste the days or choose a file."),
        ({"rows": '2031-01-01,"holiday'}, "cannot be read"),
        ({"rows": "2031-01-01,holiday", "source": ""}, "required"),
        ({"file": SimpleUploadedFile("x.csv", b"\xff\x00\x01\x00" * 30)}, "text file"),
    ],
)
def test_a_year_that_is_wrong(db: None, changes: dict[str, Any], said: str) -> None:
    values = year_form(**changes)
    form = YearForm(values, {"file": values["file"]} if "file" in values else None)
    assert not form.is_valid()
    found = " ".join(str(error) for errors in form.errors.values() for error in errors)
    assert said in found


def test_what_is_refused_stays_in_the_form(boss: Client, world: World) -> None:
    rows = "2031-01-01,holiday\n2031-13-01,holiday"
    response = boss.post(reverse("portal_calendar_year"), year_form(rows=rows))
    assert response.status_code == 200
    assert rows in response.content.decode()
    assert not CalendarDay.objects.filter(date__year=2031).exists()
    assert not CalendarYear.objects.filter(year=2031).exists()


# --- the calendar moves what is open ----------------------------------------------------------
def test_a_new_holiday_moves_due_dates(
    boss: Client, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    clock = begin(world.site)
    form = {"date": "2026-03-06", "kind": "holiday", "name": "市庆", "source": "市政府令"}
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(reverse("calendar_days:add"), form)
    clock.refresh_from_db()
    assert clock.due_at == moment("2026-03-10 17:30")
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(reverse("calendar_days:delete", args=[CalendarDay.objects.get(name="市庆").pk]))
    clock.refresh_from_db()
    assert clock.due_at == moment("2026-03-09 17:30")
    assert [e.verb for e in clock.entries.all()] == ["started", "recounted", "recounted"]


def test_office_hours_in_the_site_settings_move_due_dates(
    boss: Client, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    from tests.core.permissions.places import model_form

    clock = begin(world.hubin)
    form = model_form(world.hubin, work_afternoon_until="18:00")
    address = reverse("site_records:edit", args=[world.hubin.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert boss.post(address, form).status_code == 302
    clock.refresh_from_db()
    assert clock.due_at == moment("2026-03-09 18:00")
    refused = boss.post(address, form | {"work_afternoon_from": "11:00"})
    assert refused.status_code == 200
    assert "work_afternoon_from" in refused.context["form"].errors


# --- a missing year ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-10-31", None), ("2026-11-01", 2027), ("2027-01-05", 2027), ("2025-12-01", None)],
)
def test_when_a_year_is_missed(db: None, today: str, missing: int | None) -> None:
    assert unknown_year(datetime.date.fromisoformat(today)) == missing


def test_administrators_are_told(boss: Client, world: World) -> None:
    with time_machine.travel(moment("2026-11-05 10:00"), tick=False):
        [warning] = [m for m in run_checks(databases=["default"]) if m.id == "core.W002"]
        assert "2027" in warning.msg
        assert "2027" in boss.get(reverse("calendar_days:index")).content.decode()
        home = boss.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("portal_calendar_year") in home
        plain = signed_in(UserFactory(superuser=False))
        assert plain.get(reverse("calendar_days:index")).status_code == 302
    with time_machine.travel(moment("2026-10-05 10:00"), tick=False):
        assert (
            reverse("portal_calendar_year")
            not in boss.get(reverse("wagtailadmin_home")).content.decode()
        )
        assert not [m for m in run_checks(databases=["default"]) if m.id == "core.W002"]


def test_results_in_unknown_years_say_so(world: World) -> None:
    found = due(world.site, Limit(20, WD), moment("2026-12-21 10:00"))
    assert [warning.year for warning in found.warnings] == [2027]
    begin(world.site, "2026-11-20 10:00", limit=Limit(40, WD))
    assert years_needed(datetime.date(2026, 11, 20)) == {2027}


# --- limits -----------------------------------------------------------------------------------
def limit_form(**changes: Any) -> dict[str, Any]:
    return {"amount": "7", "unit": "working_days", "extension_amount": "8",
            "extension_unit": "working_days", "reminder_1": "3", "reminder_1_unit": "working_days",
            "escalation_1": "0", "escalation_1_unit": "working_days",
            "escalation_1_role": "site_admin"} | changes  # fmt: skip


def terms_url(world: World) -> str:
    return reverse("portal_clock_terms_edit", args=[world.hubin.pk, "portal.reply"])


def test_a_site_sets_its_limits(boss: Client, world: World) -> None:
    assert boss.post(terms_url(world), limit_form()).status_code == 302
    clock = begin(world.hubin)
    assert clock.due_at == moment("2026-03-11 17:30")
    assert clock.extension == Limit(8, WD)
    assert begin(world.site).due_at == moment("2026-03-09 17:30")
    text = boss.get(reverse("portal_clock_terms", args=[world.hubin.pk])).content.decode()
    assert "Reply to a letter" in text
    entry = ModelLogEntry.objects.filter(content_type__model="siterecord").latest("pk")
    assert entry.data["deadline"] == "portal.reply"
    again = boss.get(terms_url(world)).context["form"].initial
    assert (again["reminder_1"], again["escalation_1_role"]) == (3, "site_admin")
    boss.post(terms_url(world), {"reset": "1"})
    assert not ClockTerms.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "many"}, "amount"),
        ({"unit": "weeks"}, "unit"),
        ({"extension_unit": ""}, "extension_unit"),
        ({"reminder_1_unit": "months"}, "reminder_1_unit"),
        ({"reminder_2": "3"}, "reminder_1"),
        ({"escalation_1_role": ""}, "escalation_1_role"),
        ({"escalation_1_role": "platform_admin"}, "escalation_1_role"),
        ({"escalation_2_role": "auditor"}, "escalation_2"),
    ],
)
def test_limits_that_are_refused(
    boss: Client, world: World, changes: dict[str, str], field: str
) -> None:
    response = boss.post(terms_url(world), limit_form(**changes))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not ClockTerms.objects.exists()


def test_kinds_that_are_not_there(boss: Client, world: World) -> None:
    for address in (
        reverse("portal_clock_terms_edit", args=[world.hubin.pk, "gone.reply"]),
        reverse("portal_clock_terms_edit", args=[999_999, "portal.reply"]),
        reverse("portal_clock_terms", args=[999_999]),
        reverse("portal_deadline_history", args=[999_999]),
    ):
        assert boss.get(address).status_code == 404


# --- who sees what ----------------------------------------------------------------------------
def subjects(user: User) -> list[str]:
    return [clock.subject for clock in visible_to(user)]


def test_own_sites_and_own_unit(provisioned_world: World) -> None:
    world = provisioned_world
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    begin(world.hubin, subject="ours", unit=ours)
    begin(world.hubin, subject="theirs", unit=theirs)
    begin(world.hubin, subject="everybody's")
    begin(world.gaoxin, subject="elsewhere", unit=ours)
    done = begin(world.hubin, subject="done")
    services.stop(clock=done, outcome="answered")
    editor = member("editor", world.hubin, organisation=ours)
    assert subjects(editor) == ["ours", "everybody's"]
    without_unit = member("editor", world.hubin)
    assert subjects(without_unit) == ["ours", "theirs", "everybody's"]
    head = member("site_admin", world.hubin, organisation=theirs)
    assert subjects(head) == ["ours", "theirs", "everybody's"]
    assert subjects(member("auditor", world.hubin)) == []
    assert subjects(member("security_admin")) == []
    assert len(subjects(member("platform_admin"))) == 4
    assert subjects(UserFactory()) == []


def test_what_is_escalated_is_seen_by_the_role_at_that_site(provisioned_world: World) -> None:
    world = provisioned_world
    clock = begin(world.hubin)
    auditor = member("auditor", world.hubin)
    other = member("auditor", world.gaoxin)
    history = reverse("portal_deadline_history", args=[clock.pk])
    assert signed_in(auditor).get(history).status_code in (302, 403)
    with time_machine.travel(moment("2026-03-10 17:30"), tick=False):
        alarms.run()
    assert subjects(auditor) == [clock.subject]
    assert subjects(other) == []
    assert signed_in(auditor).get(history).status_code == 200
    assert signed_in(other).get(history).status_code in (302, 403)


def test_my_deadlines_overdue_first_and_paused_marked(boss: Client, world: World) -> None:
    begin(world.site, "2026-03-03 10:00", label="明天到期")
    begin(world.site, "2026-02-27 10:00", label="已经逾期", url="/admin/letters/2/")
    paused = begin(world.site, "2026-02-26 10:00", label="已经暂停")
    with time_machine.travel(moment("2026-03-03 10:00"), tick=False):
        services.pause(clock=paused, reason="征求意见")
    with time_machine.travel(moment("2026-03-09 10:00"), tick=False):
        text = boss.get(reverse("wagtailadmin_home")).content.decode()
        everything = boss.get(reverse("portal_deadlines")).content.decode()
        late = boss.get(reverse("portal_deadlines"), {"standing": "overdue"}).content.decode()
        history = boss.get(reverse("portal_deadline_history", args=[paused.pk])).content.decode()
    assert text.index("已经逾期") < text.index("明天到期") < text.index("已经暂停")
    assert 'href="/admin/letters/2/"' in text
    assert all(label in everything for label in ("明天到期", "已经逾期", "已经暂停"))
    assert "已经逾期" in late
    assert "明天到期" not in late
    assert "征求意见" in history


def test_the_record_of_what_is_done_is_kept_by_those_who_run_the_site(
    provisioned_world: World,
) -> None:
    clock = begin(provisioned_world.hubin)
    services.stop(clock=clock, outcome="answered")
    history = reverse("portal_deadline_history", args=[clock.pk])
    for role, status in (("site_admin", 200), ("editor", 302)):
        client = signed_in(member(role, provisioned_world.hubin))
        assert client.get(history).status_code == status


# --- what visitors see ------------------------------------------------------------------------
def test_the_template_tag_says_the_same_as_staff_read(boss: Client, world: World) -> None:
    clock = begin(world.site, timezone.localtime().strftime("%Y-%m-%d 00:00"))
    template = Template("{% load portal_clocks %}{% due_date clock %}")
    with override("zh-hans"):
        html = template.render(Context({"clock": clock}))
    assert f'datetime="{timezone.localtime(clock.due_at).isoformat()}"' in html
    assert "due--running" in html
    with override("zh-hans"):
        words = due_words(clock)
    assert f">{words.date}</time>" in html
    text = boss.get(reverse("portal_deadline_history", args=[clock.pk])).content.decode()
    assert f"<strong>{words}</strong>" in text


def test_defaults_hold_for_sites_without_terms_of_their_own(world: World) -> None:
    held = Terms(limit=Limit(1, Unit.MONTHS), escalations=(Escalation(Limit(2, WD), "editor"),))
    row = services.set_terms(site=world.site, kind="portal.reply", held=held, default=REPLY)
    assert row is not None
    assert (row.amount, row.unit, row.escalations) == (
        1, "months", [{"amount": 2, "unit": "working_days", "role": "editor"}],
    )  # fmt: skip


def test_lists_cost_the_same_for_one_and_for_many(boss: Client, world: World) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert boss.get(address).status_code == 200
        return len(captured)

    begin(world.site)
    addresses = [reverse("portal_deadlines"), reverse("wagtailadmin_home")]
    for address in addresses:
        queries(address)  # what is read once for a process
    few = [queries(address) for address in addresses]
    for _ in range(6):
        begin(world.hubin)
    assert [queries(address) for address in addresses] == few
