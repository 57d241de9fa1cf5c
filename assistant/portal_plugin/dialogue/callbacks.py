"""What Rasa asks the portal while it works on a message: actions to carry out, words to say.

Reached through ``listener`` only, never at the public address.
"""

import json
import logging
import secrets
import time
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from assistant.dialogue.contract import Action
from assistant.portal_plugin.flows.saying import say
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.services import turns

from .trackers import Call, Unreadable, call_of, complete, events_of, standing_after
from .turn import ActionFunction, Outcome, action_named

logger = logging.getLogger(__name__)

ACTION_PATH, SAY_PATH = "/assistant/dialogue/action", "/assistant/dialogue/say"
MOST_BYTES = 8 * 1024 * 1024
_MOST_ANSWERS = 20
_SUBMITS = "action_submit_"

type Answer = tuple[HTTPStatus, dict[str, Any]]


def answer(path: str, authorization: str, body: bytes) -> Answer:
    """The answer to a call back: status and JSON.

    403: not Rasa. 400 and 404: not as agreed. 409: the message has been answered otherwise. 500 and
    503: it failed. Rasa notes down nothing of an action that was not answered with 200.
    """
    if not _is_rasa(authorization):
        return _refused(HTTPStatus.FORBIDDEN, "the token is missing or wrong")
    try:
        asked = json.loads(body)
        tracker = asked["tracker"]
        name = asked["next_action" if path == ACTION_PATH else "response"]
        call = call_of(name, tracker)
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "not a call back")
    except Unreadable as error:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    try:
        return _carried_out(call) if path == ACTION_PATH else _said(call)
    except turns.TurnIsOver:
        return _refused(HTTPStatus.CONFLICT, "the message has been answered otherwise")
    except DatabaseError:
        logger.exception("A call back of the dialogue failed: the database")
        return _refused(HTTPStatus.SERVICE_UNAVAILABLE, "the database")
    except Exception:
        # An action of a plugin may fail in any way: its message is answered without the dialogue.
        logger.exception("The action %s of the dialogue failed", call.name)
        return _refused(HTTPStatus.INTERNAL_SERVER_ERROR, "the action failed")


def _is_rasa(authorization: str) -> bool:
    token = settings.ASSISTANT_DIALOGUE.get("callback_token", "")
    return bool(token) and secrets.compare_digest(
        authorization.encode(), f"Bearer {token}".encode()
    )


def _carried_out(call: Call) -> Answer:
    function = action_named(call.name)
    if function is None:
        return _refused(HTTPStatus.NOT_FOUND, "no such action")
    outcome = _done(_with_answers(call), function)
    responses = [_spoken(call)] if outcome.record or outcome.prompt else []
    return HTTPStatus.OK, {"events": events_of(call, outcome), "responses": responses}


def _said(call: Call) -> Answer:
    _done(call, lambda turn: say(call.name, turn))
    return HTTPStatus.OK, {"text": "", **_spoken(call)}


def _spoken(call: Call) -> dict[str, Any]:
    """For Rasa it is enough to know that something was said; the words stand in the receipt."""
    return {"custom": {"answer": call.open.answer}}


def _done(call: Call, function: ActionFunction) -> Outcome:
    """Carry out a step and write what it says."""
    submit = _submit_again(call)
    if submit is not None:
        function = submit
    if submit is not None or call.name.startswith(_SUBMITS):
        outcomes: list[Outcome] = []

        def work() -> turns.Said:
            outcomes.append(function(call.turn))
            return _what(call, outcomes[0], started)

        started = time.perf_counter()
        turns.say(call.open, work)
        return outcomes[0]
    # Reading may take its time and holds up nobody's writing.
    if not turns.is_open(call.open):
        raise turns.TurnIsOver
    started = time.perf_counter()
    outcome = function(call.turn)
    said = _what(call, outcome, started)
    turns.say(call.open, lambda: said)
    return outcome


def _what(call: Call, outcome: Outcome, started: float) -> turns.Said:
    if outcome.record is not None:
        complete(outcome.record, call)
    form, asked = standing_after(call, outcome)
    return turns.Said(
        outcome.record,
        outcome.prompt,
        form,
        asked,
        language=outcome.language,
        milliseconds={call.name: round((time.perf_counter() - started) * 1000)},
    )


def _with_answers(call: Call) -> Call:
    ids = AnswerRecord.objects.filter(conversation_id=call.open.conversation)
    newest = ids.order_by("-asked_at").values_list("pk", flat=True)[:_MOST_ANSWERS]
    return replace(call, turn=replace(call.turn, answers=tuple(reversed(newest))))


def _submit_again(call: Call) -> ActionFunction | None:
    """The action that ends a form, where the visitor's yes came through and its outcome did not.

    Rasa's form is over then, while the visitor has been told that it goes on; the second yes finds
    no form. What was confirmed is still in the slots.
    """
    if call.name != Action.NOTHING_TO_CONFIRM or call.turn.intent != "confirm":
        return None
    last = AnswerRecord.objects.filter(conversation_id=call.open.conversation)
    newest = last.order_by("-asked_at").values_list("content", flat=True).first() or {}
    form, asked = newest.get("form", ""), newest.get("asked", "")
    if not form or call.turn.slots.get(asked) is not True:
        return None
    return action_named(f"{_SUBMITS}{form.removesuffix('_form')}")


def _refused(status: HTTPStatus, why: str) -> Answer:
    return status, {"error": why}
