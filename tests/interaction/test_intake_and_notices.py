"""Receipts, codes, what leaves the portal, and what the clocks raise."""

import datetime
import hashlib
import hmac
import itertools
import json
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from portal.core.clocks import alarms
from portal.interaction.models import (
    DailyDuty,
    Letter,
    LetterNotice,
    LetterProfile,
    LetterStep,
    NoticeHook,
    Verb,
)
from portal.interaction.selectors.dates import Alarm, alarm_of
from portal.interaction.selectors.figures import EVENT_COLUMNS, as_csv, export_events, summary
from portal.interaction.selectors.monitors import monitor
from portal.interaction.services import codes, counting, flow, notices, upkeep
from portal.interaction.services.flow import MoveRefused
from portal.interaction.services.intake import Sender, code_of, find_by_code
from portal.plugin_api import OutboxEvent, OutsideAnswer, PrivateAddress

from .people import Desk, ago

TOKEN = "form-key-of-a-page-0123456789"


# --- receipts and codes ---------------------------------------------------------------------------
def test_pressing_twice_makes_one_letter_with_the_same_code(desk: Desk) -> None:
    first, second = desk.received(token=TOKEN), desk.received(token=TOKEN)
    assert (first.letter.pk, first.code) == (second.letter.pk, second.code)
    assert Letter.objects.count() == 1
    assert code_of(first.letter, TOKEN) == first.code
    assert code_of(first.letter, TOKEN + "x") == ""


def test_neither_code_nor_token_is_stored(desk: Desk) -> None:
    received = desk.received(token=TOKEN)
    stored = str(Letter.objects.values().get())
    assert TOKEN not in stored
    assert codes.tidy_code(received.code) not in stored
    assert received.code not in stored


def test_a_code_opens_its_letter_however_it_is_typed(desk: Desk) -> None:
    received = desk.received()
    number, code = received.letter.number, received.code
    typed = f" {number.lower()} ", code.lower().replace("-", " ")
    assert find_by_code(number=typed[0], code=typed[1]) == received.letter
    other = desk.received(text="另一封")
    assert find_by_code(number=number, code=other.code) is None


def test_numbers_do_not_follow_each_other_and_slips_are_noticed(desk: Desk) -> None:
    numbers = [desk.letter(text=str(number)).number for number in range(5)]
    digits = sorted(int(number[-7:-1]) for number in numbers)
    assert all(later - earlier != 1 for earlier, later in itertools.pairwise(digits))
    assert all(codes.is_number(number) for number in numbers)
    slipped = numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10)
    assert not codes.is_number(slipped)


def test_guessing_ends_and_keeps_nobody_else_out(desk: Desk) -> None:
    received = desk.received()
    number = received.letter.number
    for _guess in range(20):
        assert find_by_code(number=number, code="0000-0000-0000", visitor="a") is None
    assert find_by_code(number=number, code=received.code, visitor="a") is None
    assert find_by_code(number=number, code=received.code, visitor="b") == received.letter
    cache.clear()
    assert find_by_code(number=number, code=received.code, visitor="a") == received.letter


def test_what_is_refused_is_not_kept(desk: Desk) -> None:
    LetterProfile.objects.create(site=desk.site, kind="report", is_open=False)
    for values, words in (
        ({"kind": "report"}, "does not take"),
        ({"text": "  "}, "needs a subject and a text"),
        ({"text": "长" * 20_001}, "at most"),
        ({"received_at": timezone.now() + datetime.timedelta(hours=1)}, "future"),
    ):
        with pytest.raises(MoveRefused, match=words):
            desk.received(**values)
    assert not Letter.objects.exists()
    assert not OutboxEvent.objects.filter(kind="letter.moved").exists()


def test_what_the_public_may_read_is_masked_at_receipt(desk: Desk) -> None:
    letter = desk.letter(text="我叫赵小明，身份证110101199003070417，请回电13912345678。")
    assert not any(
        secret in letter.masked_text for secret in ("赵小明", "110101199003070417", "13912345678")
    )
    assert "赵小明" in letter.text


