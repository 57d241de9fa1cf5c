"""What was gathered, filled in on the page of the plugin that takes it. The chat sends nothing."""

import logging
from collections.abc import Callable

from django.utils.translation import override

from assistant.dialogue.intents import Intent
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn
from portal.plugin_api import CapabilityUnavailable, DraftRefused, PreparedPage

from . import forms
from .forms import Choices, Form
from .offers import offer
from .providers import Taker, kinds_of
from .voice import Voice, link, payload

logger = logging.getLogger(__name__)

PREPARED = "prepared"  # in a receipt's content: {"kind", "token", "url"} of what was filled in
AGAIN = "again"  # the value of the button that tries once more with what was gathered


def choices(provider: Taker | None, voice: Voice) -> Choices:
    """The kinds that are taken, as a form offers them."""
    found = kinds_of(provider, site=voice.site, language=voice.spoken)
    return [(kind.key, kind.label) for kind in found]


def prefill(
    form: Form,
    turn: Turn,
    prepare: Callable[[], PreparedPage | DraftRefused],
    *,
    kind: str,
    sentences: tuple[str, str],
    again: Intent,
    onward: tuple[Intent, ...],
) -> Outcome:
    """Have a page filled in, and lead to it. ``sentences``: that it waits, and the link's words.

    Where it cannot be done, or is refused, everything stays for a button that tries ``again``.
    """
    voice = Voice(turn)
    once_more = payload(again, value=AGAIN)
    try:
        with override(voice.spoken):
            page = prepare()
    except CapabilityUnavailable:
        logger.warning("a %s could not be filled in; the visitor is told to try again", kind)
        return forms.failed(form, turn, once_more)
    if isinstance(page, DraftRefused):
        return forms.failed(form, turn, once_more, page.reason)
    record = voice.record(Status.FORM, voice(sentences[0]))
    record.content[PREPARED] = {"kind": kind, "token": page.token, "url": page.url}
    record.content["actions"] = [link(kind, voice(sentences[1]), page.url)]
    return Outcome(record, offer(turn, voice, onward))
