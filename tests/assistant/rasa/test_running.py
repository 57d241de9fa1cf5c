"""Rasa itself, running: who may speak to it, what it takes, what it keeps and what it forgets."""

import contextlib
import json
import sqlite3
import stat
import uuid
from pathlib import Path
from typing import Any

import pytest

from assistant.dialogue.intents import STARTABLE, Command

from .conftest import BACK, Portal, Rasa

pytestmark = pytest.mark.one_database


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


def texts(said: list[dict[str, Any]]) -> list[str]:
    return [one.get("text") or one["custom"]["did"] for one in said]


# --- who may ----------------------------------------------------------------------------------
@pytest.mark.parametrize("token", [None, "", "x", "t" * 39, "t" * 41, "é" * 40])
@pytest.mark.parametrize("path", ["webhook", "forget"])
def test_without_the_token_nothing_is_taken(
    running: Rasa, portal: Portal, sender: str, token: str | None, path: str
) -> None:
    header = None if token is None else token.encode().decode("latin-1")
    assert running.post({"sender": sender, "message": "hi"}, path=path, token=header)[0] == 403
    assert portal.calls == []


@pytest.mark.parametrize(
    "path", ["/status", "/model", "/domain", "/version", "/conversations/x/tracker", "/webhooks/rest/webhook"]
)  # fmt: skip
def test_there_is_no_other_door(running: Rasa, path: str) -> None:
    assert running.get(path) == 404


def test_the_portal_is_called_with_its_token(running: Rasa, portal: Portal, sender: str) -> None:
    running.say(sender, "你好")
    assert portal.authorization == {f"Bearer {BACK}"}


# --- what it takes ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        {"message": "hi"},
        {"sender": "short", "message": "hi"},
        {"sender": "../../etc/passwd", "message": "hi"},
        {"sender": 12345678, "message": "hi"},
        {"sender": "a" * 32},
        {"sender": "a" * 32, "message": "   "},
        {"sender": "a" * 32, "message": ["hi"]},
        {"sender": "a" * 32, "message": "hi", "payload": "/help"},
        {"sender": "a" * 32, "message": "x" * 8001},
        {"sender": "a" * 32, "message": "nul \x00"},
        {"sender": "a" * 32, "message": "hi", "metadata": []},
        {"sender": "a" * 32, "message": "hi", "metadata": {"page": "x" * 5000}},
        {"sender": "a" * 32, "payload": "help"},
        {"sender": "a" * 32, "payload": "/restart"},
        {"sender": "a" * 32, "payload": "/session_start"},
        {"sender": "a" * 32, "payload": "/ask_question"},
        {"sender": "a" * 32, "payload": '/choose{"letter_text": "x"}'},
        {"sender": "a" * 32, "payload": '/choose{"value": {"a": 1}}'},
        {"sender": "a" * 32, "payload": '/choose{"value": "x"} and more'},
    ],
    ids=repr,
)
def test_what_is_no_message_is_refused_and_changes_nothing(
    running: Rasa, portal: Portal, body: Any
) -> None:
    status, told = running.post(body)
    assert status == 400
    assert set(told) == {"error"}
    assert portal.calls == []


def test_a_body_without_measure_is_not_read(running: Rasa) -> None:
    assert running.post(b"x" * 200_000)[0] in {400, 413}


@pytest.mark.parametrize(
    "typed", ["/restart", "/affirm", " /confirm", "//stop_form", "/", "/转人工"]
)
def test_typed_text_is_text_also_with_a_slash(
    running: Rasa, portal: Portal, sender: str, typed: str
) -> None:
    running.say(sender, "我要投诉")
    running.say(sender, typed)
    taken = portal.calls[-2]  # the form's validation; the question for the next slot comes after it
    assert taken["next_action"] == "validate_letter_form"
    assert taken["tracker"]["latest_message"]["text"] == typed.strip()
    assert taken["tracker"]["latest_message"]["intent"]["name"] not in set(Command)


