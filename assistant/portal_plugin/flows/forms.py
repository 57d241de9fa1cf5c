"""Forms: what each asks, how a reply is taken, what happens between, and how it ends.

One set of rules for letters, reports and the skills of plugins. A form never leaves a reply without
an answer: it takes it, says why not, answers a question that was asked in between and asks again,
or stops. It never ends in something being done without a clear yes to what stands in the review.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.dialogue.choosing import choice_in, is_no, is_yes
from assistant.dialogue.contract import Action, Said
from assistant.dialogue.intents import Command, Intent
from assistant.dialogue.prompts import Button, Filled, Prompt, PromptKind, Step
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action_named
from portal.text.personal_data import MASK

from .offers import offer_everything
from .talk import small_talk
from .voice import Voice, payload

type Choices = Sequence[tuple[str, str]]

# Asked in between, where a reply is no free text: answered, then the form goes on.
_LOOKED_UP = {
    Intent.ASK_QUESTION: Action.ANSWER,
    Intent.FIND_SERVICE: Action.FIND_SERVICE,
    Intent.ASK_POLICY: Action.ASK_POLICY,
    Intent.OFFICE_HOURS: Action.OFFICE_HOURS,
    Intent.HUMAN: Action.HUMAN,
    Intent.SWITCH_LANGUAGE: Action.SWITCH_LANGUAGE,
    Command.CALL_HUMAN: Action.HUMAN,
}
_SMALL_TALK = {
    Intent.GREETING: Said.GREETING,
    Intent.THANKS: Said.THANKS,
    Intent.HELP: Said.HELP,
}
_OTHER_FORMS = frozenset({Intent.LEAVE_LETTER, Intent.REPORT_ERROR, Intent.LETTER_STATUS})


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a form asks.

    ``label``, ``ask`` and ``hint`` give their texts in the visitor's language. ``choices``: (key,
    label) of which one is taken; else text of at most ``longest`` characters. ``check`` says why a
    text cannot be taken, "" where it can. What is ``secret`` comes sealed and is never shown.
    """

    slot: str
    label: Callable[[Voice], str]
    ask: Callable[[Voice], str]
    hint: Callable[[Voice], str] = lambda _voice: ""
    choices: Callable[[Voice], Choices] | None = None
    check: Callable[[Turn, str], str] | None = None
    longest: int = 0
    can_skip: bool = False
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form: ``name`` is that of Rasa's loop. ``confirmed`` is the slot of the visitor's yes, ""
    for a form that changes nothing; ``aside`` are slots that are remembered beside.

    ``about`` gives further lines of the review. ``finish`` does what the form is for.
    """

    name: str
    title: Callable[[Voice], str]
    fields: tuple[Asked, ...]
    finish: Callable[[Turn], Outcome]
    confirmed: str = ""
    confirm: Callable[[Voice], str] = lambda _voice: ""
    aside: tuple[str, ...] = ()
    about: Callable[[Turn, Voice], Sequence[Filled]] = field(default=lambda _turn, _voice: ())

    @property
    def slots(self) -> tuple[str, ...]:
        """What is asked, in order."""
        return (*(one.slot for one in self.fields), *([self.confirmed] if self.confirmed else []))

    @property
    def forgotten(self) -> dict[str, Any]:
        """All of its slots, empty."""
        return dict.fromkeys((*self.slots, *self.aside))

    def field(self, slot: str) -> Asked | None:
        return next((one for one in self.fields if one.slot == slot), None)

    def is_complete(self, slots: Mapping[str, Any]) -> bool:
        """Whether everything is there but the yes."""
        return all(isinstance(slots.get(one.slot), str) for one in self.fields)


# --- beginning ------------------------------------------------------------------------------------
def begin(form: Form, **slots: Any) -> Outcome:
    """Open a form, with nothing in it but these."""
    return Outcome(slots=form.forgotten | slots, then=form.name)


# --- asking ---------------------------------------------------------------------------------------
def ask(form: Form, slot: str, turn: Turn) -> Outcome:
    """Ask for one thing, or show all that was gathered and ask for the yes."""
    voice = Voice(turn)
    step = Step(form.name, form.title(voice), form.slots.index(slot) + 1, len(form.slots))
    asked = form.field(slot)
    if asked is None:
        prompt = _confirmation(form, slot, step, turn, voice)
    else:
        choices = asked.choices(voice) if asked.choices else ()
        prompt = Prompt(
            PromptKind.CHOICE if choices else PromptKind.TEXT,
            field=slot,
            question=asked.ask(voice),
            hint=asked.hint(voice),
            buttons=tuple(
                Button(label, payload(Command.CHOOSE, value=key)) for key, label in choices
            ),
            step=step,
            longest=asked.longest,
            secret=asked.is_secret,
            can_skip=asked.can_skip,
        )
    return Outcome(voice.record(Status.FORM, prompt.question), voice.prompt(prompt))


def _confirmation(form: Form, slot: str, step: Step, turn: Turn, voice: Voice) -> Prompt:
    review = (*_review(form, turn, voice), *form.about(turn, voice))
    masked = any(MASK in line.value for line in review)
    return Prompt(
        PromptKind.CONFIRM,
        field=slot,
        question=form.confirm(voice),
        hint=voice("form.masked") if masked else "",
        buttons=(
            voice.button("form.yes", payload(Command.CONFIRM)),
            *(
                voice.button(
                    "form.change", payload(Command.CHANGE, field=line.field), label=line.label
                )
                for line in review
                if line.field
            ),
        ),
        review=review,
        step=step,
    )


def _review(form: Form, turn: Turn, voice: Voice) -> Iterator[Filled]:
    for asked in form.fields:
        value = str(turn.slots.get(asked.slot) or "")
        if asked.choices:
            value = dict(asked.choices(voice)).get(value, value)
        if asked.is_secret:
            value = MASK
        yield Filled(asked.label(voice), value, asked.slot)


# --- taking a reply -------------------------------------------------------------------------------
def take(form: Form, turn: Turn) -> Outcome:
    """What a message does to the form that is open."""
    if not turn.asked:  # the form is only being opened: the message began it and fills nothing
        return Outcome(slots={form.slots[-1]: None})
    if turn.intent == Command.STOP_FORM:
        return _stopped(form)
    if turn.intent == Command.CHANGE:
        return _changed(form, turn)
    asked = form.field(turn.asked)
    if asked is None:
        return _take_yes(form, turn)
    if turn.is_pressed:
        return _take_button(form, asked, turn)
    if asked.choices:
        return _take_choice(form, asked, turn)
    return _take_text(asked, turn)


def _stopped(form: Form) -> Outcome:
    """Ends the form without the yes; what submits it says so."""
    return Outcome(slots=form.forgotten, stop_form=True)


def _changed(form: Form, turn: Turn) -> Outcome:
    """Ask a field once more; what it held is forgotten, the rest stays."""
    slot = turn.entity("field")
    if form.field(slot) is None:
        return _refused(turn, "talk.gone_choice")
    forgotten = {slot: None} | ({form.confirmed: None} if form.confirmed else {})
    return Outcome(slots=forgotten)


def _take_button(form: Form, asked: Asked, turn: Turn) -> Outcome:
    if turn.intent == Command.CHOOSE:
        value = turn.entity("value")
        keys = {key for key, _label in asked.choices(Voice(turn))} if asked.choices else set()
        if value in keys:
            return Outcome(slots={asked.slot: value})
        return _refused(turn, "talk.gone_choice")
    if turn.intent == Command.SKIP:
        if asked.can_skip:
            return Outcome(slots={asked.slot: ""})
        return _refused(turn, "form.no_skip")
    return _between(turn) or _refused(turn, "talk.gone_choice")


def _take_choice(form: Form, asked: Asked, turn: Turn) -> Outcome:
    voice = Voice(turn)
    choices = asked.choices(voice) if asked.choices else ()
    as_shown = [(key, voice.written(label)) for key, label in choices]
    value = choice_in(turn.question.message, as_shown)
    if value:
        return Outcome(slots={asked.slot: value})
    if turn.intent == Intent.CANCEL:
        return _stopped(form)
    return _between(turn) or _refused(turn, "form.choose")


def _take_text(asked: Asked, turn: Turn) -> Outcome:
    text = turn.question.message.strip()
    if not asked.is_secret:
        if not any(sign.isalnum() for sign in text.replace(MASK, "")):
            return _refused(turn, "form.empty")
        if asked.longest and len(text) > asked.longest:
            return _refused(
                turn, "form.too_long", over=len(text) - asked.longest, longest=asked.longest
            )
    problem = asked.check(turn, text) if asked.check else ""
    if problem:
        return _refusal(turn, problem)
    return Outcome(slots={asked.slot: text})


def _take_yes(form: Form, turn: Turn) -> Outcome:
    """Only the button of the review, or a message that is nothing but a yes."""
    pressed = turn.is_pressed and turn.intent == Command.CONFIRM
    said = not turn.is_pressed and is_yes(turn.question.message)
    if pressed or said:
        if form.is_complete(turn.slots):
            return Outcome(slots={form.confirmed: True})
        return Outcome(slots={form.confirmed: None})  # asks what is still missing
    if turn.is_pressed and turn.intent == Command.CHOOSE:
        return _refused(turn, "talk.gone_choice")
    if turn.intent == Intent.DENY or is_no(turn.question.message):
        return _refused(turn, "form.not_confirmed")
    if turn.intent == Intent.CANCEL:
        return _stopped(form)
    return _between(turn) or _refused(turn, "form.say_yes")


def _between(turn: Turn) -> Outcome | None:
    """The answer to what was asked in between; None where it was nothing of the kind."""
    outcome: Outcome | None = None
    if turn.intent in _OTHER_FORMS:
        return _refused(turn, "form.busy")
    if turn.intent in _SMALL_TALK:
        outcome = small_talk(_SMALL_TALK[Intent(turn.intent)], turn)
    elif (name := _LOOKED_UP.get(turn.intent)) is not None:  # type: ignore[call-overload]
        found = action_named(name)
        outcome = found(turn) if found is not None else None
    if outcome is None or outcome.record is None:
        return None
    # What it offers would lead out of the form: the form's own question stands below it.
    return Outcome(outcome.record, slots={turn.asked: None}, language=outcome.language)


def _refused(turn: Turn, key: str, **values: object) -> Outcome:
    return _refusal(turn, Voice(turn)(key, **values))


def _refusal(turn: Turn, text: str) -> Outcome:
    """Say why a reply was not taken; the form asks again."""
    return Outcome(Voice(turn).record(Status.FORM, text), slots={turn.asked: None})


# --- ending ---------------------------------------------------------------------------------------
def submit(form: Form, turn: Turn) -> Outcome:
    """Do what the form is for, where the visitor said yes to it; else say that it was stopped."""
    agreed = turn.slots.get(form.confirmed) is True if form.confirmed else True
    if not agreed or not form.is_complete(turn.slots):
        voice = Voice(turn)
        record = voice.record(Status.FORM, voice("form.stopped"))
        return Outcome(record, offer_everything(turn, voice), slots=form.forgotten)
    outcome = form.finish(turn)
    if not outcome.slots:
        outcome.slots = form.forgotten
    return outcome


def failed(form: Form, turn: Turn, again: str, text: str = "") -> Outcome:
    """It could not be done just now: what was gathered stays, for the button that tries again."""
    voice = Voice(turn)
    record = voice.record(Status.UNAVAILABLE, text or voice("form.failed"))
    buttons = [
        voice.button("start.again", again),
        voice.button("start.human", payload(Intent.HUMAN)),
    ]
    return Outcome(record, voice.offer(buttons), slots={form.confirmed: None})
