"""Lists of words as editors type them, one a line; and circles among synonyms."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

LONGEST_WORD = 60
MOST_WORDS = 60
# What people put between words: ends of lines, commas, the Chinese list comma, semicolons, bars.
_BETWEEN = re.compile(r"[\n\r,，、;；|]+")


def tidy(word: str) -> str:
    """One way to write a word: composed, without spaces around and with one inside."""
    return " ".join(unicodedata.normalize("NFKC", word).split())


def same(word: str) -> str:
    """What two ways to write a word have in common: letters and digits, in small letters."""
    return "".join(sign for sign in tidy(word).lower() if sign.isalnum())


def split_words(text: str) -> list[str]:
    """The words of a text, tidied, each once, in their order; what is empty is left out."""
    found: dict[str, str] = {}
    for word in _parts(text):
        found.setdefault(same(word) or word, word)
    return list(found.values())


def join_words(words: Iterable[str]) -> str:
    """The words as they are stored: one a line."""
    return "\n".join(words)


def is_empty(word: str) -> bool:
    """Whether nothing is left that could be looked for."""
    return not same(word)


def twice(text: str) -> list[str]:
    """The words that stand in a text more than once, as they are written first."""
    seen: dict[str, str] = {}
    found: dict[str, str] = {}
    for word in _parts(text):
        key = same(word) or word
        if key in seen:
            found[key] = seen[key]
        seen.setdefault(key, word)
    return list(found.values())


def _parts(text: str) -> Iterator[str]:
    # Composed before it is split: a wide bar or a small comma separates as the plain one does.
    for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        if word := tidy(part):
            yield word


def circle(
    leads: Mapping[str, Iterable[str]], words: Iterable[str], meanings: Iterable[str]
) -> Sequence[str]:
    """The way back from a meaning to one of the words, if it is there: a rule that closes a circle.

    Args:
        leads: what each word leads to by the rules that there are; keys as ``same`` gives them.
        words: of the new rule, likewise.
        meanings: what they are to lead to.

    Returns:
        The words of the shortest such way, from the first meaning to the word; empty: no circle.
    """
    ends = set(words)
    meanings = list(meanings)
    waiting: list[tuple[str, ...]] = [(start,) for start in meanings]
    seen = set(meanings)
    for way in waiting:  # grows while it is read: breadth first
        if way[-1] in ends:
            return way
        for following in leads.get(way[-1], ()):
            if following not in seen:
                seen.add(following)
                waiting.append((*way, following))
    return ()