@pytest.mark.parametrize("name", sorted({*Command, *STARTABLE}))
def test_every_button_of_the_portal_is_understood(
    running: Rasa, portal: Portal, sender: str, name: str
) -> None:
    assert running.say(sender, payload=f"/{name}")
    message = portal.calls[0]["tracker"]["latest_message"]
    assert message["intent"] == {"name": name, "confidence": 1.0}


def test_what_a_button_carries_arrives(running: Rasa, portal: Portal, sender: str) -> None:
    running.say(sender, payload='/choose{"value": "complaint"}')
    (entity,) = portal.calls[0]["tracker"]["latest_message"]["entities"]
    assert (entity["entity"], entity["value"]) == ("value", "complaint")


@pytest.mark.parametrize(
    "text", ["🙂" * 200, "‮gnorw", "<script>alert(1)</script>", "'; DROP TABLE events; --", "x" * 8000]
)  # fmt: skip
def test_odd_text_arrives_as_it_was(running: Rasa, portal: Portal, sender: str, text: str) -> None:
    assert running.say(sender, text)
    assert portal.calls[0]["tracker"]["latest_message"]["text"] == text


def test_the_portals_words_about_the_message_come_back_with_every_call(
    running: Rasa, portal: Portal, sender: str
) -> None:
    running.say(sender, "我要投诉", language="zh-hans", turn="7")
    assert len(portal.calls) >= 3
    for call in portal.calls:
        assert call["tracker"]["latest_message"]["metadata"]["turn"] == "7"


# --- forms ------------------------------------------------------------------------------------
def test_a_letter_goes_from_question_to_question_and_is_submitted_once(
    running: Rasa, portal: Portal, sender: str
) -> None:
    assert texts(running.say(sender, "我要投诉")) == [
        "action_begin_letter",
        "utter_ask_letter_kind",
    ]
    assert texts(running.say(sender, payload='/choose{"value": "x"}')) == [
        "utter_ask_letter_subject"
    ]
    assert texts(running.say(sender, "路灯")) == ["utter_ask_letter_text"]
    assert texts(running.say(sender, "再见")) == ["utter_ask_letter_confirmed"]  # as the text
    assert portal.done().count("action_submit_letter") == 0
    assert texts(running.say(sender, payload="/confirm")) == ["action_submit_letter"]
    assert texts(running.say(sender, payload="/confirm")) == ["action_nothing_to_confirm"]
    assert portal.done().count("action_submit_letter") == 1


def test_a_question_in_between_is_the_forms_to_answer(
    running: Rasa, portal: Portal, sender: str
) -> None:
    running.say(sender, "我要投诉")
    portal.behaviour["validate_letter_form"] = lambda call: {
        "events": [{"event": "slot", "name": "letter_kind", "value": None}],
        "responses": [{"custom": {"did": "answered in between"}}],
    }
    said = texts(running.say(sender, "办身份证要多少钱"))
    assert said == ["answered in between", "utter_ask_letter_kind"]


def test_the_portal_ends_a_form(running: Rasa, portal: Portal, sender: str) -> None:
    running.say(sender, "我要投诉")
    portal.behaviour["validate_letter_form"] = lambda call: {
        "events": [
            {"event": "slot", "name": "letter_kind", "value": None},
            {"event": "slot", "name": "requested_slot", "value": None},
        ],
        "responses": [],
    }
    assert texts(running.say(sender, payload="/stop_form")) == ["action_submit_letter"]
    assert texts(running.say(sender, "你好")) == ["utter_greeting"]


def test_a_form_goes_on_after_rasa_was_killed(running: Rasa, portal: Portal, sender: str) -> None:
    running.say(sender, "我要投诉")
    running.say(sender, payload='/choose{"value": "complaint"}')
    running.kill()
    running.start()
    assert texts(running.say(sender, "路灯坏了")) == ["utter_ask_letter_text"]
    slots = portal.calls[-1]["tracker"]["slots"]
    assert slots["letter_subject"] == "路灯坏了"
    assert slots["letter_kind"]


