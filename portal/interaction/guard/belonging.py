"""Whether a reply belongs to its letter: measured against the other letters of the desk.

A swapped reply is nearly always the answer to a letter that lies on the same desk. So the question
is less "is it near enough" than "is it nearer to another one". The two bounds were set on
``tests/interaction/guard_set.yaml`` and measured on a second set that was written afterwards.
"""

from collections.abc import Sequence
from typing import Final

from .findings import Finding, LetterText, OtherText
from .terms import Rarity, terms

# Below it, the reply shares nothing with its letter that others do not share too.
_NOTHING: Final = 0.04
# So much nearer must another letter be.
_NEARER: Final = 1.5
# With fewer letters beside it rarity says nothing.
_ENOUGH: Final = 10
# Without rarity the same signs weigh more.
_NOTHING_ALONE: Final = 0.06
_SHORTEST: Final = 12


def belonging(letter: LetterText, reply: str, others: Sequence[OtherText]) -> list[Finding]:
    if len(letter.text) < _SHORTEST or len(reply) < _SHORTEST:
        return []  # too little to compare
    own_letter, own_reply = terms(letter.text), terms(reply)
    beside = [
        (other, terms(other.text))
        for other in others
        if other.text and other.number != letter.number
    ]
    if len(beside) < _ENOUGH:
        is_strange = Rarity(()).likeness(own_letter, own_reply) < _NOTHING_ALONE
        return [Finding("off_topic", blocking=True)] if is_strange else []
    replies = [terms(other.reply) for other in others if other.reply]
    rarity = Rarity([own_letter, own_reply, *(found for _other, found in beside), *replies])
    own = rarity.likeness(own_letter, own_reply)
    best, nearest = max(
        ((rarity.likeness(found, own_reply), other) for other, found in beside),
        key=lambda pair: pair[0],
    )
    # A letter that says the same as this one (many people, one matter) has the same answer.
    if best > own * _NEARER and not _same_matter(rarity, letter, nearest):
        return [Finding("other_letter", blocking=True, detail=nearest.number)]
    if own < _NOTHING:
        return [Finding("off_topic", blocking=True)]
    return []


_SAME_MATTER: Final = 0.5


def _same_matter(rarity: Rarity, letter: LetterText, other: OtherText) -> bool:
    return rarity.likeness(terms(letter.text), terms(other.text)) > _SAME_MATTER
