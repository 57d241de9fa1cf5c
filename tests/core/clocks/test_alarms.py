"""Reminders and escalations: each once, whatever happens to the process that tells them."""

import datetime
import threading
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection

from portal.core import extension_points, schedule
from portal.core.clocks import alarms, services
from portal.core.clocks.kinds import Terms
from portal.core.clocks.worktime import Limit, Unit
from portal.core.models import Clock, ClockAlarm
from portal.plugins.registry import PORTAL
from tests.factories import World, make_world

from .conftest import REPLY
from .samples import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
WD = Unit.WORKING_DAYS
type Told = list[tuple[str, str]]


@pytest.fixture
def told() -> Iterator[Told]:
    """What receivers of the three events heard: (event, step)."""
    heard: Told = []
    events = {
        "due_soon": extension_points.clock_due_soon,
        "overdue": extension_points.clock_overdue,
        "escalated": extension_points.clock_escalated,
    }

    def receiver(name: str):  # type: ignore[no-untyped-def]
        return lambda **kwargs: heard.append((name, kwargs["alarm"].step))

    with (
        events["due_soon"].temporarily(receiver("due_soon"), plugin=PORTAL),
        events["overdue"].temporarily(receiver("overdue"), plugin=PORTAL),
        events["escalated"].temporarily(receiver("escalated"), plugin=PORTAL),
    ):
        yield heard


def begin(world: World, when: str = "2026-03-02 10:00", subject: str = "letter:1") -> Clock:
    """Due on Monday 9 March 2026; reminders on Thursday 5 and Friday 6 at nine."""
    with time_machine.travel(moment(when), tick=False):
        return services.start(kind="portal.reply", subject=subject, site=world.site)


def run_at(when: str) -> int:
    with time_machine.travel(moment(when), tick=False):
        return alarms.run()


def test_the_course_of_a_deadline(world: World, told: Told) -> None:
    begin(world)
    steps: list[tuple[str, Told]] = [
        ("2026-03-05 08:59", []),
        ("2026-03-05 09:00", [("due_soon", "2 working_days")]),
        ("2026-03-05 09:01", []),
        ("2026-03-06 09:00", [("due_soon", "1 working_days")]),
        ("2026-03-09 17:29", []),
        ("2026-03-09 17:30", [("overdue", ""), ("escalated", "0 working_days site_admin")]),
        ("2026-03-10 17:29", []),
        ("2026-03-10 17:30", [("escalated", "1 working_days auditor")]),
        ("2026-04-10 17:30", []),
    ]
    for when, expected in steps:
        told.clear()
        run_at(when)
        assert sorted(told) == sorted(expected), when
    assert Clock.objects.get().look_at is None


def test_after_a_long_silence_only_what_still_matters(world: World, told: Told) -> None:
    """The portal was down for days: one reminder, not two; none when it is too late."""
    begin(world)
    run_at("2026-03-06 12:00")
    assert told == [("due_soon", "1 working_days")]
    told.clear()
    begin(world, subject="letter:2")
    run_at("2026-03-12 12:00")
    assert ("overdue", "") in told
    assert not [name for name, _step in told if name == "due_soon"]
    assert Clock.objects.filter(look_at__isnull=False).count() == 0


def test_a_pause_keeps_silent_and_a_new_date_is_reminded_anew(world: World, told: Told) -> None:
    clock = begin(world)
    run_at("2026-03-05 09:00")
    with time_machine.travel(moment("2026-03-05 10:00"), tick=False):
        services.pause(clock=clock, reason="waiting")
    told.clear()
    assert run_at("2026-03-11 09:00") == 0
    with time_machine.travel(moment("2026-03-11 10:00"), tick=False):
        clock = services.resume(clock=clock)
    assert clock.due_at == moment("2026-03-13 17:30")
    run_at("2026-03-11 10:01")
    run_at("2026-03-12 09:00")
    assert told == [("due_soon", "2 working_days"), ("due_soon", "1 working_days")]


def test_what_is_done_is_not_reminded(world: World, told: Told) -> None:
    clock = begin(world)
    with time_machine.travel(moment("2026-03-04 10:00"), tick=False):
        services.stop(clock=clock, outcome="answered")
    assert run_at("2026-03-20 10:00") == 0
    assert told == []


