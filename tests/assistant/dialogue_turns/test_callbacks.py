"""What Rasa may ask of the portal, and what the portal lets nobody else ask."""

import http.client
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from assistant.portal_plugin.dialogue import callbacks, listener
from assistant.portal_plugin.dialogue.callbacks import ACTION_PATH, SAY_PATH
from assistant.portal_plugin.dialogue.trackers import Sent
from assistant.portal_plugin.models import AnswerRecord, Channel, Conversation
from assistant.portal_plugin.services import turns
from assistant.portal_plugin.services.turns import OpenTurn

from .conftest import ACTIONS, CALLBACK_TOKEN, DONE, Outcome, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("actions", "dialogue")]


def opened(conversation: str = "") -> OpenTurn:
    found = turns.open_turn(
        conversation=conversation, begins="", site=None, language="zh-hans", channel=Channel.API
    )
    assert found is not None
    return found


def body(turn: OpenTurn, name: str, text: str = "居住证", **tracker: Any) -> dict[str, Any]:
    return {
        "next_action": name,
        "response": name,
        "sender_id": str(turn.conversation),
        "tracker": {
            "sender_id": str(turn.conversation),
            "slots": {},
            "active_loop": {},
            "latest_message": {
                "text": text,
                "intent": {"name": "ask_question", "confidence": 0.9},
                "entities": [],
                "metadata": Sent(turn.answer, "zh-hans").to_metadata(),
            },
            **tracker,
        },
    }


def call(
    content: Any, path: str = ACTION_PATH, authorization: str = f"Bearer {CALLBACK_TOKEN}"
) -> tuple[HTTPStatus, dict[str, Any]]:
    return callbacks.answer(path, authorization, json.dumps(content).encode())


# --- who may --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "token", ["", "Bearer ", "Bearer x", CALLBACK_TOKEN, f"Bearer {CALLBACK_TOKEN} "]
)
def test_without_the_token_nothing_is_done(column: Page, token: str) -> None:
    assert call(body(opened(), "action_human"), authorization=token)[0] == HTTPStatus.FORBIDDEN
    assert DONE == []


def test_an_empty_token_opens_nothing(column: Page, settings: Any) -> None:
    for about in ({}, {"callback_token": ""}):
        settings.ASSISTANT_DIALOGUE = about
        for token in ("", "Bearer ", "Bearer"):
            status, _told = call(body(opened(), "action_human"), authorization=token)
            assert status == HTTPStatus.FORBIDDEN


def test_the_public_address_knows_no_call_backs(column: Page, client: Client) -> None:
    for path in (ACTION_PATH, SAY_PATH):
        response = client.post(
            path,
            json.dumps(body(opened(), "action_human")),
            content_type="application/json",
            headers={"Authorization": f"Bearer {CALLBACK_TOKEN}"},
        )
        assert response.status_code in (404, 405)
    assert DONE == []


# --- what is done ---------------------------------------------------------------------------------
def test_an_action_writes_its_receipt_and_tells_rasa_no_words(column: Page) -> None:
    turn = opened()
    status, given = call(body(turn, "action_human"))
    assert status == HTTPStatus.OK
    assert given == {"events": [], "responses": [{"custom": {"answer": turn.answer}}]}
    record = AnswerRecord.objects.get()
    assert (record.pk, record.text, record.question) == (turn.answer, "12345", "居住证")


def test_what_an_action_is_given(column: Page) -> None:
    turn = opened()
    content = body(
        turn,
        "validate_letter_form",
        slots={"requested_slot": "letter_subject", "letter_kind": "complaint"},
        active_loop={"name": "letter_form"},
    )
    content["tracker"]["latest_message"]["entities"] = [{"entity": "value", "value": "x"}]
    call(content)
    ((_name, given),) = DONE
    assert (given.intent, given.confidence) == ("ask_question", 0.9)
    assert given.entities == (("value", "x"),)
    assert (given.form, given.asked) == ("letter_form", "letter_subject")
    assert given.slots["letter_kind"] == "complaint"
    assert given.question.conversation == str(turn.conversation)


