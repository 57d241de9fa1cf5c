"""Letters handed in by programs: keys, limits, files, and what the API document says of them."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from portal.interaction.models import IntakeKey, Letter, LetterFile
from portal.interaction.services.intake import WRONG_OF_VISITOR
from portal.interaction.services.keys import make_key
from portal.interaction.uploads import MOST_FILES

from .files import pdf, zipped
from .people import Desk

INTAKE, STATUS = "/api/v1/letters", "/api/v1/letters/status"


def hand_in(client: Client, key: str, *, once: str = "", **values: Any) -> Any:
    body = {"kind": "complaint", "subject": "路灯", "text": "路灯不亮。"} | values
    headers = {"X-Letters-Key": key} | ({"Idempotency-Key": once} if once else {})
    return client.post(INTAKE, json.dumps(body), content_type="application/json", headers=headers)


def _file(data: bytes, name: str) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(data).decode()}


@pytest.fixture
def key(desk: Desk) -> str:
    return make_key(site=desk.site.pk, name="12345热线", by=None, per_minute=5)[1]


def test_the_document_names_the_key_and_every_answer(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    intake = document["paths"][INTAKE]["post"]
    assert {"200", "201", "401", "413", "422", "429"} <= set(intake["responses"])
    (needed,) = intake["security"]
    scheme = document["components"]["securitySchemes"][next(iter(needed))]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "X-Letters-Key")
    assert "Idempotency-Key" in {row["name"] for row in intake["parameters"]} or (
        "idempotency_key" in json.dumps(intake["parameters"]).lower()
    )
    assert "security" not in document["paths"][STATUS]["post"]


def test_a_key_is_kept_as_its_hash_alone(desk: Desk, key: str) -> None:
    row = IntakeKey.objects.get()
    stored = json.dumps(list(IntakeKey.objects.values()), default=str)
    assert key not in stored
    assert key.split("_", 2)[2] not in stored
    assert row.prefix in key  # by which a list of keys tells them apart


def test_a_key_has_a_limit_of_the_day_too(desk: Desk, client: Client) -> None:
    key = make_key(site=desk.site.pk, name="夜间平台", by=None, per_minute=100, per_day=3)[1]
    answers = [hand_in(client, key, subject=f"第{number}封") for number in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 3 + [429] * 2
    assert Letter.objects.count() == 3
    assert answers[-1].json()["detail"]
    # Another key has its own.
    other = make_key(site=desk.site.pk, name="日间平台", by=None)[1]
    assert hand_in(client, other).status_code == 201


def test_what_was_taken_is_told_again_beyond_the_limit(client: Client, key: str) -> None:
    """A program whose line broke must not believe that its letter was refused."""
    first = hand_in(client, key, once="letter-0001")
    assert first.status_code == 201
    while hand_in(client, key).status_code == 201:
        pass
    again = hand_in(client, key, once="letter-0001")
    assert again.status_code == 200
    assert again.json()["code"] == first.json()["code"]
    assert again.json()["repeated"] is True


def test_two_programs_may_use_the_same_numbers(desk: Desk, client: Client, key: str) -> None:
    other = make_key(site=desk.site.pk, name="别的平台", by=None)[1]
    first = hand_in(client, key, once="letter-0001", upstream_number="7")
    second = hand_in(client, other, once="letter-0001", upstream_number="7")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["number"] != second.json()["number"]


def test_a_letter_goes_to_the_site_of_the_key(desk: Desk, client: Client) -> None:
    key = make_key(site=desk.world.hubin.pk, name="湖滨区平台", by=None)[1]
    assert hand_in(client, key).status_code == 201
    assert Letter.objects.get().site_id == desk.world.hubin.pk


def test_files_are_checked_like_those_of_people(client: Client, key: str) -> None:
    assert hand_in(client, key, files=[_file(pdf(), "说明.pdf")]).status_code == 201
    assert LetterFile.objects.get().name == "说明.pdf"
    bad = hand_in(client, key, files=[_file(zipped({"a.txt": b"x"}), "说明.docx")])
    assert bad.status_code == 422
    assert "说明.docx" in bad.json()["detail"]
    many = [_file(pdf(b"/A %d" % number), f"{number}.pdf") for number in range(MOST_FILES + 1)]
    assert hand_in(client, key, files=many).status_code == 422
    assert hand_in(client, key, files=[{"name": "a.pdf", "content": "?"}]).status_code == 422
    assert Letter.objects.count() == LetterFile.objects.count() == 1


def test_what_cannot_be_seen_is_not_kept(client: Client, key: str) -> None:
    answer = hand_in(client, key, text="请看 \u202egnp.exe\u202c。\x00", name="赵\u200b小明")
    assert answer.status_code == 201, answer.content
    letter = Letter.objects.get()
    assert letter.text == "请看 gnp.exe。"
    assert letter.sender.name == "赵小明"


def test_guesses_through_the_api_and_the_page_count_together(desk: Desk) -> None:
    got = desk.received()
    client = Client(REMOTE_ADDR="203.0.113.7")

    def through_the_api(code: str) -> int:
        body = json.dumps({"number": got.letter.number, "code": code})
        return client.post(STATUS, body, content_type="application/json").status_code

    assert through_the_api(got.code) == 200
    for number in range(WRONG_OF_VISITOR):
        wrong = f"AAAA-BBBB-{number:04d}"
        if number % 2:
            assert through_the_api(wrong) == 404
        else:
            page = client.post("/letters/status/", {"number": got.letter.number, "code": wrong})
            assert page.status_code == 422
    assert through_the_api(got.code) == 404
    told = {"number": got.letter.number, "code": got.code}
    assert client.post("/letters/status/", told).status_code == 422
