"""Words of names, and the marks by which a wrong one leads to the right one.

A word has marks for itself, for its sound, for its sound as many speak it, and for what remains
when one sign, or one syllable, is taken away. Two words that differ in one sign share such a mark;
so what is near is found by looking up equal strings, whatever the number of words.
"""

import hashlib
from collections.abc import Iterable, Iterator

import rjieba

from portal.text.script import has_han
from portal.text.sounds import loose, spelt

from .names import is_chinese, joined, signs

LONGEST = 10  # signs of a word or group of words
# Words in a group: of a short name, and of a long title, which is remembered by its words.
_GROUP, _GROUP_OF_LONG = 4, 2
_LONG = 16  # signs

WRITTEN, SOUND, LOOSE, INITIALS = "=", "s", "l", "i"
WITHOUT_SIGN, WITHOUT_SYLLABLE = "-", "m"


def words(name: str, language: str, *, groups: bool) -> set[str]:
    """The words of a name that somebody may look for; with ``groups`` also those that follow each
    other, and the whole name: 公积金 and 公积金提取 of 住房公积金提取."""
    parts = [sign for sign, _begin, _end in signs(name, language)]
    if not is_chinese(language):
        return {part for part in parts if len(part) >= 3 and not part.isdecimal()}
    found: set[str] = set()
    largest = _GROUP if len(parts) <= _LONG else _GROUP_OF_LONG
    run: list[str] = []
    for part in [*parts, ""]:
        if part and has_han(part):
            run.append(part)
            continue
        if run:
            found |= _of_run("".join(run), largest if groups else 1)
        run = []
    whole = joined(parts, language)
    if groups and 2 <= len(whole) <= 2 * LONGEST and has_han(whole):
        found.add(whole)
    return found


def _of_run(run: str, largest: int) -> set[str]:
    cut = rjieba.cut(run, False)
    found = {word for word in (*cut, *rjieba.cut_for_search(run, False)) if len(word) >= 2}
    return found | {
        group
        for first in range(len(cut))
        for last in range(first + 2, min(first + largest, len(cut)) + 1)
        if len(group := "".join(cut[first:last])) <= LONGEST
    }


def marks(word: str, language: str) -> set[str]:
    """The marks that are stored for a word."""
    found = {WRITTEN + word}
    if len(word) > 2 * LONGEST:
        return found
    if len(word) >= 3:
        found |= {WITHOUT_SIGN + rest for rest in without_one(word)}
    if not is_chinese(language):
        return found
    spellings = [spelling for _sign, spelling in spelt(word)]
    found.add(SOUND + "".join(spellings))
    folded = [loose(spelling) for spelling in spellings]
    found.add(LOOSE + " ".join(folded))
    if len(folded) >= 3:
        found.add(INITIALS + "".join(spelling[0] for spelling in spellings))
        found |= {WITHOUT_SYLLABLE + rest for rest in without_syllable(folded)}
    return found


def number(mark: str) -> int:
    """A mark as it is stored, a third as large. Two that meet cost one word too many to look at."""
    digest = hashlib.blake2b(mark.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def typed_marks(word: str, spellings: list[str]) -> Iterator[str]:
    """Where to look for what may have been meant by a typed word. ``spellings``: of its signs,
    as they are read where it stands; empty where there is no sound."""
    yield WRITTEN + word
    yield WITHOUT_SIGN + word
    if len(word) >= 3:
        for rest in without_one(word):
            yield WRITTEN + rest
            yield WITHOUT_SIGN + rest
    if not spellings:
        return
    yield SOUND + "".join(spellings)
    folded = [loose(spelling) for spelling in spellings]
    yield LOOSE + " ".join(folded)
    if len(folded) >= 3:
        for rest in without_syllable(folded):
            yield WITHOUT_SYLLABLE + rest


def without_one(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def without_syllable(folded: list[str]) -> Iterable[str]:
    """The place is kept: that two words differ in one syllable, at the same place, is asked."""
    for place in range(len(folded)):
        yield " ".join((*folded[:place], "*", *folded[place + 1 :]))
