"""A clock from its start to its end: what each step makes of the due moment, and what is refused."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from portal.core.clocks import services, terms
from portal.core.clocks.desk import clocks
from portal.core.clocks.kinds import Terms
from portal.core.clocks.notices import load_notices
from portal.core.clocks.services import ClockError
from portal.core.clocks.worktime import Limit, Unit
from portal.core.models import (
    CalendarDay,
    CalendarYear,
    Clock,
    ClockEntry,
    ClockTerms,
    SiteRecord,
)
from tests.factories import UserFactory, World

from .conftest import FIRST_WORD, REPLY
from .samples import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
WD = Unit.WORKING_DAYS


def at(text: str) -> Any:
    return time_machine.travel(moment(text), tick=False)


def begin(world: World, when: str = "2026-03-02 10:00", **values: Any) -> Clock:
    """Due on Monday 9 March 2026 unless told otherwise."""
    values = {"kind": "portal.reply", "subject": "letter:1", "site": world.site} | values
    with at(when):
        return services.start(**values)


def refused(match: str, call: Callable[..., Clock], **values: Any) -> None:
    with pytest.raises(ClockError, match=match):
        call(**values)


# --- start ------------------------------------------------------------------------------------
def test_it_is_due_after_the_limit_of_its_kind(world: World) -> None:
    user = UserFactory()
    clock = begin(world, label="路灯不亮", url="/admin/x/", by=user, parameters={"ticket": 7})
    clock.refresh_from_db()
    assert clock.due_at == moment("2026-03-09 17:30")
    assert (clock.state, clock.label, clock.parameters) == ("running", "路灯不亮", {"ticket": 7})
    [entry] = clock.entries.all()
    assert (entry.verb, entry.by, entry.due_at) == ("started", user, clock.due_at)


def test_the_calendar_of_the_portal_is_used(world: World) -> None:
    """Over Spring Festival 2026: 13, Saturday 14, 24, 25 and 26 February."""
    clock = begin(world, "2026-02-12 10:00")
    assert clock.due_at == moment("2026-02-26 17:30")


def test_receipt_may_lie_in_the_past_and_not_in_the_future(world: World) -> None:
    clock = begin(world, started_at=moment("2026-02-27 10:00"))
    assert clock.due_at == moment("2026-03-05 17:30")  # 28 February is a make-up Saturday
    with at("2026-03-02 10:00"):
        refused(
            "future", services.start, kind="portal.reply", subject="letter:2", site=world.site,
            started_at=moment("2026-03-02 10:01"),
        )  # fmt: skip


def test_one_open_clock_of_a_kind_for_a_subject(world: World) -> None:
    first = begin(world)
    with pytest.raises(ClockError, match="runs for it already"):
        begin(world)
    assert begin(world, kind="portal.first_word").due_at == moment("2026-03-02 15:00")
    assert begin(world, subject="letter:2").pk != first.pk
    with at("2026-03-03 10:00"):
        services.stop(clock=first, outcome="answered")
    assert begin(world, "2026-03-03 10:00").pk != first.pk
    # The database sees to it, too.
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=first.pk).update(state="running")


def test_only_kinds_that_the_site_has(world: World) -> None:
    for kind in ("portal.unknown", "dummy.unknown"):
        with pytest.raises(ClockError, match="no deadlines of the kind"):
            begin(world, kind=kind)


def test_a_case_may_have_its_own_limit(world: World) -> None:
    assert begin(world, limit=Limit(1, WD)).due_at == moment("2026-03-03 17:30")
    with pytest.raises(ClockError, match="nothing"):
        begin(world, subject="letter:2", limit=Limit(0, WD))


# --- pauses -----------------------------------------------------------------------------------
def test_a_pause_moves_the_due_moment(world: World) -> None:
    clock = begin(world)
    with at("2026-03-04 10:00"):
        clock = services.pause(clock=clock, reason="third party is heard")
    assert (clock.state, clock.due_at) == ("paused", moment("2026-03-09 17:30"))
    with at("2026-03-20 10:00"):
        assert not clock.is_overdue()
    with at("2026-03-06 10:00"):
        clock = services.resume(clock=clock)
    assert (clock.state, clock.due_at) == ("running", moment("2026-03-11 17:30"))


def test_the_day_of_receipt_is_not_counted_and_its_pauses_are_not_either(world: World) -> None:
    clock = begin(world)
    with at("2026-03-02 11:00"):
        services.pause(clock=clock, reason="waiting")
    with at("2026-03-02 16:00"):
        assert services.resume(clock=clock).due_at == moment("2026-03-09 17:30")


def test_two_pauses_add_up(world: World) -> None:
    clock = begin(world)
    for paused, resumed in (
        ("2026-03-03 09:00", "2026-03-03 11:00"),
        ("2026-03-04 09:00", "2026-03-04 10:00"),
    ):
        with at(paused):
            services.pause(clock=clock, reason="waiting")
        with at(resumed):
            clock = services.resume(clock=clock)
    assert clock.due_at == moment("2026-03-10 12:00")


def test_pauses_can_be_noted_later(world: World) -> None:
    clock = begin(world)
    with at("2026-03-05 10:00"):
        services.pause(clock=clock, reason="asked by letter", at=moment("2026-03-04 10:00"))
        assert services.resume(clock=clock).due_at == moment("2026-03-10 17:30")
        refused(
            "before what happened last", services.pause, clock=clock, reason="x",
            at=moment("2026-03-04 09:00"),
        )  # fmt: skip
        refused("future", services.pause, clock=clock, reason="x", at=moment("2026-03-05 10:01"))


def test_pauses_that_are_refused(world: World) -> None:
    clock = begin(world)
    with at("2026-03-04 10:00"):
        refused("reason", services.pause, clock=clock, reason="  ")
        refused("not paused", services.resume, clock=clock)
        services.pause(clock=clock, reason="waiting")
        refused("runs can be paused", services.pause, clock=clock, reason="again")
        services.resume(clock=clock)
    with at("2026-03-10 10:00"):
        refused("passed already", services.pause, clock=clock, reason="too late")
    assert [entry.verb for entry in clock.entries.all()] == ["started", "paused", "resumed"]


# --- extension --------------------------------------------------------------------------------
def test_it_is_extended_once(world: World) -> None:
    clock = begin(world)
    with at("2026-03-04 10:00"):
        clock = services.extend(clock=clock, reason="many files", notice="我们需要更多时间。")
        assert clock.due_at == moment("2026-03-16 17:30")
        refused("extended once", services.extend, clock=clock, reason="x", notice="y")
    entry = clock.entries.last()
    assert entry is not None
    assert (entry.verb, entry.notice, entry.reason) == (
        "extended",
        "我们需要更多时间。",
        "many files",
    )


def test_extensions_that_are_refused(world: World) -> None:
    clock = begin(world)
    given = {"clock": clock, "reason": "many files", "notice": "later"}
    with at("2026-03-04 10:00"):
        refused("5 working days at most", services.extend, **given, limit=Limit(6, WD))
        refused("at most", services.extend, **given, limit=Limit(2, Unit.DAYS))
        refused("at most", services.extend, **given, limit=Limit(0, WD))
        refused("notice", services.extend, **given | {"notice": " "})
        refused("reason", services.extend, **given | {"reason": ""})
        other = services.start(kind="portal.first_word", subject="letter:1", site=world.site)
        refused("cannot be extended", services.extend, **given | {"clock": other})
    with at("2026-03-09 17:31"):
        refused("passed already", services.extend, **given)
    assert clock.entries.count() == 1


def test_extended_while_paused_both_count(world: World) -> None:
    clock = begin(world)
    with at("2026-03-04 10:00"):
        services.pause(clock=clock, reason="waiting")
        services.extend(clock=clock, reason="many", notice="later", limit=Limit(2, WD))
    with at("2026-03-05 10:00"):
        assert services.resume(clock=clock).due_at == moment("2026-03-12 17:30")


# --- restart and end --------------------------------------------------------------------------
def test_it_begins_anew_where_the_kind_allows_it(world: World) -> None:
    clock = begin(world)
    with at("2026-03-04 10:00"):
        services.pause(clock=clock, reason="to be corrected")
    with at("2026-03-10 10:00"):
        clock = services.restart(clock=clock, reason="corrected")
    assert (clock.state, clock.due_at) == ("running", moment("2026-03-17 17:30"))
    other = begin(world, kind="portal.first_word")
    refused("do not begin anew", services.restart, clock=other, reason="corrected")


def test_the_end(world: World) -> None:
    clock = begin(world)
    with at("2026-03-09 17:30"):
        clock = services.stop(clock=clock, outcome="answered")
        refused("is over", services.stop, clock=clock, outcome="again")
        refused("is over", services.extend, clock=clock, reason="x", notice="y")
    assert (clock.state, clock.outcome, clock.was_in_time) == ("stopped", "answered", True)
    late = begin(world, subject="letter:2")
    with at("2026-03-09 17:31"):
        assert services.stop(clock=late, outcome="answered").was_in_time is False


def test_what_is_done_in_a_pause_is_in_time(world: World) -> None:
    clock = begin(world)
    with at("2026-03-04 10:00"):
        services.pause(clock=clock, reason="waiting")
    with at("2026-04-04 10:00"):
        assert services.stop(clock=clock, outcome="withdrawn").was_in_time is True


# --- the record -------------------------------------------------------------------------------
def test_the_history_is_only_added_to(world: World) -> None:
    clock = begin(world)
    entry = clock.entries.get()
    entry.reason = "another"
    for change in (
        entry.save,
        entry.delete,
        lambda: ClockEntry.objects.filter(pk=entry.pk).update(reason="another"),
        lambda: ClockEntry.objects.filter(pk=entry.pk).delete(),
        lambda: ClockEntry.objects.bulk_update([entry], ["reason"]),
    ):
        with pytest.raises(TypeError, match="history"):
            change()
    assert ClockEntry.objects.get(pk=entry.pk).reason == ""


def test_what_fails_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = begin(world)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Clock, "save", fail)
    with at("2026-03-04 10:00"), pytest.raises(RuntimeError):
        services.pause(clock=clock, reason="waiting")
    assert clock.entries.count() == 1


# --- what holds changes -----------------------------------------------------------------------
def test_a_notice_that_comes_late_moves_open_clocks(world: World) -> None:
    clock = begin(world, "2026-12-28 10:00")
    assert clock.due_at == moment("2027-01-04 17:30")  # 29, 30, 31, Friday 1 January, 4
    CalendarYear.objects.create(year=2027, source="国办发明电〔2026〕x号")
    CalendarDay.objects.create(date=datetime.date(2027, 1, 1), kind="holiday")
    assert services.recount() == 1
    clock.refresh_from_db()
    assert clock.due_at == moment("2027-01-05 17:30")
    assert clock.entries.last().verb == "recounted"  # type: ignore[union-attr]
    assert services.recount() == 0


def test_office_hours_of_one_site_move_its_clocks_only(world: World) -> None:
    ours, theirs = (
        begin(world, site=world.hubin),
        begin(world, subject="letter:2", site=world.gaoxin),
    )
    world.hubin.work_afternoon_until = datetime.time(18)
    world.hubin.save()
    assert services.recount(site=world.hubin) == 1
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert ours.due_at == moment("2026-03-09 18:00")
    assert theirs.due_at == moment("2026-03-09 17:30")


def test_what_was_promised_stays(world: World) -> None:
    clock = begin(world)
    changed = Terms(limit=Limit(3, WD), extension=None)
    services.set_terms(site=world.site, kind="portal.reply", held=changed, default=REPLY)
    services.recount()
    clock.refresh_from_db()
    assert clock.due_at == moment("2026-03-09 17:30")
    assert clock.extension == Limit(5, WD)
    assert begin(world, subject="letter:2").due_at == moment("2026-03-05 17:30")
    assert begin(world, subject="letter:3", site=world.hubin).due_at == moment("2026-03-09 17:30")


def test_terms_are_stored_where_they_differ(world: World) -> None:
    changed = Terms(limit=Limit(3, WD), reminders=REPLY.terms.reminders)
    services.set_terms(site=world.site, kind="portal.reply", held=changed, default=REPLY)
    [entry] = [e for e in terms.kinds_at(world.site.pk) if e.key == "portal.reply"]
    assert terms.terms_at(entry, world.site.pk) == changed
    assert terms.terms_at(entry, world.hubin.pk) == REPLY.terms
    services.set_terms(site=world.site, kind="portal.reply", held=REPLY.terms, default=REPLY)
    assert not ClockTerms.objects.exists()


# --- seeds ------------------------------------------------------------------------------------
def test_the_notices_are_there_and_edited_rows_are_left_alone(db: None) -> None:
    assert set(CalendarYear.objects.values_list("year", flat=True)) >= {2024, 2025, 2026}
    edited = CalendarDay.objects.get(date=datetime.date(2026, 10, 10))
    CalendarDay.objects.filter(pk=edited.pk).update(kind="holiday", name="市庆日")
    CalendarDay.objects.filter(date__year=2025).delete()
    assert load_notices(CalendarYear, CalendarDay) == []
    edited.refresh_from_db()
    assert (edited.kind, edited.name) == ("holiday", "市庆日")
    CalendarYear.objects.filter(year__in=(2025, 2026)).delete()
    assert load_notices(CalendarYear, CalendarDay) == [2025, 2026]
    edited.refresh_from_db()
    assert edited.kind == "holiday"
    assert CalendarDay.objects.filter(date__year=2025).count() == 33


def test_office_hours_of_a_site_follow_each_other(world: World) -> None:
    record = SiteRecord.objects.get(pk=world.site.pk)
    record.work_afternoon_from = datetime.time(11)
    with pytest.raises(Exception, match="follow each other"):
        record.clean()
    record.work_afternoon_from = record.work_morning_until
    record.clean()


def test_the_defaults_of_kinds_are_sound() -> None:
    assert FIRST_WORD.terms.limit == Limit(5, Unit.HOURS)
    with pytest.raises(ValueError, match="nothing"):
        type(REPLY)(label="x", due_label="x", terms=Terms(Limit(0, WD)))
    with pytest.raises(ValueError, match="at most"):
        type(REPLY)(label="x", due_label="x", terms=Terms(Limit(1, WD), None, (Limit(1, WD),) * 4))
    with pytest.raises(ValueError, match="before"):
        monthly = (Limit(1, Unit.MONTHS),)
        type(REPLY)(label="x", due_label="x", terms=Terms(Limit(1, WD), None, monthly))


@pytest.mark.parametrize(
    ("now", "is_open", "changes"),
    [
        ("2026-03-02 10:00", True, "2026-03-02 12:00"),
        ("2026-03-02 12:00", False, "2026-03-02 13:30"),  # the moment at which the morning ends
        ("2026-03-02 18:00", False, "2026-03-03 09:00"),
        ("2026-02-14 10:00", True, "2026-02-14 12:00"),  # a Saturday that is worked
        ("2026-02-14 18:00", False, "2026-02-24 09:00"),  # over Spring Festival
    ],
)
def test_whether_people_are_at_work(world: World, now: str, is_open: bool, changes: str) -> None:
    state = clocks.office_state(world.site.pk, moment(now))
    assert (state.is_open, state.changes_at) == (is_open, moment(changes))
