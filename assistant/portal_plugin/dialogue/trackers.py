"""Between Rasa's JSON and the portal's own types: a tracker into a ``Turn``, an ``Outcome`` into
events. What does not have the agreed form is refused as a whole."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime

from assistant.dialogue.cleaning import USED
from assistant.portal_plugin.flows.saying import form_asking
from assistant.portal_plugin.models.conversations import AnswerRecord, Channel
from assistant.portal_plugin.services.answers import Question
from assistant.portal_plugin.services.turns import OpenTurn

from .turn import Outcome, Turn

_VALIDATES, _ASKS = "validate_", "utter_ask_"
_REQUESTED = "requested_slot"


class Unreadable(Exception):
    """A call back that is not as agreed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the portal sends along with a message, and gets back with every call.

    ``shown`` is what may be kept where that is not the message itself: stars for a key, the title
    of a button. ``notes`` and ``hidden`` say what was done to it.
    """

    answer: str
    language: str
    shown: str = ""
    site: int | None = None
    main_site: int | None = None
    page: str = ""
    as_of: datetime.datetime | None = None
    channel: Channel = Channel.PAGE
    turn: str = ""
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_metadata(self) -> dict[str, Any]:
        return {
            "turn": self.answer,
            "language": self.language,
            "site": self.site,
            "page": self.page,
            "main_site": self.main_site,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "channel": str(self.channel),
            "shown": self.shown,
            "named": self.turn,
            "hidden": list(self.hidden),
            "notes": list(self.notes),
        }

    @classmethod
    def from_metadata(cls, stored: dict[str, Any]) -> "Sent":
        """
        Raises:
            KeyError, TypeError, ValueError: it is not the portal's own.
        """
        return cls(
            answer=str(stored["turn"]),
            language=str(stored["language"]),
            shown=str(stored["shown"]),
            site=_number(stored["site"]),
            main_site=_number(stored["main_site"]),
            page=str(stored["page"]),
            as_of=parse_datetime(stored["as_of"]) if stored["as_of"] else None,
            channel=Channel(stored["channel"]),
            turn=str(stored["named"]),
            hidden=tuple(map(str, stored["hidden"])),
            notes=tuple(map(str, stored["notes"])),
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A call back, read: ``name`` is the action or the response that is wanted."""

    name: str
    open: OpenTurn
    sent: Sent
    turn: Turn


def call_of(name: Any, tracker: Any) -> Call:
    """
    Raises:
        Unreadable: it is not a call back of this portal's Rasa.
    """
    try:
        conversation = uuid.UUID(tracker["sender_id"])
        latest = tracker["latest_message"]
        sent = Sent.from_metadata(latest["metadata"])
        slots = dict(tracker["slots"])
        form = (tracker.get("active_loop") or {}).get("name") or ""
        intent = latest.get("intent") or {}
        turn = Turn(
            question=Question(
                str(latest.get("text") or ""),
                language=sent.language,
                site=sent.site,
                main_site=sent.main_site,
                as_of=sent.as_of,
                channel=sent.channel,
                conversation=str(conversation),
                asked_from=sent.page,
            ),
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
            entities=tuple(
                (str(found["entity"]), str(found["value"]))
                for found in latest.get("entities") or ()
            ),
            slots=slots,
            form=str(form),
            asked=str(slots.get(_REQUESTED) or "") if form else "",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"no call back of this portal: {error!r}") from error
    if not isinstance(name, str) or not name:
        raise Unreadable("nothing is asked for")
    return Call(name, OpenTurn(conversation, sent.answer), sent, turn)


def events_of(call: Call, outcome: Outcome) -> list[dict[str, Any]]:
    """What Rasa is to note down.

    Rasa takes a form that sets no slot for one that could not read the message, and lets something
    else answer: the slot that is asked for is set to what it is, at least.
    """
    values = dict(outcome.slots)
    validates = call.name.startswith(_VALIDATES)
    if validates and not values and (slot := _slot_of(call)):
        values[slot] = call.turn.slots.get(slot)
    events = [{"event": "slot", "name": name, "value": value} for name, value in values.items()]
    if outcome.stop_form:
        if not validates:
            events.append({"event": "active_loop", "name": None})
        events.append({"event": "slot", "name": _REQUESTED, "value": None})
    if outcome.then:
        events.append({"event": "followup", "name": outcome.then})
    return events


def _slot_of(call: Call) -> str:
    """A slot of the form that is validated: the one that is asked for, else any."""
    form = call.name.removeprefix(_VALIDATES)
    prefix = form.removesuffix("_form")
    own = (name for name in call.turn.slots if name.startswith(f"{prefix}_"))
    return call.turn.asked or next(own, "")


def shortened(text: str) -> str:
    """What a receipt keeps of a message."""
    return text if len(text) <= USED else f"{text[:USED]}…"


def standing_after(call: Call, outcome: Outcome) -> tuple[str, str]:
    """The form that is open after a step, and what it asks."""
    if call.name.startswith(_ASKS):
        # Of the tracker that comes with it the asked slot is still the one before.
        asked = call.name.removeprefix(_ASKS)
        form = call.turn.form
        if not form and (asking := form_asking(asked)):
            form = asking.name
        return form, asked.removeprefix(f"{form}_")
    if outcome.stop_form or not call.turn.form:
        return "", ""
    return call.turn.form, call.turn.asked


def complete(record: AnswerRecord, call: Call) -> None:
    """Put what the portal knows of the message into what an action said."""
    sent = call.sent
    record.question = sent.shown or shortened(call.turn.question.message)
    record.hidden = list(sent.hidden)
    record.content.setdefault("notes", [])
    record.content["notes"] = [*sent.notes, *_without(record.content["notes"], sent.notes)]
    record.asked_from = sent.page
    record.turn = sent.turn
    record.dialogue = "rasa"
    record.intent = call.turn.intent[:60]


def _without(notes: list[str], others: tuple[str, ...]) -> list[str]:
    return [note for note in notes if note not in others]


def _number(value: Any) -> int | None:
    return None if value is None else int(value)
