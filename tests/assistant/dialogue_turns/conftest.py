"""A portal that talks to a small Rasa: its settings, its listener, and actions that are easy to see.

The actions here stand for those of ``flows``: what is tried is the way there and back.
"""

import itertools
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant.dialogue.prompts import Button, Prompt, PromptKind
from assistant.dialogue.routing import Route
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue import asking, callbacks, listener
from assistant.portal_plugin.dialogue import turn as turn_module
from assistant.portal_plugin.dialogue.turn import ActionFunction, Outcome, Turn
from assistant.portal_plugin.models import AnswerRecord
from assistant.portal_plugin.services.answers import Question, compose, new_record, say_text
from assistant.portal_plugin.services.conversing import Message, Reply, converse

from .fake_rasa import FakeRasa

TOKEN, CALLBACK_TOKEN = "portal-to-rasa-0123456789abcdefgh", "rasa-to-portal-0123456789abcdefgh"

# What each test's actions did, in their order.
DONE: list[tuple[str, Turn]] = []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def dialogue(settings: Any) -> Iterator[dict[str, Any]]:
    """The settings of a portal with a Rasa that does not run."""
    asking.forget()
    settings.ASSISTANT_DIALOGUE = {
        "url": f"http://127.0.0.1:{free_port()}",
        "token": TOKEN,
        "callback_token": CALLBACK_TOKEN,
        "callback_bind": ("127.0.0.1", free_port()),
        "in_flight": 2,
        "threads": 4,
        "budget": 4.0,
    }
    yield settings.ASSISTANT_DIALOGUE
    listener.stop()
    asking.forget()


@pytest.fixture
def make_rasa(dialogue: dict[str, Any]) -> Iterator[Callable[..., FakeRasa]]:
    """Starts the small Rasa where the portal looks for it."""
    started = []

    def make(**values: Any) -> FakeRasa:
        host, port = dialogue["callback_bind"]
        fake = FakeRasa(
            TOKEN,
            CALLBACK_TOKEN,
            f"http://{host}:{port}",
            int(dialogue["url"].rpartition(":")[2]),
            **values,
        ).start()
        started.append(fake)
        return fake

    yield make
    for fake in started:
        fake.stop()


@pytest.fixture
def rasa(make_rasa: Callable[..., FakeRasa], actions: None) -> FakeRasa:
    return make_rasa()


@pytest.fixture
def actions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Actions of the names that Rasa knows: a letter with a subject, a text and a yes."""
    DONE.clear()
    monkeypatch.setattr(
        turn_module, "_ACTIONS", {name: _noting(name, work) for name, work in ACTIONS.items()}
    )
    monkeypatch.setattr(turn_module, "_FAMILIES", [])
    monkeypatch.setattr(callbacks, "say", _say, raising=False)


def _noting(name: str, work: ActionFunction) -> ActionFunction:
    def act(turn: Turn) -> Outcome:
        DONE.append((name, turn))
        return work(turn)

    return act


def said(turn: Turn, text: str, status: Status = Status.FORM) -> AnswerRecord:
    record = new_record(turn.question, Route(None, None, turn.question.message))
    record.words = ""
    say_text(record, status, text)
    return record


def _answer(turn: Turn) -> Outcome:
    return Outcome(record=compose(question=turn.question))


def _validate(turn: Turn) -> Outcome:
    if turn.intent == "stop_form":
        return Outcome(stop_form=True)
    if turn.intent == "call_human":
        return Outcome(record=said(turn, "12345", Status.HANDED_OVER))
    if not turn.asked:
        return Outcome(slots={"letter_kind": "complaint"})
    if turn.asked == "letter_confirmed":
        return Outcome(slots={turn.asked: True if turn.intent == "confirm" else None})
    if turn.question.message.endswith("？"):
        return Outcome(record=compose(question=turn.question))
    return Outcome(slots={turn.asked: turn.question.message})


def _say(name: str, turn: Turn) -> Outcome:
    slot = name.removeprefix("utter_ask_")
    if slot == name:
        return Outcome(record=said(turn, "您好", Status.SMALLTALK))
    question = f"? {slot}"
    kind = PromptKind.CONFIRM if slot == "letter_confirmed" else PromptKind.TEXT
    buttons = (Button("是的", "/confirm"),) if kind is PromptKind.CONFIRM else ()
    longest = 2000 if slot == "letter_text" else 0
    prompt = Prompt(kind, slot, question, buttons=buttons, longest=longest)
    return Outcome(record=said(turn, question), prompt=prompt)


def _submit(turn: Turn) -> Outcome:
    if turn.slots.get("letter_confirmed") is not True:
        return Outcome(record=said(turn, "已停止"))
    text = f"{turn.slots['letter_subject']}:{turn.slots['letter_text']}"
    return Outcome(record=said(turn, text), slots={"letter_confirmed": None})


ACTIONS: dict[str, ActionFunction] = {
    "action_answer": _answer,
    "action_begin_letter": lambda turn: Outcome(then="letter_form"),
    "validate_letter_form": _validate,
    "action_submit_letter": _submit,
    "action_human": lambda turn: Outcome(record=said(turn, "12345", Status.HANDED_OVER)),
    "action_nothing_to_confirm": lambda turn: Outcome(record=said(turn, "没有要确认的")),
    "action_office_hours": lambda turn: Outcome(record=said(turn, "9-17"), language="en"),
}


class Visitor:
    """Goes on with one conversation."""

    def __init__(self) -> None:
        self.conversation = ""
        self.names = itertools.count()

    def says(self, text: str = "", **values: Any) -> Reply:
        values = {"turn": f"t{next(self.names)}"} | values
        reply = converse(Message(text, conversation=self.conversation, **values))
        if reply.record.conversation_id:
            self.conversation = str(reply.record.conversation_id)
        return reply

    def presses(self, payload: str, **values: Any) -> Reply:
        return self.says(payload=payload, **values)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def question(text: str = "") -> Question:
    return Question(text)
