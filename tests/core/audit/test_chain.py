"""The chain: whatever is changed, taken out or put in is found and located."""

import copy
import datetime
import random
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.core.audit import checking, guards, marks, sealing
from portal.core.audit.recording import record
from portal.core.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db

Kind = AuditEntry.Kind


@pytest.fixture(autouse=True)
def heads_in(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    AuditEntry.objects.all().delete()
    return tmp_path


@pytest.fixture
def guarded() -> None:
    guards.install(connection)


def written(number: int) -> list[AuditEntry]:
    for turn in range(number):
        record(
            "wagtail.edit",
            Kind.CONTENT,
            user_name=f"编辑{turn % 3}",
            object_name=f"第 {turn} 篇",
            data={"log": turn, "when": datetime.date(2026, 1, 1)},
        )
    sealing.seal()
    return list(AuditEntry.objects.order_by("seq"))


def places() -> set[int | None]:
    """Where something is wrong, but for the guards, which most tests go without."""
    found = checking.check().findings
    return {finding.seq for finding in found if "guards" not in finding.what}


def put(entry: AuditEntry, **changes: Any) -> None:
    AuditEntry.objects.filter(pk=entry.pk).update(**changes)


# --- whole ----------------------------------------------------------------------------------------
def test_what_was_written_is_whole(guarded: None) -> None:
    entries = written(7)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6, 7]
    report = checking.check()
    assert (report.entries, report.first, report.seq, report.findings) == (7, 1, 7, ())


def test_an_empty_log_is_whole(guarded: None) -> None:
    assert checking.check().findings == ()


def test_the_chain_goes_on_where_it_was(guarded: None) -> None:
    written(3)
    assert [entry.seq for entry in written(2)] == [1, 2, 3, 4, 5]
    assert checking.check().findings == ()


def test_names_from_outside_stay_in_one_line() -> None:
    entry = record(
        "access.failed", Kind.ACCESS, user_name="a\x00b\nroot\u202e signed in " + "x" * 300
    )
    assert entry.user_name.startswith("a b root signed in xxx")
    assert len(entry.user_name) == 150


# --- damage ---------------------------------------------------------------------------------------
TEXTS = ("kind", "action", "result", "user_name", "object_kind", "object_pk", "object_name", "mark")


def _change(entry: AuditEntry, dice: random.Random) -> None:
    field = dice.choice([*TEXTS, "at", "user_pk", "site_pk", "data", "uid", "chain", "address"])
    value: Any
    if field == "at":
        value = entry.at + datetime.timedelta(microseconds=1)
    elif field in ("user_pk", "site_pk"):
        value = dice.randrange(1, 1000)
    elif field == "data":
        value = {**entry.data, "log": -1}
    elif field == "uid":
        value = uuid.uuid4()
    elif field == "address":
        value = "10.0.0.9"
    else:
        value = "x" + getattr(entry, field)[1:]
    put(entry, **{field: value})


def _remove(entry: AuditEntry, dice: random.Random) -> None:
    AuditEntry.objects.filter(pk=entry.pk).delete()


def _insert(entry: AuditEntry, dice: random.Random) -> None:
    """An entry that is a good one, with a number of its own: the rest moves up behind it."""
    later = AuditEntry.objects.filter(seq__gte=entry.seq).order_by("-seq")
    for row in list(later):
        put(row, seq=(row.seq or 0) + 1)
    forged = copy.copy(entry)
    forged.pk, forged.uid, forged.chain = None, uuid.uuid4(), "0" * 64
    forged.mark = marks.mark_of(forged)
    forged.save(force_insert=True)


@pytest.mark.parametrize("damage", [_change, _remove, _insert])
def test_a_hundred_random_rows(damage: Callable[[AuditEntry, random.Random], None]) -> None:
    entries = written(40)
    sealing.note_head()
    dice = random.Random(20261129)
    for _turn in range(100):
        entry = dice.choice(entries)
        with transaction.atomic():
            damage(entry, dice)
            assert entry.seq in places(), (damage.__name__, entry.seq)
            transaction.set_rollback(True)
    assert places() == set()


def test_entries_that_change_places_are_found() -> None:
    first, second = written(5)[1:3]
    put(first, seq=99)
    put(second, seq=first.seq)
    put(first, seq=second.seq)
    assert {first.seq, second.seq} <= places()


