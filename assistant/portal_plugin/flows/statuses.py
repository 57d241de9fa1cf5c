"""How a letter stands, for whoever has its number and its code.

Both are keys: they go through the dialogue sealed (``sealed``) and are neither kept nor shown.
"""

import re

from assistant.dialogue.contract import SLOTS, Action
from assistant.dialogue.contract import Form as FormName
from assistant.dialogue.intents import Intent
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from portal.plugin_api import CapabilityUnavailable, LetterReceipt, capability, letters

from . import forms
from .forms import Asked, Form
from .letters import outcome_of, prepared_in
from .offers import OTHERWISE, offer
from .prefilled import PREPARED
from .providers import letters_at
from .sealed import Broken, unseal
from .voice import Voice, link, payload

OTHER = "other"  # the value of the button that asks for a letter's number all the same
_NUMBER, _CODE = SLOTS[FormName.STATUS]
_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}")


def _check(turn: Turn, sealed: str) -> str:
    try:
        typed = unseal(sealed)
    except Broken:
        return Voice(turn)("status.expired")
    return "" if _SHAPE.fullmatch(typed.strip()) else Voice(turn)("status.shape")


def _show(turn: Turn) -> Outcome:
    voice = Voice(turn)
    provider = capability(letters, turn.question.site)
    if provider is None:
        return _no_status(turn, voice)
    again = [
        voice.button("start.again", payload(Intent.LETTER_STATUS, value=OTHER)),
        voice.button("start.human", payload(Intent.HUMAN)),
    ]
    try:
        number, code = (unseal(turn.slots[slot]).strip() for slot in (_NUMBER, _CODE))
    except Broken:
        record = voice.record(Status.UNAVAILABLE, voice("status.expired"))
        return Outcome(record, voice.offer(again))
    try:
        standing = provider.status(
            number=number,
            code=code,
            site=turn.question.site,
            language=voice.spoken,
            visitor=turn.question.visitor,
        )
    except CapabilityUnavailable:
        record = voice.record(Status.UNAVAILABLE, voice("form.failed"))
        return Outcome(record, voice.offer(again))
    if standing is None:
        record = voice.record(Status.FORM, voice("status.unknown"))
        return Outcome(record, voice.offer(again))
    record = voice.record(
        Status.FORM,
        voice("status.state", number=standing.number, state=standing.state),
        voice("status.since", day=voice.day(standing.since)) if standing.since else "",
        voice("status.due", day=voice.day(standing.due)) if standing.due else "",
    )
    record.content["actions"] = [link("letter", voice("status.open"), standing.url)]
    return Outcome(record, offer(turn, voice, (Intent.HUMAN, Intent.HELP)))


STATUS = Form(
    FormName.STATUS,
    title=lambda voice: voice("status.title"),
    fields=(
        Asked(
            _NUMBER,
            label=lambda voice: voice("status.number_label"),
            ask=lambda voice: voice("status.number"),
            hint=lambda voice: voice("status.number_hint"),
            check=_check,
            longest=40,
            is_secret=True,
        ),
        Asked(
            _CODE,
            label=lambda voice: voice("status.code_label"),
            ask=lambda voice: voice("status.code"),
            hint=lambda voice: voice("status.code_hint"),
            check=_check,
            longest=40,
            is_secret=True,
        ),
    ),
    finish=_show,
)


@action(Action.BEGIN_STATUS)
def begin_status(turn: Turn) -> Outcome:
    """Ask for number and code; a letter that was filled in here is known already."""
    if letters_at(turn.question.site) is None:
        return _no_status(turn, Voice(turn))
    if not (turn.is_pressed and turn.entity("value") == OTHER):
        own = _own_letter(turn)
        if own is not None:
            return own
    return forms.begin(STATUS)


@action(Action.VALIDATE_STATUS)
def validate_status(turn: Turn) -> Outcome:
    return forms.take(STATUS, turn)


@action(Action.SHOW_STATUS)
def show_status(turn: Turn) -> Outcome:
    return forms.submit(STATUS, turn)


def _no_status(turn: Turn, voice: Voice) -> Outcome:
    record = voice.record(Status.HANDED_OVER, voice("status.none"))
    return Outcome(record, offer(turn, voice, OTHERWISE), slots=STATUS.forgotten)


def _own_letter(turn: Turn) -> Outcome | None:
    """What became of the letter that was filled in here last; its code stays on its own page."""
    prepared = prepared_in(turn)
    if not prepared:
        return None
    voice = Voice(turn)
    sent: LetterReceipt | None = next(filter(None, map(outcome_of, prepared)), None)
    if sent is None:
        record = voice.record(Status.FORM, voice("letter.waiting"))
        url = prepared[0].content[PREPARED]["url"]
        record.content["actions"] = [link("letter", voice("letter.open"), url)]
    else:
        record = voice.record(Status.FORM, voice("letter.known", number=sent.number))
        record.content["actions"] = [link("letter", voice("status.open"), sent.url)]
    other = voice.button("start.letter_status", payload(Intent.LETTER_STATUS, value=OTHER))
    return Outcome(record, voice.offer([other, voice.button("start.human", payload(Intent.HUMAN))]))
