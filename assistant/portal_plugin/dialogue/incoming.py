"""A message as it came in, made ready: guarded, scrubbed, or recognised as a command."""

from dataclasses import dataclass

from assistant.dialogue.cleaning import USED, clean
from assistant.dialogue.commands import as_text, command_in, payload_of
from assistant.dialogue.intents import Command, Intent
from assistant.dialogue.prompts import Prompt, PromptKind
from assistant.dialogue.routing import route
from assistant.dialogue.statuses import BLOCKED, Status, Words
from assistant.portal_plugin.answering import wording
from assistant.portal_plugin.answering.sentences import SENTENCES
from assistant.portal_plugin.flows.sealed import seal
from portal.text.personal_data import MASK, scrub

from .standing import Standing
from .trackers import shortened

# What stands in the conversation where a button was pressed whose title nobody knows any more.
_TITLES: dict[str, str] = {
    Intent.CANCEL: "form.stop",
    Intent.AFFIRM: "form.yes",
    Intent.DENY: "form.no",
    Command.STOP_FORM: "form.stop",
    Command.CALL_HUMAN: "start.human",
    Command.SKIP: "form.skip",
    Command.CONFIRM: "form.yes",
    Command.CHANGE: "form.something_else",
    Command.CHOOSE: "form.this_one",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """``text`` or ``payload`` goes to the dialogue; ``shown`` is what may be kept of it.

    ``words``: what the guards answer at once, with ``status``. ``whole``: all that was typed,
    without personal data, for a field that gets it back. ``is_veiled``: ``shown`` cannot be made
    from what is sent.
    """

    text: str = ""
    payload: str = ""
    shown: str = ""
    whole: str = ""
    hidden: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    status: Status | None = None
    words: Words | None = None
    is_veiled: bool = False

    @property
    def command(self) -> str:
        """The name of the button, pressed or typed; "" for text."""
        found = payload_of(self.payload)
        return found.name if found else ""


def read(text: str, payload: str, standing: Standing) -> Incoming:
    """Make a message ready. Nothing of it but what is returned may be kept, sent or logged."""
    if payload:
        return _pressed(payload, standing.prompt)
    prompt = standing.prompt if standing.form else None
    command = command_in(
        clean(text), form=bool(standing.form), can_skip=bool(prompt and prompt.can_skip)
    )
    if command:
        return Incoming(payload=command, shown=scrub(clean(text)).text[:USED], is_veiled=True)
    if prompt is not None and prompt.secret:
        return _key(text)
    return _typed(text, prompt)


def _pressed(payload: str, prompt: Prompt | None) -> Incoming:
    known = payload_of(payload)
    if known is None:
        return Incoming(status=Status.SMALLTALK, words=Words.EMPTY)
    buttons = prompt.buttons if prompt else ()
    title = next((one.title for one in buttons if one.payload == payload), "")
    return Incoming(payload=payload, shown=title or _title(known.name), is_veiled=True)


def _title(name: str) -> str:
    key = _TITLES.get(name, f"start.{name}")
    return wording.sentence(key) if key in SENTENCES else name


def _key(text: str) -> Incoming:
    """The code of a letter or its like: nobody but the service that knows it may read it."""
    key = clean(text)[:USED]
    if not any(character.isalnum() for character in key):
        return Incoming(status=Status.SMALLTALK, words=Words.EMPTY)
    return Incoming(text=seal(key), shown=MASK, is_veiled=True)


def _typed(text: str, prompt: Prompt | None) -> Incoming:
    routed = route(text)
    hidden = tuple(sorted(routed.hidden))
    notes: tuple[str, ...] = ("masked",) if hidden else ()
    scrubbed = scrub(clean(text)).text
    longest = prompt.longest if prompt and prompt.kind is PromptKind.TEXT else 0
    if routed.status in BLOCKED or routed.words is Words.EMPTY:
        return Incoming(
            shown=routed.question,
            whole=scrubbed,
            hidden=hidden,
            notes=notes,
            status=routed.status,
            words=routed.words,
        )
    if not longest:
        if routed.is_shortened:
            notes = (*notes, "shortened")
        return Incoming(
            as_text(routed.question),
            shown=routed.question,
            whole=scrubbed,
            hidden=hidden,
            notes=notes,
        )
    if len(scrubbed) > longest:
        return Incoming(shown=scrubbed, whole=scrubbed, status=Status.FORM, words=Words.TOO_LONG)
    return Incoming(
        as_text(scrubbed),
        shown=shortened(scrubbed),
        whole=scrubbed,
        hidden=hidden,
        notes=notes,
    )
