"""Those who do not come to write a letter: floods, scripts, bad files, guesses."""

import itertools
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.interaction import limits, uploads, waiting_files
from portal.interaction.models import Letter, LetterFile
from portal.interaction.services import flow, intake
from portal.interaction.services.codes import check_digit, new_number
from portal.interaction.services.intake import WRONG_OF_VISITOR

from .files import docx, jpeg, pdf, png, with_part, zipped
from .people import ANSWER, Desk
from .visitor import (
    PUBLIC,
    STATUS,
    WRITE,
    attached,
    key_of,
    opened_in,
    receipt,
    send,
    sheet,
    words,
)

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{ settings.SECRET_KEY }}{% load x %}"


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(REMOTE_ADDR="203.0.113.7")


# --- floods ---------------------------------------------------------------------------------------
def test_a_flood_from_many_addresses_stops_at_the_bound_of_the_site(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LETTERS_PER_SITE", 5)
    answers = [
        Client(REMOTE_ADDR=f"198.51.{n}.1").post(WRITE, sheet(text=f"第{n}封，内容如此。"))
        for n in range(7)
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert "第6封，内容如此。" in words(answers[-1])
    assert Letter.objects.count() == 5


def test_an_address_that_a_visitor_makes_up_does_not_help(client: Client) -> None:
    codes = [
        client.post(WRITE, sheet(), headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
        for n in range(12)
    ]
    assert codes == [200] * 10 + [429] * 2


def test_a_receipt_that_got_lost_is_shown_again_beyond_the_limit(client: Client) -> None:
    """Or somebody would be told that a letter was refused which lies with the office."""
    told = sheet()
    first = receipt(client.post(WRITE, told))
    while client.post(WRITE, sheet()).status_code == 200:
        pass
    assert receipt(client.post(WRITE, told)) == first
    assert receipt(client.post(WRITE, told)) == first
    assert Letter.objects.count() == limits.LETTERS_PER_VISITOR


def test_what_is_refused_by_the_form_does_not_use_up_letters(client: Client) -> None:
    for _n in range(15):
        assert client.post(WRITE, sheet(subject="")).status_code == 422
    send(client)


def test_waiting_files_cannot_fill_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_files, "_MOST_TOGETHER", 0)
    response = client.post(WRITE, sheet(files=[attached(pdf(), "a.pdf")]))
    assert response.status_code == 422
    assert "工地连续三夜施工到两点" in words(response)
    assert not Letter.objects.exists()
    send(client)  # without a file


@pytest.mark.parametrize("fault", ["locked", "full"])
def test_a_fault_of_the_portal_costs_nobody_the_text(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: str, fill_the_disk: Callable[[], None]
) -> None:
    told = sheet(files=[attached(pdf(), "说明.pdf")])

    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    if fault == "full":
        fill_the_disk()
    else:
        monkeypatch.setattr("portal.interaction.services.intake.record", locked)
    response = client.post(WRITE, told)
    monkeypatch.undo()
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    html = words(response)
    assert 'role="alert"' in html
    assert "工地连续三夜施工到两点" in html
    assert "说明.pdf" in html
    assert not Letter.objects.exists()
    # The same sheet once more, and it is one letter with its file.
    number, _code = receipt(client.post(WRITE, told | {"files": []}))
    assert LetterFile.objects.get().letter.number == number


# --- scripts in fields ----------------------------------------------------------------------------
@pytest.mark.parametrize("evil", [SCRIPT, IMAGE, TEMPLATE])
def test_what_is_typed_is_shown_and_never_run(desk: Desk, client: Client, evil: str) -> None:
    told = sheet(
        subject=f"噪音{evil}"[:100], text=f"内容内容{evil}", name=evil[:60],
        files=[attached(pdf(), f"a{evil.replace('/', '')}.pdf")],
    )  # fmt: skip
    back = client.post(WRITE, told | {"name": "", "files": []})
    answer = client.post(WRITE, told)
    number, code = receipt(answer)
    shown = client.post(STATUS, {"number": number, "code": code})
    letter = Letter.objects.get(number=number)
    flow.accept(letter=letter, by=desk.clerk)
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=f"{ANSWER}{evil}", by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    flow.publish(
        letter=letter, by=desk.clerk, masked_subject=f"噪音{evil}"[:100],
        masked_text=f"内容{evil}", masked_reply=f"{ANSWER}{evil}",
    )  # fmt: skip
    client.post(STATUS, {"opened": opened_in(shown), "do": "ask", "ask-text": f"再问一句{evil}"})
    staff = Client()
    staff.force_login(desk.clerk)
    pages = [
        back, answer, shown,
        client.post(STATUS, {"number": number, "code": code}),
        client.get(PUBLIC), client.get(f"{PUBLIC}{number}/"), client.get("/letters/"),
        client.get("/"), client.get(f"{PUBLIC}feed.xml"),
        client.get(PUBLIC, {"q": evil}), client.get("/letters/error/", {"text": evil}),
        client.post(STATUS, {"number": evil[:40], "code": evil[:40]}),
        client.post("/letters/similar/", {"subject": evil, "text": evil}),
        staff.get(reverse("interaction_letter", args=[letter.pk])),
        staff.get(reverse("interaction_letter_print", args=[letter.pk])),
        staff.get(reverse("interaction_all")),
    ]  # fmt: skip
    for page in pages:
        html = page.content.decode()
        assert page.status_code in (200, 422), page.request
        assert SCRIPT not in html
        assert "<img src=x" not in html
    if evil == TEMPLATE:
        assert evil in words(shown)
        assert client.get(f"{PUBLIC}{number}/").content.decode().count("settings.SECRET_KEY") > 0


def test_signs_that_turn_a_text_round_are_not_kept(client: Client) -> None:
    number, _code = send(
        client, text="请看 \u202egnp.exe\u202c 谢谢\x00\x07。", name="赵\u200b小明"
    )
    letter = Letter.objects.get(number=number)
    assert letter.text == "请看 gnp.exe 谢谢。"
    assert letter.sender.name == "赵小明"


def test_no_header_is_split_by_a_number_or_a_name(client: Client) -> None:
    response = client.get("/letters/status/", {"number": "X\r\nSet-Cookie: a=b"})
    assert "Set-Cookie" not in response.headers
    number, code = send(client, files=[attached(pdf(), "a；x='1.pdf")])
    row = LetterFile.objects.get()
    page = client.post(STATUS, {"number": number, "code": code})
    got = client.post(STATUS, {"opened": opened_in(page), "do": "file", "file": f"letter-{row.pk}"})
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert got.headers["X-Content-Type-Options"] == "nosniff"


# --- files ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\0" + b"\0" * 200, "照片.jpg"),
        (b"<html><script>alert(1)</script></html>", "信.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "图.svg"),
        (b"<?php system($_GET['c']);", "a.php"),
        (zipped({"a.txt": b"x"}), "a.zip"),
        (zipped({"a.txt": b"0" * 80_000_000}), "a.docx"),
        (with_part(docx(), "word/vbaProject.bin", b"x"), "a.docx"),
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "a.pdf"),
        (jpeg() + zipped({"evil.txt": b"x"}), "a.jpg"),
        (png(), "a.pdf"),
        (b"", "空.txt"),
    ],
)
def test_a_disguised_file_is_refused_by_name_and_the_letter_stays(
    client: Client, data: bytes, name: str
) -> None:
    response = client.post(WRITE, sheet(files=[attached(data, name), attached(pdf(), "好.pdf")]))
    html = words(response)
    assert response.status_code == 422
    assert 'href="#id_files"' in html
    assert "工地连续三夜施工到两点" in html
    assert "好.pdf" in html  # the honest one waits
    assert not Letter.objects.exists()


