"""The way of one message up to the search: cleaned, guarded, recognised or let through."""

from dataclasses import dataclass

from portal.text.personal_data import MASK, Kind, scrub

from .cleaning import USED, clean, relevant
from .injection import is_injection
from .smalltalk import recognise
from .statuses import Status, Words


@dataclass(frozen=True, slots=True)
class Route:
    """What to do with a message. ``status`` None: look for an answer to ``question``.

    ``question`` is clean, without personal data, and at most ``USED`` characters long: nothing else
    of the message may be kept, logged or shown. ``hidden`` says what was masked in it.
    """

    status: Status | None
    words: Words | None
    question: str
    hidden: frozenset[Kind] = frozenset()
    is_shortened: bool = False


def route(message: str) -> Route:
    """Decide about a message of any length and any content.

    Personal data is looked for in the whole message, before anything of it is cut off: a number
    must not slip through because it stood across the cut.
    """
    text = clean(message)
    scrubbed = scrub(text)
    question = relevant(scrubbed.text)
    shortened = len(scrubbed.text) > USED
    hidden = scrubbed.kinds

    def routed(status: Status | None, words: Words | None) -> Route:
        return Route(status, words, question, hidden, shortened)

    if Kind.IDENTITY in hidden:
        return routed(Status.BLOCKED_PERSONAL_DATA, Words.IDENTITY_NUMBER)
    if Kind.BANK_CARD in hidden:
        return routed(Status.BLOCKED_PERSONAL_DATA, Words.BANK_CARD)
    # A command may hide behind a long letter: the whole text is looked through.
    if is_injection(text):
        return routed(Status.BLOCKED_INJECTION, Words.INJECTION)
    if not any(character.isalnum() for character in question.replace(MASK, "")):
        return routed(Status.SMALLTALK, Words.EMPTY)
    known = recognise(question)
    if known is Words.HANDED_OVER:
        return routed(Status.HANDED_OVER, known)
    if known is not None:
        return routed(Status.SMALLTALK, known)
    return routed(None, None)