def test_the_outbox_says_nothing_of_persons(desk: Desk) -> None:
    letter = desk.published()
    told = str(
        list(OutboxEvent.objects.filter(key=f"letter:{letter.pk}").values("kind", "payload"))
    )
    assert "letter.published" in told
    assert not any(word in told for word in ("赵小明", "0999", "xiaoming", "路灯", "孙二"))


# --- notices --------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_the_writer_is_told_with_number_and_link_only(transactional_db: None) -> None:
    from tests.factories import make_world

    from .people import make_desk

    desk = make_desk(make_world(provisioned=True))
    letter = desk.answered(language="en")
    assert [notice.what for notice in LetterNotice.objects.all()] == [
        "receive", "accept", "release",
    ]  # fmt: skip
    assert len(mail.outbox) == 3
    last = mail.outbox[-1]
    assert letter.number in last.subject
    assert "/en/letters/status/" in last.body
    assert last.to == ["xiaoming@example.com"]
    assert not any(word in last.body for word in ("路灯", "赵小明", "孙二"))
    silent = desk.letter(text="不要邮件", sender=Sender(email="a@example.com", wants_mail=False))
    assert not LetterNotice.objects.filter(letter=silent).exists()


def test_other_programs_get_a_signed_notice_and_another_try(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[bytes, dict[str, str]]] = []
    answers = [500, 204]

    def ask(method: str, address: str, *, body: bytes, headers: dict[str, str]) -> Any:
        asked.append((body, headers))
        return OutsideAnswer(answers[len(asked) - 1], "text/plain", b"")

    monkeypatch.setattr(notices, "ask_outside", ask)
    monkeypatch.setenv("PORTAL_LETTERS_HOOK_CITY", "geheim")
    NoticeHook.objects.create(
        site=desk.site, name="市平台", url="https://example.com/hook",
        secret_name="PORTAL_LETTERS_HOOK_CITY",
    )  # fmt: skip
    letter = desk.letter()
    row = LetterNotice.objects.get(hook__isnull=False)
    assert not notices.deliver(row.pk)
    assert notices.deliver(row.pk)
    body, headers = asked[1]
    told = json.loads(body)
    assert (told["number"], told["event"], told["state"]) == (letter.number, "receive", "received")
    assert "路灯" not in body.decode()
    wanted = hmac.new(b"geheim", body, hashlib.sha256).hexdigest()
    assert headers["X-Portal-Signature"] == f"sha256={wanted}"
    row.refresh_from_db()
    assert (row.tries, row.failure) == (2, "")
    assert notices.deliver(row.pk), "what was sent is not sent again"
    assert len(asked) == 2


