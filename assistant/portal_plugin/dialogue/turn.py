"""What an action of the dialogue is given, and what it gives back.

The views that Rasa calls turn a tracker into a ``Turn`` and an ``Outcome`` into Rasa's events; the
actions know nothing of HTTP or of trackers, and write no receipt themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from assistant.dialogue.prompts import Prompt
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.services.answers import Question


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as the dialogue understood it.

    ``question.message`` is clean and without personal data; of a button it is the payload, of what
    answers a ``secret`` prompt it is sealed. ``slots`` are those of the tracker; ``form`` is the
    form that is open ("" for none) and ``asked`` the slot that it waits for.
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

    @property
    def is_pressed(self) -> bool:
        """Whether a button was pressed; what is typed has an intent by its likeness only."""
        message = self.question.message
        return bool(self.intent) and (
            message == f"/{self.intent}" or message.startswith(f"/{self.intent}{{")
        )

    def earlier(self) -> QuerySet[AnswerRecord]:
        """The receipts of this conversation; of no other, whatever ``answers`` says."""
        own = AnswerRecord.objects.filter(pk__in=self.answers)
        conversation = self.question.conversation
        return own.filter(conversation_id=conversation) if conversation else own.none()

    def entity(self, name: str) -> str:
        """What a button carries under a name; "" for nothing."""
        return next((value for key, value in self.entities if key == name), "")


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
type Family = Callable[[str], ActionFunction | None]

_ACTIONS: dict[str, ActionFunction] = {}
_FAMILIES: list[Family] = []


def action(name: str) -> Callable[[ActionFunction], ActionFunction]:
    """Enter a function as the action with a name."""

    def enter(function: ActionFunction) -> ActionFunction:
        if name in _ACTIONS:
            raise ValueError(f"two actions are called {name}")
        _ACTIONS[name] = function
        return function

    return enter


def family(find: Family) -> Family:
    """Enter a function that knows actions whose names are made at run time, as those of skills."""
    _FAMILIES.append(find)
    return find


def action_named(name: str) -> ActionFunction | None:
    """The action with a name; None for one that is not known."""
    known = _ACTIONS.get(name)
    return known or next((found for find in _FAMILIES if (found := find(name))), None)
