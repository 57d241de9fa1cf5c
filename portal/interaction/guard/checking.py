"""All the guard's questions about one reply."""

from collections.abc import Sequence

from .belonging import belonging
from .findings import Finding, LetterText, OtherText
from .form import form
from .sameness import is_same


def check(letter: LetterText, reply: str, others: Sequence[OtherText] = ()) -> list[Finding]:
    """Everything to be said about a reply, what stops it first.

    ``others`` are letters of the same desk with their replies (a few hundred are enough).
    """
    if not reply.strip():
        return [Finding("empty", blocking=True)]
    found = [*belonging(letter, reply, others), *_said_before(letter, reply, others)]
    found += form(letter, reply)
    return sorted(found, key=lambda finding: not finding.blocking)


def _said_before(letter: LetterText, reply: str, others: Sequence[OtherText]) -> list[Finding]:
    for other in others:
        if other.reply and other.number != letter.number and is_same(reply, other.reply):
            return [Finding("same_reply", blocking=False, detail=other.number)]
    return []
