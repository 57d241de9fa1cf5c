"""One form is one letter: corrected, pressed twice, left open, gone back to. Nothing is lost."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.interaction import waiting_files
from portal.interaction.models import Letter
from portal.interaction.uploads import CheckedFile, check_file

from .files import pdf
from .people import Desk
from .visitor import WRITE, attached, key_in, key_of, receipt, send, sheet, words


@pytest.fixture(autouse=True)
def letters_are_taken(desk: Desk) -> Desk:
    return desk


@pytest.fixture
def client(desk: Desk) -> Client:
    """A visitor from somewhere else than this machine."""
    return Client(REMOTE_ADDR="203.0.113.7")


# --- the key --------------------------------------------------------------------------------------
def test_a_form_that_comes_back_keeps_its_key_and_a_correction_is_one_letter(
    client: Client,
) -> None:
    key = key_of()
    wrong = sheet(key=key, subject="", email="no-address", phone="电话", may_publish=None)
    first = client.post(WRITE, wrong)
    assert first.status_code == 422
    assert key_in(first) == key
    for typed in (wrong["text"], wrong["name"], "no-address"):
        assert typed in words(first)
    second = client.post(WRITE, sheet(key=key_in(first), text=""))
    assert key_in(second) == key
    made = send(client, key=key_in(second))
    assert send(client, key=key) == made
    assert Letter.objects.count() == 1


def test_a_form_that_was_open_for_days_is_still_the_same_one(client: Client) -> None:
    """Sent, gone back to after the weekend and sent again: the letter of before."""
    key = key_of()
    made = send(client, key=key)
    again = client.post(WRITE, sheet(key=key_of(key.rsplit(":", 2)[0], age=50 * 3600)))
    assert receipt(again) == made
    assert Letter.objects.count() == 1


def test_what_was_attached_to_a_form_that_was_open_for_long_stays_with_it(client: Client) -> None:
    key = key_of(age=25 * 3600)
    first = client.post(WRITE, sheet(key=key, files=[attached(pdf(), "合同.pdf")]))
    assert first.status_code == 422
    assert "合同.pdf" in words(first)
    late = key_of(key_in(first).rsplit(":", 2)[0], age=25 * 3600)
    second = client.post(WRITE, sheet(key=late))
    assert "合同.pdf" in words(second)


def test_another_letter_on_a_sheet_that_was_sent_is_not_taken_for_the_first(
    client: Client,
) -> None:
    key = key_of()
    number, _code = send(client, key=key)
    other = sheet(key=key, text="另一件事：公园的长椅坏了，请修理。")
    response = client.post(WRITE, other)
    assert response.status_code == 422
    assert number in words(response)
    assert other["text"] in words(response)
    assert key_in(response) != key
    aged = key_of(key_in(response).rsplit(":", 2)[0])
    second, _code = send(client, **(other | {"key": aged}))
    assert second != number
    assert Letter.objects.count() == 2


def test_who_presses_twice_gets_the_receipt_although_there_were_too_many(client: Client) -> None:
    keys = [key_of() for _n in range(10)]
    made = [send(client, key=key) for key in keys]
    assert send(client, key=keys[0]) == made[0]


# --- attachments ----------------------------------------------------------------------------------
def test_pressing_twice_with_attachments_is_one_letter_with_them_once(client: Client) -> None:
    key = key_of()
    first = client.post(WRITE, sheet(key=key, subject="", files=[attached(pdf(), "合同.pdf")]))
    waits = words(first).split('name="waits" value="')[1].split('"')[0]
    made = send(client, key=key, waits=waits)
    assert send(client, key=key, waits=waits) == made
    assert Letter.objects.get().files.count() == 1


def test_attachments_that_are_no_longer_kept_are_asked_for_again(client: Client) -> None:
    """A letter never goes out without what its writer believes to be in it."""
    key = key_of()
    first = client.post(WRITE, sheet(key=key, subject="", files=[attached(pdf(), "合同.pdf")]))
    waits = words(first).split('name="waits" value="')[1].split('"')[0]
    waiting_files.forget(key.rsplit(":", 2)[0])
    second = client.post(WRITE, sheet(key=key, waits=waits))
    assert second.status_code == 422
    assert "请重新添加" in words(second)
    assert not Letter.objects.exists()
    send(client, key=key_in(second))  # without them, knowingly


@pytest.mark.parametrize("moves", [0, 1, 2, 3], ids=["bytes", "facts", "more-bytes", "more-facts"])
def test_killed_while_files_are_laid_aside_no_half_file_is_there(moves: int) -> None:
    token = f"killed-{moves}"
    files = [_checked("一.pdf", 1), _checked("二.pdf", 2)]
    child = os.fork()
    if not child:
        _die_in(moves)
        try:
            waiting_files.add(token, files)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    there = waiting_files.waiting(token)
    assert len(there) == moves // 2
    for waiting, file in zip(there, files, strict=False):
        assert waiting.file.data == file.data
    waiting_files.add(token, files)
    assert sorted(file.name for file in waiting_files.waiting(token)) == ["一.pdf", "二.pdf"]


def _die_in(moves: int) -> None:
    """After half of the bytes of the file number ``moves`` were written."""
    fsync: Callable[[int], None] = os.fsync
    left = [moves]

    def deadly(number: int) -> None:
        if left[0] == 0:
            os.ftruncate(number, 5)
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        fsync(number)

    os.fsync = deadly  # type: ignore[assignment]


def test_a_file_that_is_written_again_is_whole_at_every_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = _checked("一.pdf", 1)
    waiting_files.add("again", [file])
    seen: list[bytes] = []
    replace = Path.replace

    def looked(self: Path, target: Any) -> Any:
        seen.extend(each.file.data for each in waiting_files.waiting("again"))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", looked)
    waiting_files.add("again", [file])
    assert seen == [file.data, file.data]


def test_what_nobody_sent_goes_with_all_its_parts() -> None:
    waiting_files.add("old", [_checked("一.pdf", 1)])
    folder = waiting_files._folder("old")
    (folder / ".x.part").write_bytes(b"half")
    long_ago = time.time() - waiting_files.KEPT - 60
    os.utime(folder, (long_ago, long_ago))
    assert waiting_files.clear_old() >= 1
    assert not folder.exists()


def _checked(name: str, number: int) -> CheckedFile:
    return check_file(pdf().replace(b"%%EOF", f"%{number}\n%%EOF".encode()), name)
