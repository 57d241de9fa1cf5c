"""Letters as an account may read them: who may not know who wrote reads masked words.

The copies made here are shown and never saved.
"""

import copy
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from portal.interaction.masking import masked
from portal.interaction.models import Letter, LetterSender
from portal.interaction.permissions import may_see_writer
from portal.interaction.services.flow import public_words

_OF_LETTER = ("subject", "text", "chinese_text", "conversation", "marked_text")


def hiding(user: Any, letter: Letter) -> Callable[[str], str]:
    """What a text that belongs to a letter is put through before this account reads it."""
    if may_see_writer(user, letter):
        return str
    names = list(LetterSender.objects.filter(letter=letter).values_list("name", flat=True))
    return lambda text: masked(text, filter(None, names))


def hiding_in_reply(user: Any, letter: Letter) -> Callable[[str], str]:
    """The same for an office's own words, in which its telephone stays."""
    return str if may_see_writer(user, letter) else partial(public_words, letter=letter)


def seen_letter(letter: Letter, hide: Callable[[str], str]) -> Letter:
    return hidden_in(letter, _OF_LETTER, hide)


def hidden_in[Row](row: Row, fields: Iterable[str], hide: Callable[[str], str]) -> Row:
    """A copy of a row with the named texts hidden; the row itself where nothing is to be hidden."""
    if hide is str:
        return row
    shown = copy.copy(row)
    for field in fields:
        setattr(shown, field, hide(getattr(shown, field) or ""))
    return shown


def subject_for(user: Any, letter: Letter) -> str:
    """For lists, without a query for each letter."""
    if may_see_writer(user, letter):
        return letter.subject
    return letter.masked_subject or masked(letter.subject)