def test_a_file_that_is_too_large_costs_itself_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.interaction.upload_handler.LARGEST", 100_000)
    large = attached(pdf(b"%" + b"x" * 300_000), "大.pdf")
    response = client.post(WRITE, sheet(files=[large, attached(pdf(), "小.pdf")]))
    html = words(response)
    assert response.status_code == 422
    assert "大.pdf" in html
    assert "小.pdf" in html
    assert "工地连续三夜施工到两点" in html


def test_more_files_than_may_be_are_refused(client: Client) -> None:
    files = [attached(f"第{n}页".encode(), f"{n}.txt") for n in range(uploads.MOST_FILES + 2)]
    response = client.post(WRITE, sheet(files=files))
    assert response.status_code == 422
    assert "工地连续三夜施工到两点" in words(response)
    assert "0.txt" in words(response)
    assert f"{uploads.MOST_FILES + 1}.txt" not in words(response)
    assert not LetterFile.objects.exists()


def test_a_body_that_is_no_letter_is_not_even_read(client: Client) -> None:
    response = client.post(WRITE, sheet(), CONTENT_LENGTH=str(10**10))
    assert response.status_code == 413
    assert client.post(WRITE, b"garbage", content_type="multipart/form-data; boundary=x"
                       ).status_code in (400, 422)  # fmt: skip
    assert not Letter.objects.exists()