@pytest.mark.parametrize(
    ("name", "outcome", "events"),
    [
        ("action_x", Outcome(slots={"a": 1}, then="letter_form"),
         [{"event": "slot", "name": "a", "value": 1}, {"event": "followup", "name": "letter_form"}]),
        ("action_x", Outcome(stop_form=True),
         [{"event": "active_loop", "name": None}, {"event": "slot", "name": "requested_slot", "value": None}]),
        ("validate_letter_form", Outcome(stop_form=True),
         [{"event": "slot", "name": "letter_text", "value": "t"}, {"event": "slot", "name": "requested_slot", "value": None}]),
        ("validate_letter_form", Outcome(), [{"event": "slot", "name": "letter_text", "value": "t"}]),
    ],
)  # fmt: skip
def test_outcomes_as_events(
    column: Page,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    outcome: Outcome,
    events: list[dict[str, Any]],
) -> None:
    from assistant.portal_plugin.dialogue import turn as turn_module

    monkeypatch.setitem(turn_module._ACTIONS, name, lambda turn: outcome)
    content = body(
        opened(),
        name,
        slots={"requested_slot": "letter_text", "letter_text": "t"},
        active_loop={"name": "letter_form"},
    )
    assert call(content) == (HTTPStatus.OK, {"events": events, "responses": []})


