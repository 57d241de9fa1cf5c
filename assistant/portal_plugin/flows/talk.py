"""About the conversation itself: its language, what was said, what is to be stopped."""

from dataclasses import replace

from assistant.dialogue.contract import Action, Said
from assistant.dialogue.intents import Intent
from assistant.dialogue.naming import language_in
from assistant.dialogue.prompts import Button
from assistant.dialogue.statuses import Status, Words
from assistant.portal_plugin.answering import languages
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from assistant.portal_plugin.models.conversations import AnswerRecord
from assistant.portal_plugin.services.answers import compose

from .offers import OTHERWISE, offer, offer_everything
from .voice import Voice, payload

LANGUAGE = "language"  # values of the buttons that choose one: ``language:en``
_LOOKED_UP = (Status.ANSWERED, Status.CLARIFY, Status.DECLINED_NO_SOURCE)
_SAID = {
    Said.GREETING: Words.GREETING,
    Said.THANKS: Words.THANKS,
    Said.GOODBYE: Words.GOODBYE,
    Said.HELP: Words.ABILITIES,
}


def small_talk(said: Said, turn: Turn) -> Outcome:
    """A greeting, thanks, goodbye, or what can be done here."""
    voice = Voice(turn)
    words = _SAID[said]
    record = voice.record(Status.SMALLTALK, voice(words.value))
    record.words = words
    everything = said in (Said.GREETING, Said.HELP)
    return Outcome(record, offer_everything(turn, voice) if everything else None)


# --- language -------------------------------------------------------------------------------------
@action(Action.SWITCH_LANGUAGE)
def switch_language(turn: Turn) -> Outcome:
    """Go on in the language that the message names; else ask which."""
    wanted = language_in(turn.question.message)
    return to_language(turn, wanted) if wanted in languages.NAMES else _which_language(turn)


def to_language(turn: Turn, language: str) -> Outcome:
    """Go on in a language; what was last asked can be answered in it at once."""
    voice = Voice(turn, language)
    record = voice.record(Status.SMALLTALK, voice("talk.language"))
    buttons = []
    if _last_question(turn) is not None:
        buttons.append(voice.button("start.repeat", payload(Intent.REPEAT)))
    buttons.append(voice.button("start.help", payload(Intent.HELP)))
    return Outcome(record, voice.offer(buttons), language=language)


def _which_language(turn: Turn) -> Outcome:
    voice = Voice(turn)
    record = voice.record(Status.CLARIFY, voice("talk.which_language"))
    buttons = [
        Button(name, payload("choose", value=f"{LANGUAGE}:{code}"))
        for code, name in languages.NAMES.items()
    ]
    return Outcome(record, replace(voice.offer(buttons), field=LANGUAGE))


# --- again ----------------------------------------------------------------------------------------
@action(Action.REPEAT)
def repeat(turn: Turn) -> Outcome:
    """Say the last answer again; in another language than then, it is looked up anew."""
    voice = Voice(turn)
    last = _last_question(turn)
    if last is None:
        record = voice.record(Status.SMALLTALK, voice("talk.nothing_said"))
        return Outcome(record, offer_everything(turn, voice))
    # Looked up again, not copied: what was repealed in the meantime is not said a second time.
    question = replace(turn.question, message=last.question, as_of=last.as_of)
    record = compose(question=question)
    answered = record.status == Status.ANSWERED
    return Outcome(record, None if answered else offer(turn, voice, OTHERWISE))


def _last_question(turn: Turn) -> AnswerRecord | None:
    """The last answer to something that was asked in words."""
    found = turn.earlier().exclude(question="").filter(status__in=_LOOKED_UP)
    return found.order_by("-asked_at").first()


# --- stop -----------------------------------------------------------------------------------------
@action(Action.CANCEL)
def cancel(turn: Turn) -> Outcome:
    """Nothing is open: say so, and what can be done."""
    voice = Voice(turn)
    record = voice.record(Status.SMALLTALK, voice("talk.nothing_open"))
    return Outcome(record, offer_everything(turn, voice))


@action(Action.FORM_STOPPED)
def form_stopped(turn: Turn) -> Outcome:
    """A form that was open is over; what was entered is forgotten."""
    voice = Voice(turn)
    record = voice.record(Status.FORM, voice("form.stopped"))
    return Outcome(record, offer_everything(turn, voice), stop_form=True)
