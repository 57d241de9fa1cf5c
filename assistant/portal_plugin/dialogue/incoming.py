"""A message as it came in, made ready: guarded, scrubbed, or recognised as a command."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistant.dialogue.cleaning import USED, clean
from assistant.dialogue.commands import as_text, command_in, payload_of
from assistant.dialogue.intents import Command, Intent
from assistant.dialogue.personal_data import MASK, scrub
from assistant.dialogue.prompts import Prompt, PromptKind
from assistant.dialogue.routing import route
from assistant.dialogue.statuses import BLOCKED, Status, Words

from .standing import Standing

# What stands in the conversation where a button was pressed whose title nobody knows any more.
TITLES: dict[str, Promise] = {
    Intent.FIND_SERVICE: _("Find a service"),
    Intent.LEAVE_LETTER: _("Write a letter"),
    Intent.LETTER_STATUS: _("How does my letter stand?"),
    Intent.REPORT_ERROR: _("Report an error on this page"),
    Intent.OFFICE_HOURS: _("Opening hours"),
    Intent.HUMAN: _("Talk to a person"),
    Intent.HELP: _("What can you do?"),
    Intent.REPEAT: _("Say that again"),
    Intent.CANCEL: _("Cancel"),
    Intent.AFFIRM: _("Yes"),
    Intent.DENY: _("No"),
    Command.STOP_FORM: _("Stop the form"),
    Command.CALL_HUMAN: _("Talk to a person"),
    Command.SKIP: _("Skip"),
    Command.CONFIRM: _("Yes"),
    Command.CHANGE: _("Change"),
    Command.CHOOSE: _("This one"),
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
    title = title or str(TITLES.get(known.name, known.name))
    return Incoming(payload=payload, shown=title, is_veiled=True)


def _key(text: str) -> Incoming:
    """The code of a letter or its like: nobody but the service that knows it may read it."""
    from assistant.portal_plugin.flows.sealed import seal

    key = clean(text)[:USED]
    if not any(character.isalnum() for character in key):
        return Incoming(status=Status.SMALLTALK, words=Words.EMPTY)
    return Incoming(text=seal(key), shown=MASK, is_veiled=True)


def _typed(text: str, prompt: Prompt | None) -> Incoming:
    routed = route(text)
    hidden = tuple(sorted(routed.hidden))
    notes = ("masked",) if hidden else ()
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
        shortened = ("shortened",) if routed.is_shortened else ()
        return Incoming(
            as_text(routed.question),
            shown=routed.question,
            whole=scrubbed,
            hidden=hidden,
            notes=(*notes, *shortened),
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