def test_a_form_that_opens_sets_a_slot_of_its_own(
    column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.portal_plugin.dialogue import turn as turn_module

    monkeypatch.setitem(turn_module._ACTIONS, "validate_skill_x_form", lambda turn: Outcome())
    content = body(opened(), "validate_skill_x_form", slots={"other": 1, "skill_x__day": None})
    assert call(content)[1]["events"] == [{"event": "slot", "name": "skill_x__day", "value": None}]


def test_the_first_record_is_the_receipt_and_the_last_prompt_counts(column: Page) -> None:
    turn = opened()
    call(body(turn, "action_human"))
    form = {"slots": {}, "active_loop": {"name": "letter_form"}}
    status, given = call(body(turn, "utter_ask_letter_text", **form), SAY_PATH)
    assert (status, given["custom"]) == (HTTPStatus.OK, {"answer": turn.answer})
    record = AnswerRecord.objects.get()
    assert record.text == "12345"
    assert record.content["prompt"]["question"] == "? letter_text"
    assert (record.content["form"], record.content["asked"]) == ("letter_form", "letter_text")
    assert set(record.timings) == {"action_human", "utter_ask_letter_text"}


# --- too late, twice, wrong -----------------------------------------------------------------------
@pytest.mark.parametrize("ends", [turns.shut, turns.close])
@pytest.mark.parametrize("name", ["action_human", "action_submit_letter"])
def test_too_late_changes_nothing(
    column: Page, ends: Callable[[OpenTurn], None], name: str
) -> None:
    turn = opened()
    ends(turn)
    status, _told = call(body(turn, name, slots={"letter_confirmed": True}))
    assert status == HTTPStatus.CONFLICT
    assert not AnswerRecord.objects.exists()
    assert DONE == []


def test_given_up_while_an_action_works_its_words_are_dropped(
    column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.portal_plugin.dialogue import turn as turn_module

    turn = opened()

    def slow(asked: Any) -> Outcome:
        turns.shut(turn)
        return Outcome(record=said(asked, "zu spät"))

    monkeypatch.setitem(turn_module._ACTIONS, "action_human", slow)
    assert call(body(turn, "action_human"))[0] == HTTPStatus.CONFLICT
    assert not AnswerRecord.objects.exists()


def test_a_call_for_another_turn_of_the_conversation_changes_nothing(column: Page) -> None:
    first = opened()
    turns.close(first)
    second = opened(str(first.conversation))
    assert second.conversation == first.conversation
    assert call(body(first, "action_human"))[0] == HTTPStatus.CONFLICT
    assert call(body(second, "action_human"))[0] == HTTPStatus.OK


def test_a_call_with_anothers_conversation_changes_nothing(column: Page) -> None:
    mine, other = opened(), opened()
    stolen = OpenTurn(other.conversation, mine.answer)
    assert call(body(stolen, "action_human"))[0] == HTTPStatus.CONFLICT
    assert not AnswerRecord.objects.exists()


def test_what_a_submit_action_wrote_goes_with_its_receipt(
    column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.portal_plugin.dialogue import turn as turn_module

    def submit(turn: Any) -> Outcome:
        Conversation.objects.create(language="xx")  # stands for the prepared letter
        raise ValueError("after it was written")

    monkeypatch.setitem(turn_module._ACTIONS, "action_submit_letter", submit)
    status, told = call(body(opened(), "action_submit_letter"))
    assert status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "written" not in json.dumps(told)
    assert not Conversation.objects.filter(language="xx").exists()


def test_a_yes_whose_outcome_was_lost_counts_when_it_is_said_again(column: Page) -> None:
    turn = opened()
    form = {"active_loop": {"name": "letter_form"}}
    call(body(turn, "utter_ask_letter_confirmed", **form), SAY_PATH)
    turns.close(turn)
    slots = {"letter_confirmed": True, "letter_subject": "a", "letter_text": "b"}
    again = opened(str(turn.conversation))
    content = body(again, "action_nothing_to_confirm", "/confirm", slots=slots)
    content["tracker"]["latest_message"]["intent"]["name"] = "confirm"
    call(content)
    assert AnswerRecord.objects.get(pk=again.answer).text == "a:b"
    turns.close(again)
    third = opened(str(turn.conversation))
    content = body(third, "action_nothing_to_confirm", "/confirm", slots=slots)
    content["tracker"]["latest_message"]["intent"]["name"] = "confirm"
    call(content)
    assert AnswerRecord.objects.get(pk=third.answer).text == "没有要确认的"


@pytest.mark.parametrize(
    "content",
    [
        None, [], "x", {}, {"tracker": None}, {"tracker": {}, "next_action": "action_human"},
        {"tracker": {"sender_id": "no uuid", "latest_message": {"metadata": {}}, "slots": {}}, "next_action": "a"},
    ],
)  # fmt: skip
def test_what_is_no_call_back(column: Page, content: Any) -> None:
    assert call(content)[0] == HTTPStatus.UNPROCESSABLE_ENTITY


def test_each_missing_part_is_noticed(column: Page) -> None:
    turn = opened()
    for key in ("turn", "language", "channel", "notes", "site"):
        content = body(turn, "action_human")
        del content["tracker"]["latest_message"]["metadata"][key]
        assert call(content)[0] == HTTPStatus.UNPROCESSABLE_ENTITY
    content = body(turn, "")
    assert call(content)[0] == HTTPStatus.UNPROCESSABLE_ENTITY
    assert call(body(turn, "action_unheard_of"))[0] == HTTPStatus.NOT_FOUND
    assert set(ACTIONS) >= {"action_human"}


# --- the listener ---------------------------------------------------------------------------------
@pytest.fixture
def address(dialogue: dict[str, Any]) -> tuple[str, int]:
    assert listener.listen()
    host, port = dialogue["callback_bind"]
    return host, port


def ask(
    address: tuple[str, int], path: str = ACTION_PATH, content: bytes = b"{}", **headers: str
) -> int:
    connection = http.client.HTTPConnection(*address, timeout=5)
    connection.putrequest("POST", path)
    for name, value in ({"Content_Length": str(len(content))} | headers).items():
        if value:
            connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(content)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.usefixtures("transactional_db")
def test_the_listener_takes_call_backs_and_nothing_else(address: tuple[str, int]) -> None:
    token = f"Bearer {CALLBACK_TOKEN}"
    assert ask(address) == 403
    assert ask(address, Authorization=token) == 422
    assert ask(address, "/admin/", Authorization=token) == 404
    assert ask(address, Authorization=token, X_Forwarded_For="203.0.113.9") == 403
    assert ask(address, Authorization=token, Content_Length="99999999999") == 413
    assert ask(address, Authorization=token, Content_Length="") == 411
    assert ask(address, Authorization=token, Content_Length="-1") == 411
    connection = http.client.HTTPConnection(*address, timeout=5)
    connection.request("GET", ACTION_PATH)
    assert connection.getresponse().status == 501


def test_a_second_process_may_listen_too(address: tuple[str, int]) -> None:
    other = listener.Listener(address, 1)
    other.stop()