def test_two_conversations_know_nothing_of_each_other(
    running: Rasa, portal: Portal, sender: str
) -> None:
    other = uuid.uuid4().hex
    running.say(sender, "我要投诉")
    running.say(sender, "我的秘密")
    running.say(other, "我要投诉")
    assert "我的秘密" not in json.dumps(portal.calls[-1], ensure_ascii=False)


# --- when the portal fails ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "answer",
    [
        (500, {"error": "x"}),
        (403, {}),
        (302, {}),
        (200, b"not json"),
        (200, []),
        (200, {"events": "none"}),
        (200, {"events": [{"no": "event"}]}),
        (200, {"events": [], "responses": ["text"]}),
    ],
    ids=repr,
)
def test_an_action_that_fails_says_nothing_and_the_next_message_is_well(
    running: Rasa, portal: Portal, sender: str, answer: Any
) -> None:
    portal.behaviour["action_answer"] = lambda call: answer
    assert running.say(sender, "身份证丢了怎么补办") == []
    portal.behaviour.clear()
    assert texts(running.say(sender, "身份证丢了怎么补办")) == ["action_answer"]


def test_an_action_may_be_refused(running: Rasa, portal: Portal, sender: str) -> None:
    portal.behaviour["utter_greeting"] = lambda call: (500, {})
    status, _ = running.post({"sender": sender, "message": "你好"})
    assert status in {200, 500}
    portal.behaviour.clear()
    assert texts(running.say(sender, "你好")) == ["utter_greeting"]


# --- what it keeps ----------------------------------------------------------------------------
def rows(running: Rasa, sender: str) -> int:
    path = running.folder / "conversations.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as database:
        query = "SELECT count(*) FROM events WHERE sender_id = ?"
        return int(database.execute(query, (sender,)).fetchone()[0])


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("conversations.sqlite3*")))


def test_a_conversation_is_forgotten_completely_when_told_so(
    running: Rasa, portal: Portal, sender: str
) -> None:
    other = uuid.uuid4().hex
    running.say(sender, "secret-word-of-a-citizen")
    running.say(other, "another word")
    assert rows(running, sender) > 3
    status, told = running.post({"sender": sender}, path="forget")
    assert (status, rows(running, sender)) == (200, 0)
    assert told["forgotten"] > 3
    assert rows(running, other) > 3
    assert b"secret-word-of-a-citizen" not in on_disk(running.folder)


def test_conversations_silent_for_a_day_are_forgotten_and_others_are_not(
    running: Rasa, portal: Portal, sender: str
) -> None:
    running.say(sender, "an old word")
    other = uuid.uuid4().hex
    running.say(other, "a new word")
    path = running.folder / "conversations.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        query = "UPDATE events SET timestamp = timestamp - 90000 WHERE sender_id = ?"
        database.execute(query, (sender,))
    running.kill()
    running.start()  # it looks at the start, then every hour
    assert texts(running.say(other, "你好"))
    assert rows(running, sender) == 0
    assert rows(running, other) > 3


def test_only_this_account_reads_the_conversations(running: Rasa) -> None:
    for path in running.folder.glob("conversations.sqlite3*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_that_was_typed_is_in_the_log(running: Rasa, portal: Portal, sender: str) -> None:
    typed = "typed-by-a-citizen-13800000000"
    portal.behaviour["action_answer"] = lambda call: (500, {"text": typed})
    running.say(sender, typed)
    running.say(sender, f"/{typed}")
    running.say(sender, "我要投诉")
    running.say(sender, typed)
    assert typed not in running.log.read_text()


# --- a new model ------------------------------------------------------------------------------
def test_without_its_settings_it_says_what_is_missing(rasa_places: Any) -> None:
    from .conftest import in_rasa

    done = in_rasa("addons.serve")
    assert done.returncode == 2
    assert "Not set: RASA_MODEL" in done.stderr
