"""A person: the hotline, when somebody is there, and a letter that is filled in with the talk."""

from django.utils.translation import override

from assistant.dialogue.contract import Action
from assistant.dialogue.intents import Intent
from assistant.dialogue.statuses import Status, Words
from assistant.portal_plugin.answering.contact import contact
from assistant.portal_plugin.dialogue import asking
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action

from .providers import letters_at
from .voice import Voice, payload

WITH_TALK = "with_talk"  # the value of the button that adds the conversation to a letter


def letter_payload(site: int | None) -> str:
    """What a button sends to begin a letter with the conversation; "" where none can begin."""
    if not asking.is_set_up() or letters_at(site) is None:
        return ""
    return payload(Intent.LEAVE_LETTER, value=WITH_TALK)


@action(Action.HUMAN)
def human(turn: Turn) -> Outcome:
    """Whom to call and when; where letters are taken, one with this conversation."""
    voice = Voice(turn)
    with override(voice.spoken):
        found = contact(turn.question.site)
    takes_letters = letters_at(turn.question.site) is not None
    record = voice.record(
        Status.HANDED_OVER,
        voice(Words.HANDED_OVER.value),
        voice("human.call", phone=found.phone) if found.phone else "",
        found.opening,
        voice("human.letter") if takes_letters else "",
    )
    buttons = [
        voice.button("start.office_hours", payload(Intent.OFFICE_HOURS)),
        voice.button("start.help", payload(Intent.HELP)),
    ]
    if takes_letters:
        with_talk = voice.button("human.with_talk", payload(Intent.LEAVE_LETTER, value=WITH_TALK))
        buttons.insert(0, with_talk)
    return Outcome(record, voice.offer(buttons))
