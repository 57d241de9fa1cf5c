"""A letter or complaint: gathered here, looked over, filled in on the page of who takes letters.

The chat sends nothing. What is prepared waits on that page for the writer, who adds what the chat
never asks for: name, telephone, address.
"""

from assistant.dialogue.contract import ASIDE, SLOTS, Action
from assistant.dialogue.contract import Form as FormName
from assistant.dialogue.intents import Intent
from assistant.dialogue.prompts import Filled
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from assistant.portal_plugin.models.conversations import AnswerRecord
from portal.plugin_api import (
    CapabilityUnavailable,
    LetterDraft,
    LetterReceipt,
    capability,
    letters,
)
from portal.text.personal_data import scrub

from . import forms
from .forms import Asked, Form
from .offers import OTHERWISE, offer
from .people import WITH_TALK
from .prefilled import AGAIN, PREPARED, choices, prefill
from .providers import letters_at
from .voice import Voice

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_TALK = 60, 2_000, 6_000
_KIND, _SUBJECT, _TEXT, _CONFIRMED = SLOTS[FormName.LETTER]
[_TRANSCRIPT] = ASIDE[FormName.LETTER]


def _about(turn: Turn, voice: Voice) -> list[Filled]:
    if not turn.slots.get(_TRANSCRIPT):
        return []
    return [Filled(voice("form.conversation"), voice("form.conversation_added"))]


def _prepare(turn: Turn) -> Outcome:
    voice = Voice(turn)
    provider = capability(letters, turn.question.site)
    if provider is None:
        return _no_letters(turn, voice)
    draft = LetterDraft(
        kind=turn.slots[_KIND],
        subject=turn.slots[_SUBJECT],
        text=turn.slots[_TEXT],
        language=voice.spoken,
        page=turn.question.asked_from,
        conversation=_conversation(turn) if turn.slots.get(_TRANSCRIPT) else "",
    )
    return prefill(
        LETTER,
        turn,
        lambda: provider.prepare(draft, site=turn.question.site),
        kind="letter",
        sentences=("letter.prepared", "letter.open"),
        again=Intent.LEAVE_LETTER,
        onward=(Intent.LETTER_STATUS, Intent.HUMAN, Intent.HELP),
    )


LETTER = Form(
    FormName.LETTER,
    title=lambda voice: voice("letter.title"),
    fields=(
        Asked(
            _KIND,
            label=lambda voice: voice("letter.kind_label"),
            ask=lambda voice: voice("letter.kind"),
            choices=lambda voice: choices(capability(letters, voice.site), voice),
        ),
        Asked(
            _SUBJECT,
            label=lambda voice: voice("letter.subject_label"),
            ask=lambda voice: voice("letter.subject"),
            hint=lambda voice: voice("letter.subject_hint"),
            longest=LONGEST_SUBJECT,
        ),
        Asked(
            _TEXT,
            label=lambda voice: voice("letter.text_label"),
            ask=lambda voice: voice("letter.text"),
            hint=lambda voice: voice("letter.text_hint"),
            longest=LONGEST_TEXT,
        ),
    ),
    finish=_prepare,
    confirmed=_CONFIRMED,
    confirm=lambda voice: voice("letter.confirm"),
    aside=ASIDE[FormName.LETTER],
    about=_about,
)


@action(Action.BEGIN_LETTER)
def begin_letter(turn: Turn) -> Outcome:
    """Open the form; where nobody takes letters, say so and how else to be heard."""
    if letters_at(turn.question.site) is None:
        return _no_letters(turn, Voice(turn))
    value = turn.entity("value") if turn.is_pressed else ""
    if value == AGAIN and LETTER.is_complete(turn.slots):
        return Outcome(slots={_CONFIRMED: None}, then=LETTER.name)
    return forms.begin(LETTER, **{_TRANSCRIPT: True if value == WITH_TALK else None})


@action(Action.VALIDATE_LETTER)
def validate_letter(turn: Turn) -> Outcome:
    return forms.take(LETTER, turn)


@action(Action.SUBMIT_LETTER)
def submit_letter(turn: Turn) -> Outcome:
    return forms.submit(LETTER, turn)


def _no_letters(turn: Turn, voice: Voice) -> Outcome:
    record = voice.record(Status.HANDED_OVER, voice("letter.none"))
    return Outcome(record, offer(turn, voice, OTHERWISE), slots=LETTER.forgotten)


def _conversation(turn: Turn) -> str:
    """What was asked and answered, scrubbed, the newest at the end; forms and keys left out."""
    said = turn.earlier().exclude(status=Status.FORM)
    lines = []
    for record in said.order_by("asked_at"):
        if record.question:
            lines.append(f"? {record.question}")
        lines.append(f"— {record.title or record.text[:300]}")
    return scrub("\n".join(lines)[-LONGEST_TALK:]).text


# --- what became of it ----------------------------------------------------------------------------
def prepared_in(turn: Turn) -> list[AnswerRecord]:
    """The receipts of this conversation with which a letter was filled in, the newest first."""
    return [
        record
        for record in turn.earlier().filter(status=Status.FORM).order_by("-asked_at")
        if record.content.get(PREPARED, {}).get("kind") == "letter"
    ]


def outcome_of(record: AnswerRecord) -> LetterReceipt | None:
    """Number and code of the letter that a receipt led to; None as long as it was not sent."""
    prepared = record.content.get(PREPARED, {})
    provider = capability(letters, record.site_id)
    if provider is None or prepared.get("kind") != "letter":
        return None
    try:
        return provider.outcome(prepared["token"], site=record.site_id)
    except CapabilityUnavailable:
        return None