def test_an_end_that_is_cut_off_is_missed_with_and_without_its_head() -> None:
    entries = written(5)
    head = AuditHead.objects.get()
    assert sealing.note_head()
    noted = sealing.heads_file().rename(sealing.heads_file().with_suffix(".aside"))
    AuditEntry.objects.filter(seq__gt=3).delete()
    assert places() == {4}
    # Together with the head as it was then: the file outside the database knows more.
    AuditHead.objects.update(seq=3, chain=entries[2].chain)
    assert None in places()
    head.seq, head.chain = 3, entries[2].chain or ""
    head.mark = marks.head_mark(head)
    head.save()
    assert places() == set()
    noted.rename(sealing.heads_file())
    assert places() == {4}


def test_a_row_that_another_program_wrote_is_found_before_and_after_it_is_sealed() -> None:
    (entry,) = written(1)
    forged = copy.copy(entry)
    forged.pk, forged.uid, forged.seq, forged.chain = None, uuid.uuid4(), None, ""
    forged.user_name = "someone else"
    forged.save(force_insert=True)
    assert places() == {None}
    sealing.seal()
    assert places() == {2}


def test_what_was_never_sealed_is_told_after_a_while() -> None:
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=11), tick=False):
        record("wagtail.edit", Kind.CONTENT)
    assert places() == {None}
    sealing.seal()
    assert places() == set()


def test_a_new_secret_reads_what_the_old_one_sealed(settings: Any) -> None:
    written(3)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-one-that-took-its-place"
    written(2)
    assert places() == set()
    settings.SECRET_KEY_FALLBACKS = []
    assert {1, 2, 3} <= places()


# --- the database's guards ------------------------------------------------------------------------
def refused(work: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            work()
    except DatabaseError as error:
        return "neither changed nor removed" in str(error)
    return False


def test_the_database_refuses_to_change_or_remove_entries(guarded: None) -> None:
    sealed = written(1)[0]
    fresh = record("wagtail.edit", Kind.CONTENT)
    assert refused(lambda: put(sealed, user_name="x"))
    assert refused(lambda: put(sealed, seq=7))
    assert refused(lambda: put(fresh, user_name="x"))
    assert refused(lambda: put(fresh, user_name="x", seq=2, chain="y"))
    assert refused(lambda: AuditEntry.objects.filter(pk=sealed.pk).delete())
    assert refused(lambda: AuditEntry.objects.filter(pk=fresh.pk).delete())
    assert sealing.seal() == 1
    assert checking.check().findings == ()


def test_guards_that_are_gone_are_told() -> None:
    written(1)
    assert [f.what for f in checking.check().findings] == [
        "the database's guards are missing (portal migrate)"
    ]


# --- time is over -----------------------------------------------------------------------------------
def test_what_is_old_goes_and_the_rest_stays_whole(guarded: None, settings: Any) -> None:
    settings.AUDIT_DAYS = 400
    with time_machine.travel(timezone.now() - datetime.timedelta(days=401), tick=False):
        written(3)
    with time_machine.travel(timezone.now() - datetime.timedelta(days=366), tick=False):
        written(2)
    written(1)
    assert sealing.prune() == 3
    assert [entry.seq for entry in AuditEntry.objects.order_by("seq")] == [4, 5, 6]
    assert checking.check().findings == ()
    assert refused(lambda: AuditEntry.objects.all().delete())
    assert sealing.prune() == 0
    written(1)
    assert checking.check().findings == ()


def test_all_of_it_may_be_old(guarded: None) -> None:
    with time_machine.travel(timezone.now() - datetime.timedelta(days=500), tick=False):
        written(3)
    assert sealing.prune() == 3
    assert checking.check().findings == ()
    assert [entry.seq for entry in written(1)] == [4]
    assert checking.check().findings == ()


# --- the command ------------------------------------------------------------------------------------
def test_the_command_names_what_is_wrong(guarded: None, capsys: pytest.CaptureFixture[str]) -> None:
    entries = written(5)
    call_command("audit", "head")
    head = capsys.readouterr().out.strip()
    assert head == f"5:{entries[4].chain}"
    call_command("audit", "verify", "--known", head)
    assert "5 entries, 1 to 5" in capsys.readouterr().out
    guards.remove(connection)
    put(entries[2], object_name="x")
    with pytest.raises(CommandError, match="2 findings"):
        call_command("audit", "verify")
    assert "entry 3: was changed" in capsys.readouterr().out


@pytest.mark.parametrize("known", ["5", "x:" + "0" * 64, "5:abc"])
def test_a_head_of_another_form_is_refused(known: str) -> None:
    with pytest.raises(CommandError, match="NUMBER:LINK"):
        call_command("audit", "verify", "--known", known)
