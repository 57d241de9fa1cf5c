"""What an action of the dialogue is given, and what it gives back.

The views that Rasa calls turn a tracker into a ``Turn`` and an ``Outcome`` into Rasa's events; the
actions know nothing of HTTP or of trackers, and write no receipt themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.dialogue.prompts import Prompt
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.services.answers import Question


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as the dialogue understood it.

    ``question.message`` is clean and without personal data. ``slots`` are those of the tracker;
    ``form`` is the form that is open ("" for none) and ``asked`` the slot that it waits for.
    ``answers``: ids of the receipts of the conversation, the newest last.
    """

    question: Question
    intent: str = ""
    confidence: float = 0.0
    entities: tuple[tuple[str, str], ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    form: str = ""
    asked: str = ""
    answers: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What came of it.

    ``record``: what is said, not yet written; None where a later action of the turn speaks.
    ``slots``: values to set, None to forget. ``stop_form``: the open form is over. ``then``: the
    action that follows, "" to wait for the visitor. ``language``: of the conversation from now on.
    """

    record: AnswerRecord | None = None
    prompt: Prompt | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    stop_form: bool = False
    then: str = ""
    language: str = ""


type ActionFunction = Callable[[Turn], Outcome]

_ACTIONS: dict[str, ActionFunction] = {}


def action(name: str) -> Callable[[ActionFunction], ActionFunction]:
    """Enter a function as the action with a name."""

    def enter(function: ActionFunction) -> ActionFunction:
        if name in _ACTIONS:
            raise ValueError(f"two actions are called {name}")
        _ACTIONS[name] = function
        return function

    return enter


def action_named(name: str) -> ActionFunction | None:
    """The action with a name; None for one that is not known."""
    return _ACTIONS.get(name)
