"""Personal data in each field that a visitor can fill in: none of it reaches the public, unasked."""

from typing import Any

import pytest
from django.test import Client

from portal.core.models import OutboxEvent
from portal.interaction.masking import masked
from portal.interaction.models import Letter
from portal.interaction.search_source import LetterSource
from portal.interaction.services import flow

from .files import pdf
from .people import ANSWER, Desk
from .visitor import PUBLIC, STATUS, WRITE, attached, opened_in, receipt, sheet

SECRETS = ("13812345678", "11010119900307803X", "欧阳无双", "private@example.com")
PLANTED = "我叫欧阳无双，电话13812345678，身份证11010119900307803X，private@example.com。"
# Where it is written; what stands there says which it is where a test fails.
FIELDS: dict[str, dict[str, Any]] = {
    "subject": {"subject": "欧阳无双13812345678，private@example.com"},
    "text": {"text": PLANTED},
    "name": {"name": "欧阳无双"},
    "telephone": {"phone": "13812345678"},
    "mail": {"email": "private@example.com"},
    "marked words": {"kind": "error", "error_kind": "wrong", "marked": PLANTED, "page": "/"},
    "name of a file": {"files": "欧阳无双13812345678.pdf"},
}
ADDRESSES = (
    "/", "/letters/", PUBLIC, f"{PUBLIC}feed.xml", "/letters/figures/", "/search/?q=路灯",
    "/letters/figures/events.csv", "/letters/figures/events.json", "/api/v1/letters/ledger",
)  # fmt: skip


def _answer(desk: Desk, letter: Letter, text: str = ANSWER) -> Letter:
    flow.accept(letter=letter, by=desk.clerk)
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=text, by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    return flow.release(letter=letter, by=desk.releaser)


def _told_to_everybody(client: Client, letter: Letter) -> dict[str, str]:
    """Everything that goes out, by where it goes."""
    told = {}
    for address in (
        *ADDRESSES,
        f"{PUBLIC}{letter.number}/",
        f"/api/v1/letters/ledger/{letter.number}",
    ):
        response: Any = client.get(address)
        assert response.status_code == 200, address
        body = b"".join(response.streaming_content) if response.streaming else response.content
        told[address] = body.decode()
    entries = LetterSource().entries([f"letter:{letter.pk}"])
    told["search"] = "".join(f"{entry.title}{entry.body}{entry.summary}" for entry in entries)
    told["outbox"] = str(list(OutboxEvent.objects.values_list("key", "payload")))
    return told


def _leaks(told: dict[str, str]) -> list[tuple[str, str]]:
    return [(where, secret) for where, text in told.items() for secret in SECRETS if secret in text]


@pytest.mark.parametrize("field", FIELDS, ids=FIELDS)
def test_what_is_written_into_a_field_stays_with_the_office(
    desk: Desk, client: Client, field: str
) -> None:
    changes = dict(FIELDS[field])
    if name := changes.pop("files", None):
        changes["files"] = [attached(pdf(), name)]
    number, _code = receipt(
        client.post(WRITE, sheet(**{"name": "欧阳无双", "seen": "personal"} | changes))
    )
    letter = _answer(desk, Letter.objects.get(number=number))
    flow.publish(letter=letter, by=desk.clerk)
    told = _told_to_everybody(client, letter)
    assert letter.number in told[PUBLIC], "it is not public: nothing is proved"
    assert _leaks(told) == []


def test_what_is_written_afterwards_stays_with_the_office(desk: Desk, client: Client) -> None:
    """The rating in words, and one question more."""
    number, code = receipt(client.post(WRITE, sheet()))
    letter = _answer(desk, Letter.objects.get(number=number))
    flow.publish(letter=letter, by=desk.clerk)
    page = client.post(STATUS, {"number": number, "code": code})
    rated = {"do": "rate", "rate-score": "5", "rate-solved": "yes", "rate-words": PLANTED}
    page = client.post(STATUS, {"opened": opened_in(page)} | rated)
    asked = client.post(STATUS, {"opened": opened_in(page), "do": "ask", "ask-text": PLANTED})
    assert asked.status_code == 200
    letter.refresh_from_db()
    assert letter.state != "answered", "the question did not reach the office"
    assert _leaks(_told_to_everybody(client, letter)) == []


ODD = {
    "spaces": "138 1234 5678",
    "hyphens": "138-1234-5678",
    "full width": "１３８１２３４５６７８",
    "country": "+86 13812345678",
    "Chinese digits": "一三八一二三四五六七八",
    "each apart": "1 3 8 1 2 3 4 5 6 7 8",
    "identity with spaces": "110101 19900307 803X",
    "identity in full width": "１１０１０１１９９００３０７８０３Ｘ",
    "mail in full width": "private＠example.com",
    "card with spaces": "6222 0212 3456 7890 128",
    "handle": "微信abc_12345",
    "number of a handle": "QQ：12345678",
    "passport": "护照E12345678",
    "plate": "浙A·D12345",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_writing_it_odd_does_not_help(text: str) -> None:
    assert text.strip() not in masked(f"请联系：{text}，谢谢")
    assert "请联系" in masked(f"请联系：{text}，谢谢")
