"""Buttons that are pressed while no form waits for them."""

from assistant.dialogue.contract import Action
from assistant.dialogue.intents import Command
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action

from .offers import offer_everything
from .offices import OFFICE, tell_office
from .people import human
from .policies import POLICY, tell_policy
from .talk import LANGUAGE, cancel, to_language
from .voice import Voice


@action(Action.NOTHING_TO_CONFIRM)
def pressed(turn: Turn) -> Outcome:
    """A choice of something that was offered; of all others, that nothing is open."""
    if turn.intent == Command.CALL_HUMAN:
        return human(turn)
    if turn.intent != Command.CHOOSE:
        return cancel(turn)
    kind, _, value = turn.entity("value").partition(":")
    outcome = None
    if kind == LANGUAGE and value in languages.NAMES:
        return to_language(turn, value)
    if kind == POLICY and _is_key(value):
        outcome = tell_policy(turn, int(value))
    elif kind == OFFICE and _is_key(value):
        outcome = tell_office(turn, int(value))
    if outcome is not None:
        return outcome
    voice = Voice(turn)
    record = voice.record(Status.SMALLTALK, voice("talk.gone_choice"))
    return Outcome(record, offer_everything(turn, voice))


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 16
