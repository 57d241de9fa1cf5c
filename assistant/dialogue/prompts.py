"""What the assistant waits for after it has spoken: a word, a choice, a yes.

Page, widget and API show the same prompt; a visitor may always write something else instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class PromptKind(StrEnum):
    """``TEXT``: something is to be written. ``CHOICE``: one of the buttons. ``CONFIRM``: what was
    gathered stands in ``review``, and only a yes lets it go on."""

    TEXT = "text"
    CHOICE = "choice"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Button:
    """``payload`` is what comes back as ``payload`` of the next message; nothing to be read."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Step:
    """How far a form is: ``number`` from 1 of ``count``; ``title`` names the form for people."""

    form: str
    title: str
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Filled:
    """One line of what was gathered, for the visitor to look over."""

    label: str
    value: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is waited for.

    ``field`` names what is asked and ``question`` says it in words: to be shown unless it is the
    text of the answer itself. ``hint`` says how to write it, ``longest`` is the limit in characters
    (0: that of any message). ``secret``: what is typed is a key, such as the code of a letter; it
    is kept nowhere. ``can_skip`` and ``can_stop`` say which of the standing buttons to show.
    Of ``CONFIRM`` the first button is the yes; those that change a line of ``review`` follow.
    """

    kind: PromptKind
    field: str = ""
    question: str = ""
    hint: str = ""
    buttons: tuple[Button, ...] = ()
    review: tuple[Filled, ...] = ()
    step: Step | None = None
    longest: int = 0
    secret: bool = False
    can_skip: bool = False
    can_stop: bool = True

    def to_json(self) -> dict[str, Any]:
        """As receipts keep it and the API gives it."""
        return {
            "kind": self.kind.value,
            "field": self.field,
            "question": self.question,
            "hint": self.hint,
            "buttons": [{"title": one.title, "payload": one.payload} for one in self.buttons],
            "review": [
                {"label": one.label, "value": one.value, "field": one.field} for one in self.review
            ],
            "step": {
                "form": self.step.form,
                "title": self.step.title,
                "number": self.step.number,
                "count": self.step.count,
            }
            if self.step
            else None,
            "longest": self.longest,
            "secret": self.secret,
            "can_skip": self.can_skip,
            "can_stop": self.can_stop,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The prompt of a receipt.

        Raises:
            KeyError, ValueError: it is not one.
        """
        step = stored["step"]
        return cls(
            PromptKind(stored["kind"]),
            field=stored["field"],
            question=stored["question"],
            hint=stored["hint"],
            buttons=tuple(Button(**one) for one in stored["buttons"]),
            review=tuple(Filled(**one) for one in stored["review"]),
            step=Step(**step) if step else None,
            longest=stored["longest"],
            secret=stored["secret"],
            can_skip=stored["can_skip"],
            can_stop=stored["can_stop"],
        )
