"""The days that were promised, over the long holidays of three years.

The table was made by hand from the State Council's notices (国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号),
with office hours from 9 to 12 and from 13:30 to 17:30. The worked days after each receipt stand
beside it, so that anybody can count along; a make-up day of a weekend has an asterisk.
"""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from portal.interaction.deadlines import CLOCK_KINDS, ERROR_OTHER
from portal.interaction.models import LetterProfile
from portal.interaction.selectors.dates import due_of
from portal.interaction.services import flow
from portal.plugin_api import clocks

from .people import Desk

CHINA = ZoneInfo("Asia/Shanghai")
END = "17:30"

# receipt: 7 days, extended to 15, 5 days, 2 days, 3 days, 1 day, half a day
TABLE = {
    # 2024, Spring Festival 10.–17.2.; 6 7 8 9 *18 | 19 20 21 22 23 | 26 27 28 29 1.3.
    "2024-02-05 10:00": ("02-20", "03-01", "02-18", "02-07", "02-08", "02-06", "02-05 15:00"),
    # after office hours: as if received on *18; 19 20 21 22 23 | 26 27 28 29 1.3. | 4 5 6 7 8
    "2024-02-09 18:00": ("02-27", "03-08", "02-23", "02-20", "02-21", "02-19", "02-18 14:00"),
    # 2024, National Day 1.–7.10.; *29 30 8 9 10 | 11 *12 14 15 16 | 17 18 21 22 23
    "2024-09-27 09:30": ("10-12", "10-23", "10-10", "09-30", "10-08", "09-29", "09-27 14:30"),
    # within the holidays: as if received on the 8th; 9 10 11 *12 14 | 15 16 17 18 21 | 22 23 24 25 28
    "2024-10-03 11:00": ("10-16", "10-28", "10-14", "10-10", "10-11", "10-09", "10-08 14:00"),
    # 2025, Spring Festival 28.1.–4.2.; 24 *26 27 5 6 | 7 *8 10 11 12 | 13 14 17 18 19
    "2025-01-23 16:00": ("02-08", "02-19", "02-06", "01-26", "01-27", "01-24", "01-24 11:00"),
    # 2025, National Day 1.–8.10., in the last minute; 9 10 *11 13 14 | 15 16 17 20 21 | 22 … 28
    "2025-09-30 17:30": ("10-16", "10-28", "10-14", "10-10", "10-11", "10-09", "10-09 14:00"),
    # 2026, Spring Festival 15.–23.2.; *14 24 25 26 27 | *28 2.3. 3 4 5 | 6 9 10 11 12
    "2026-02-13 09:00": ("03-02", "03-12", "02-27", "02-24", "02-25", "02-14", "02-13 14:00"),
    # 2026, Mid-Autumn 25.–27.9., National Day 1.–7.10.; 28 29 30 8 9 | *10 12 13 14 15 | 16 19 … 22
    "2026-09-24 10:00": ("10-12", "10-22", "10-09", "09-29", "09-30", "09-28", "09-24 15:00"),
}  # fmt: skip


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def day(receipt: str, text: str) -> datetime.datetime:
    return moment(f"{receipt[:4]}-{text}" if " " in text else f"{receipt[:4]}-{text} {END}")


@pytest.mark.parametrize("receipt", TABLE)
def test_each_kind_is_due_on_the_day_of_the_table(receipt: str, desk: Desk) -> None:
    opinion, extended, simple, own, other, central, draft = TABLE[receipt]
    received = moment(receipt)
    with time_machine.travel(received + datetime.timedelta(minutes=1), tick=False):
        letters = {
            kind: desk.letter(kind=kind, received_at=received)
            for kind in (
                "suggestion", "complaint", "leader", "consultation", "error", "error_central"
            )
        }  # fmt: skip
        LetterProfile.objects.create(site=desk.site, kind="error", clock_kind=ERROR_OTHER)
        elsewhere = desk.letter(kind="error", received_at=received)
    due = {kind: due_of(letter) for kind, letter in letters.items()}
    assert due == {
        "suggestion": day(receipt, opinion),
        "complaint": day(receipt, opinion),
        "leader": day(receipt, opinion),
        "consultation": day(receipt, simple),
        "error": day(receipt, own),
        "error_central": day(receipt, central),
    }
    assert due_of(elsewhere) == day(receipt, other)
    of_draft = clocks.open(
        "interaction.error_central_draft", f"letter:{letters['error_central'].pk}"
    )
    assert of_draft is not None
    assert of_draft.due_at == day(receipt, draft)
    with time_machine.travel(received + datetime.timedelta(minutes=2), tick=False):
        longer = flow.defer(
            letter=letters["suggestion"], reason="涉及多个部门", notice="延长办理", by=desk.clerk
        )
    assert due_of(longer) == day(receipt, extended)


def test_every_kind_of_deadline_is_in_the_table() -> None:
    assert len(CLOCK_KINDS) == 7


def test_writer_and_staff_are_told_the_same_day_after_the_calendar_changes(desk: Desk) -> None:
    """A day that the city declares free moves clock, list and what the writer reads."""
    from portal.core.clocks import services
    from portal.core.models import CalendarDay
    from portal.interaction.services.upkeep import follow_clocks

    with time_machine.travel(moment("2026-03-09 10:00"), tick=False):
        letter = desk.letter()
        assert letter.due_at == moment("2026-03-16 17:30")
        CalendarDay.objects.create(date="2026-03-16", kind="holiday", name="市庆")
        services.recount()
        assert follow_clocks(desk.site.pk) == 1
    letter.refresh_from_db()
    assert letter.due_at == due_of(letter) == moment("2026-03-17 17:30")


def test_a_pause_moves_the_day(desk: Desk) -> None:
    with time_machine.travel(moment("2026-03-09 10:00"), tick=False):
        letter = desk.accepted()
    with time_machine.travel(moment("2026-03-10 09:00"), tick=False):
        flow.pause(letter=letter, reason="等来信人补充材料", by=desk.clerk)
    with time_machine.travel(moment("2026-03-12 09:00"), tick=False):
        letter = flow.resume(letter=letter, by=desk.clerk)
    assert letter.due_at == moment("2026-03-18 17:30")