@pytest.mark.parametrize("secret", ["PORTAL_LETTERS_HOOK_GONE", "SECRET_KEY"])
def test_nothing_is_sent_unsigned_or_signed_with_another_secret(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setattr(notices, "ask_outside", lambda *_a, **_k: pytest.fail("was sent"))
    NoticeHook.objects.create(
        site=desk.site, name="市平台", url="https://example.com/", secret_name=secret
    )
    desk.letter()
    row = LetterNotice.objects.get(hook__isnull=False)
    assert not notices.deliver(row.pk)


def test_no_notice_goes_into_the_own_network(desk: Desk) -> None:
    NoticeHook.objects.create(site=desk.site, name="x", url="https://127.0.0.1:9/metadata")
    desk.letter()
    row = LetterNotice.objects.get(hook__isnull=False)
    assert not notices.deliver(row.pk)
    row.refresh_from_db()
    assert row.failure == "leads into a private network"
    assert issubclass(PrivateAddress, ValueError)


# --- clocks ---------------------------------------------------------------------------------------
def test_yellow_red_and_the_head(desk: Desk) -> None:
    with time_machine.travel("2026-03-09 10:00+08:00", tick=False):
        letter = desk.handling()  # due on the 16th
    seen = []
    for moment in ("03-11 08:00", "03-13 09:30", "03-16 17:31", "03-17 17:31"):
        with time_machine.travel(f"2026-{moment}+08:00", tick=False):
            alarms.run()
            alarms.run()
            letter.refresh_from_db()
            seen.append(alarm_of(letter))
    assert seen == [Alarm.NONE, Alarm.YELLOW, Alarm.RED, Alarm.RED]
    told = LetterStep.objects.filter(letter=letter, verb__in=(Verb.REMIND, Verb.ESCALATE))
    assert {(step.verb, step.data["what"], step.data["role"]) for step in told} == {
        ("remind", "due_soon", ""),
        ("remind", "overdue", ""),
        ("escalate", "escalated", "letters_reviewer"),
        ("escalate", "escalated", "letters_releaser"),
    }
    assert told.count() == 4


def test_late_is_late(desk: Desk) -> None:
    with time_machine.travel("2026-03-09 10:00+08:00", tick=False):
        letter = desk.approved()
    with time_machine.travel("2026-03-17 10:00+08:00", tick=False):
        letter = flow.release(letter=letter, by=desk.releaser)
    assert letter.in_time is False
    told = summary(site=desk.site.pk)
    assert (told.answered, told.in_time, told.median_days) == (1, 0, 6.0)


# --- monitors -------------------------------------------------------------------------------------
def test_what_would_fail_an_inspection_is_shown(desk: Desk) -> None:
    old = desk.letter(received_at=ago(days=100))
    desk.answered(text="新的一封")
    found = monitor(site=desk.site.pk)
    assert (found.waiting, found.overdue, found.beyond_three_months) == (1, 1, 1)
    assert found.handled_share == 0.0
    assert upkeep.warn_of_veto(desk.site.pk) == 1
    assert upkeep.warn_of_veto(desk.site.pk) == 0
    assert LetterStep.objects.get(letter=old, verb=Verb.ESCALATE).data["what"] == "three_months"


def test_a_working_day_without_a_look_is_missed(desk: Desk) -> None:
    with time_machine.travel("2026-03-09 10:00+08:00", tick=False):
        assert monitor(site=desk.site.pk).days_missed == ()
        upkeep.confirm_duty(site_pk=desk.site.pk, by=desk.clerk)
    with time_machine.travel("2026-03-16 10:00+08:00", tick=False):
        missed = monitor(site=desk.site.pk).days_missed
    assert [day.isoformat() for day in missed] == [
        "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13",
    ]  # fmt: skip
    assert DailyDuty.objects.get().by_name == "钱一"


def test_personal_data_go_when_their_time_is_over(desk: Desk) -> None:
    with time_machine.travel("2023-03-09 10:00+08:00", tick=False):
        letter = desk.answered()
    young = desk.answered(text="新的一封")
    assert upkeep.erase_old(desk.site.pk) == 1
    assert Letter.objects.get(pk=letter.pk).sender.phone == ""
    assert Letter.objects.get(pk=young.pk).sender.phone != ""


# --- figures --------------------------------------------------------------------------------------
def test_figures_can_be_made_anew_from_the_history(desk: Desk) -> None:
    letter = desk.published()
    flow.rate(letter=letter, score=5)
    flow.withdraw(letter=desk.letter(text="算了"))
    before = summary(site=desk.site.pk)
    assert (before.received, before.valid, before.answered) == (2, 1, 1)
    assert (before.public_share, before.satisfied_share) == (100.0, 100.0)
    counting.rebuild(desk.site.pk)
    assert summary(site=desk.site.pk) == before
    assert summary(site=desk.world.gaoxin.pk).received == 0


def test_exported_events_say_nothing_of_persons(desk: Desk) -> None:
    desk.published()
    today = timezone.localdate()
    rows = list(export_events(site=desk.site.pk, first=today, last=today))
    assert set(rows[0]) == set(EVENT_COLUMNS)
    text = "".join(as_csv(rows))
    assert text.startswith("\ufeffnumber,at,event")
    assert not any(word in text for word in ("赵小明", "0999", "路灯", "孙二", "example"))