def test_a_reminder_longer_than_the_limit_is_none(world: World, told: Told) -> None:
    with time_machine.travel(moment("2026-03-02 10:00"), tick=False):
        services.start(kind="portal.reply", subject="letter:1", site=world.site, limit=Limit(1, WD))
    run_at("2026-03-02 10:01")
    assert told == []
    run_at("2026-03-03 09:00")
    assert told == []  # "one working day before" was before it began


def test_new_terms_hold_for_what_runs(world: World, told: Told) -> None:
    begin(world)
    held = Terms(limit=REPLY.terms.limit, reminders=(Limit(3, WD),))
    with time_machine.travel(moment("2026-03-03 10:00"), tick=False):
        services.set_terms(site=world.site, kind="portal.reply", held=held, default=REPLY)
    run_at("2026-03-04 09:00")
    run_at("2026-03-06 09:00")
    assert told == [("due_soon", "3 working_days")]


def test_a_process_that_died_before_telling(
    world: World, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is committed and nothing told; the next run tells it."""
    begin(world)

    def die(*args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(alarms, "_tell", die)
        with pytest.raises(KeyboardInterrupt):
            run_at("2026-03-05 09:00")
    assert ClockAlarm.objects.get().told_at is None
    run_at("2026-03-05 09:01")
    run_at("2026-03-05 09:02")
    assert told == [("due_soon", "2 working_days")]


def test_a_process_that_died_while_telling_is_followed_by_another(world: World, told: Told) -> None:
    begin(world)
    dying = extension_points.clock_due_soon.temporarily(_die, plugin=PORTAL)
    with dying, pytest.raises(KeyboardInterrupt):
        run_at("2026-03-05 09:00")
    told.clear()
    run_at("2026-03-05 09:04")
    assert told == []  # perhaps it is still at it
    run_at("2026-03-05 09:05")
    assert told == [("due_soon", "2 working_days")]


def _die(**_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_what_was_overtaken_is_not_told(world: World, told: Told) -> None:
    """Raised, not told because the process died, done in the meantime."""
    clock = begin(world)
    with time_machine.travel(moment("2026-03-05 09:00"), tick=False):
        alarms._raise_due(clock.pk, moment("2026-03-05 09:00"))
    with time_machine.travel(moment("2026-03-05 09:30"), tick=False):
        services.stop(clock=clock, outcome="answered")
    run_at("2026-03-05 09:31")
    assert told == []
    assert not ClockAlarm.objects.exists()


def test_one_that_cannot_be_handled_stops_no_other(
    world: World, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _good = begin(world), begin(world, subject="letter:2")
    stock = alarms.plan

    def plan(clock: Clock, *args: object) -> list[alarms.Planned]:
        if clock.pk == bad.pk:
            raise ValueError("damaged")
        return stock(clock, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(alarms, "plan", plan)
    run_at("2026-03-05 09:00")
    assert told == [("due_soon", "2 working_days")]
    bad.refresh_from_db()
    assert bad.look_at == moment("2026-03-05 09:15")


def test_a_plugin_that_is_off_is_not_told_and_comes_back(world: World, told: Told) -> None:
    registry = extension_points.clock_kinds
    began = time_machine.travel(moment("2026-03-02 10:00"), tick=False)
    with registry.temporarily(REPLY, plugin=PORTAL, name="passing"), began:
        services.start(kind="portal.passing", subject="letter:1", site=world.site)
    assert run_at("2026-03-05 09:00") == 0
    with registry.temporarily(REPLY, plugin=PORTAL, name="passing"):
        run_at("2026-03-05 09:15")
    assert told == [("due_soon", "2 working_days")]


def test_the_clock_process_runs_it_each_minute() -> None:
    [job] = [job for job in schedule.JOBS if job.name == "remind_of_deadlines"]
    assert job.at is None
    assert job.work() is None  # nothing to do


def test_nothing_to_do_costs_two_queries(
    world: World, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    begin(world)
    with django_assert_num_queries(2):  # type: ignore[operator]
        run_at("2026-03-03 10:00")


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_each_alarm_once(transactional_db: None, told: Told) -> None:
    world = make_world()
    for number in range(6):
        begin(world, subject=f"letter:{number}")
    now = moment("2026-03-09 18:00")
    start = threading.Barrier(3)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            start.wait(20)
            alarms.run(now)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(told) == sorted([("overdue", ""), ("escalated", "0 working_days site_admin")] * 6)
    later = now + datetime.timedelta(days=1)
    assert alarms.run(later) == 6  # the second escalation of each
