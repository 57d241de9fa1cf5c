"""What people read, in Chinese: visitors and staff get it from one function."""

import pytest
import time_machine
from django.utils.translation import override

from portal.core.clocks import services
from portal.core.clocks.wording import due_words, limit_text
from portal.core.clocks.worktime import Limit, Unit
from portal.core.models import Clock
from tests.factories import World

from .samples import moment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]


@pytest.fixture
def clock(world: World) -> Clock:
    with time_machine.travel(moment("2026-03-02 10:00"), tick=False):
        return services.start(kind="portal.reply", subject="letter:1", site=world.site)


@pytest.mark.parametrize(
    ("now", "state", "note"),
    [
        ("2026-03-02 10:00", "running", "5 working days left"),
        ("2026-03-06 20:00", "running", "1 working day left"),
        ("2026-03-09 08:00", "today", "ends today"),
        ("2026-03-09 17:31", "overdue", "overdue since today"),
        ("2026-03-10 09:00", "overdue", "1 working day overdue"),
    ],
)
def test_how_long_there_is(clock: Clock, now: str, state: str, note: str) -> None:
    with override("en"):
        words = due_words(clock, moment(now))
        assert (words.state, words.note) == (state, note)
        assert str(words) == f"Reply by: 9 March 2026 ({note})"


def test_pauses_and_ends_are_said(clock: Clock) -> None:
    with time_machine.travel(moment("2026-03-04 10:00"), tick=False):
        clock = services.pause(clock=clock, reason="waiting")
    with override("en"):
        words = due_words(clock, moment("2026-03-20 10:00"))
    assert (words.state, words.note) == (
        "paused", "paused since 4 March 2026; the pause is not counted",
    )  # fmt: skip
    with time_machine.travel(moment("2026-03-05 11:00"), tick=False):
        clock = services.resume(clock=clock)
    with override("en"):
        # Eight working hours later: seven of Tuesday, one of Wednesday.
        words = due_words(clock, moment("2026-03-05 11:00"))
        assert words.date == "11 March 2026, 10:00"
    with time_machine.travel(moment("2026-03-12 10:00"), tick=False):
        clock = services.stop(clock=clock, outcome="answered")
    with override("en"):
        assert due_words(clock).note == "done on 12 March 2026, late"


def test_hours_are_said_in_hours(world: World) -> None:
    with time_machine.travel(moment("2026-03-02 10:00"), tick=False):
        clock = services.start(kind="portal.first_word", subject="topic:1", site=world.site)
    with override("en"):
        assert due_words(clock, moment("2026-03-02 10:30")).note == "4 hours left"
        assert due_words(clock, moment("2026-03-02 14:30")).note == "less than an hour left"
        assert due_words(clock, moment("2026-03-02 15:10")).note == "overdue by less than an hour"
        assert due_words(clock, moment("2026-03-02 17:10")).note == "2 hours overdue"
        assert due_words(clock, moment("2026-03-02 10:30")).date == "2 March 2026, 15:00"


def test_a_kind_that_is_gone_still_has_a_date(clock: Clock) -> None:
    clock.kind = "gone.reply"
    with override("en"):
        assert str(due_words(clock, moment("2026-03-02 10:00"))).startswith("Due: 9 March 2026")


def test_limits_in_words() -> None:
    with override("en"):
        assert limit_text(Limit(20, Unit.WORKING_DAYS)) == "20 working days"
        assert limit_text(Limit(1, Unit.HALF_DAYS)) == "1 half working day"