def test_no_stored_file_has_a_public_address(client: Client) -> None:
    send(client, files=[attached(pdf(), "a.pdf")])
    name = LetterFile.objects.get().file.name
    for base in ("/media/", "/static/", "/documents/", "/letters/", "/"):
        assert client.get(f"{base}{name}", follow=True).status_code in (403, 404)


# --- guesses --------------------------------------------------------------------------------------
def _guess(client: Client, number: str, code: str) -> Any:
    return client.post(STATUS, {"number": number, "code": code})


def test_codes_cannot_be_tried_out(desk: Desk, client: Client) -> None:
    got = desk.received()
    for n in range(WRONG_OF_VISITOR):
        assert _guess(client, got.letter.number, f"AAAA-BBBB-{n:04d}").status_code == 422
    # The right one is of no use now to who guessed, and tells nothing.
    assert _guess(client, got.letter.number, got.code).status_code == 422
    # Its writer, at home, is not kept out by them.
    assert (
        _guess(Client(REMOTE_ADDR="198.51.100.9"), got.letter.number, got.code).status_code == 200
    )


def test_numbers_cannot_be_tried_out(desk: Desk, client: Client) -> None:
    got = desk.received()
    site, day, _tail = got.letter.number.split("-")
    for n in range(WRONG_OF_VISITOR):
        tail = f"{n:06d}"
        _guess(client, f"{site}-{day}-{tail}{check_digit(day + tail)}", got.code)
    assert _guess(client, got.letter.number, got.code).status_code == 422


def test_wrong_numbers_and_wrong_codes_are_the_same_work(desk: Desk) -> None:
    """Whether there is a letter is told neither by words nor by time: no way ends earlier."""
    got = desk.received()
    number = got.letter.number
    other = new_number("YUNHU", got.letter.received_at)
    asked = []
    for place, (typed, code) in enumerate(
        [(number, "AAAA-BBBB-CCCC"), (other, got.code), ("no number", got.code), ("", "")]
    ):
        with (
            CaptureQueriesContext(connection) as queries,
            mock.patch.object(intake, "code_fits", wraps=intake.code_fits) as compared,
        ):
            assert intake.find_by_code(number=typed, code=code, visitor=f"v{place}") is None
        of_letters = [row for row in queries.captured_queries if "interaction_" in row["sql"]]
        asked.append((len(of_letters), compared.call_count))
    assert asked == [asked[0]] * 4
    assert asked[0] == (1, 1)
    assert "masked_text" not in str(queries.captured_queries)


def test_a_guess_works_again_after_its_hour(desk: Desk, client: Client) -> None:
    got = desk.received()
    for n in range(WRONG_OF_VISITOR):
        _guess(client, got.letter.number, f"AAAA-BBBB-{n:04d}")
    cache.clear()
    assert _guess(client, got.letter.number, got.code).status_code == 200


def test_numbers_tell_nothing_of_how_many_letters_came(desk: Desk) -> None:
    numbers = [desk.letter(subject=f"第{n}").number for n in range(4)]
    tails = [int(number.rsplit("-", 1)[1][:-1]) for number in numbers]
    assert {later - earlier for earlier, later in itertools.pairwise(tails)} != {1}


def test_the_word_of_an_opened_letter_ends(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = desk.received()
    opened = opened_in(_guess(client, got.letter.number, got.code))
    assert client.post(STATUS, {"opened": opened}).status_code == 200
    monkeypatch.setattr("portal.interaction.views_public_status.OPEN_FOR", -1)
    response = client.post(STATUS, {"opened": opened, "do": "download"})
    assert response.status_code == 422
    assert got.letter.text not in words(response)


def test_the_key_of_a_form_does_not_open_a_letter(desk: Desk, client: Client) -> None:
    token = "t" * 32
    desk.received(token=token)
    assert client.post(STATUS, {"opened": key_of(token)}).status_code == 422
