"""Which names somebody may be typing."""

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.text.script import has_han
from portal.text.sounds import readings, readings_of_letters, syllables

from .names import is_chinese, joined, signs, stored_language

LONGEST = 60  # signs that are looked at: a longer text is no beginning of a name
_MOST = 2_000  # names with a beginning that are ranked; more begin alike than anybody can use
_KEPT = 48
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Match:
    """``place`` and ``length``: the signs of ``name`` that were typed. ``rank``: high first."""

    key: str
    kind: str
    url: str
    page: int | None
    shown_as: str
    name: str
    place: int
    length: int
    rank: float


def matches(
    file: sqlite3.Connection, text: str, *, site: int | None, language: str, count: int
) -> list[Match]:
    """Names that begin with the text, or have a word that does: as it is written, spelt or
    abbreviated; where there is none, those that sound like it. The best first, each document and
    each text once; somewhat more than ``count``, since some may turn out to be gone."""
    language = stored_language(language)
    parts = [sign for sign, _begin, _end in signs(text[:LONGEST], language)]
    typed = joined(parts, language)
    if not typed:
        return []
    search = _Search(file, language, site, count)
    if is_chinese(language):
        has_letters = _LETTERS.search(typed) is not None
        search.written(typed, None if has_letters else len(parts))
        if has_letters:
            search.spelt(typed)
        if search.is_open:
            search.broad(typed, None if has_letters else len(parts))
        if not search.found and has_han(typed) and len(parts) >= 2:
            search.sounding("".join(syllables(typed)))
    else:
        search.written(typed, len(parts))
        if search.is_open:
            search.broad(typed, len(parts))
    return search.best()


class _Search:
    def __init__(
        self, file: sqlite3.Connection, language: str, site: int | None, count: int
    ) -> None:
        self._file = file
        self._language = language
        self._site = site
        self._count = count
        self._now = time.time()
        self.found: list[Match] = []

    @property
    def is_open(self) -> bool:
        """Whether more may be added."""
        return len({match.shown_as for match in self.found}) < self._count

    def best(self) -> list[Match]:
        chosen: dict[str, Match] = {}
        documents: set[str] = set()
        for match in sorted(self.found, key=lambda match: -match.rank):
            if match.shown_as not in chosen and match.key not in documents:
                chosen[match.shown_as] = match
                documents.add(match.key)
        return list(chosen.values())[: self._count + 8]

    def written(self, typed: str, length: int | None) -> None:
        if len(typed) <= 2:
            self._heads(typed, length)
        else:
            self._range("written", typed, length, narrow=True)

    def broad(self, typed: str, length: int | None) -> None:
        """Titles of news: below everything else, and by how they begin alone."""
        if len(typed) >= 2:
            self._range("written", typed, length, narrow=False)

    def spelt(self, typed: str) -> None:
        """Letters among what was typed: spelling, initials, or both mixed with characters."""
        if typed.isalpha() and typed.isascii():
            if len(typed) <= 2:
                self._heads(typed, None)
            else:
                self._range("spelt", typed, None)
        if not self.is_open:
            return  # spelt out: initials would only add what is less like it
        tried: set[tuple[str, str]] = set()
        for parts in _ways(typed):
            initials = "".join(initial for _part, initial in parts)
            first = parts[0][0]
            if (initials, first) in tried or len(initials) < 2:
                continue
            tried.add((initials, first))
            self._initials(initials, first, typed)
            if len(tried) >= 12:
                return

    def sounding(self, spelling: str) -> None:
        """Characters that sound right and are wrong: 居住正 begins 居住证."""
        if spelling.isalpha() and len(spelling) > 2:
            self._range("spelt", spelling, None)

    # --- rows ---------------------------------------------------------------------------------
    def _heads(self, typed: str, length: int | None) -> None:
        self._take(
            "SELECT start AS id, rank FROM head WHERE language = ? AND beginning = ?"  # noqa: S608
            f" {self._of_site} ORDER BY rank DESC LIMIT {_KEPT}",
            [self._language, typed],
            typed,
            length,
        )

    def _range(
        self, column: str, typed: str, length: int | None, narrow: bool | None = None
    ) -> None:
        broad = "" if narrow is None else f"AND broad = {int(not narrow)}"
        self._take(
            f"SELECT id, rank FROM (SELECT id, rank FROM start WHERE language = ? {broad}"  # noqa: S608
            f" AND {column} >= ? AND {column} < ? AND {column} <> '' {self._of_site}"
            f" LIMIT {_MOST}) ORDER BY rank DESC LIMIT {_KEPT}",
            [self._language, typed, _after(typed)],
            typed,
            length,
        )

    def _initials(self, initials: str, first: str, typed: str) -> None:
        column = "written" if has_han(first) else "spelt"
        self._take(
            "SELECT id, rank FROM (SELECT id, rank FROM start WHERE language = ?"  # noqa: S608
            f" AND initials >= ? AND initials < ? AND initials <> ''"
            f" AND +{column} >= ? AND +{column} < ? {self._of_site}"
            f" LIMIT {_MOST}) ORDER BY rank DESC LIMIT {2 * _KEPT}",
            [self._language, initials, _after(initials), first, _after(first)],
            typed,
            None,
        )

    @property
    def _of_site(self) -> str:
        # What belongs to no site belongs to all.
        return "" if self._site is None else f"AND site IN (0, {int(self._site)})"

    def _take(self, chosen: str, values: Sequence[object], typed: str, length: int | None) -> None:
        rows = self._file.execute(
            "SELECT document.key, document.kind, document.url, document.page, name.shown_as,"  # noqa: S608
            " name.name, start.place, start.rank, start.broad, start.written"
            f" FROM ({chosen}) AS chosen JOIN start ON start.id = chosen.id"
            " JOIN name ON name.id = start.name JOIN document ON document.id = name.document"
            " WHERE (document.public_from IS NULL OR document.public_from <= ?)"
            " AND (document.public_until IS NULL OR document.public_until > ?)"
            " ORDER BY chosen.rank DESC",
            [*values, self._now, self._now],
        )
        for key, kind, url, page, shown_as, name, place, rank, broad, written in rows:
            signs_typed = length if length is not None else covered(typed, written)
            if signs_typed is None:
                continue
            if broad:
                rank -= 100
            elif written == typed and place == 0:
                rank += 10  # nothing is left to type
            self.found.append(Match(key, kind, url, page, shown_as, name, place, signs_typed, rank))


def _ways(typed: str) -> Iterator[list[tuple[str, str]]]:
    """The ways to read what was typed as (part of a sign's writing or spelling, its initial)."""
    ways: list[list[tuple[str, str]]] = [[]]
    for sign in _pieces(typed):
        if _LETTERS.fullmatch(sign):
            more = [[(part, part[0]) for part in way] for way in readings_of_letters(sign, most=8)]
            if not more:
                return
        else:
            more = [[(sign, spelling[0]) for spelling in syllables(sign)[:1] or [sign]]]
        ways = [[*way, *added] for way in ways for added in more][:24]
    # A beginning of two whole syllables tells more than one of single letters.
    yield from sorted((way for way in ways if way), key=len)


def _pieces(typed: str) -> list[str]:
    return re.findall(r"[a-z]+|[0-9]+|.", typed)


def covered(typed: str, written: str) -> int | None:
    """How many signs of a name are typed, if what was typed is the beginning of it: each character
    written, or the beginning of its spelling. None if it is not."""
    name_signs = re.findall(r"[a-z0-9]+|.", written)
    # Places in what was typed that can be reached with so many signs.
    reached = {0}
    for number, sign in enumerate(name_signs, 1):
        options = _spellings(sign)
        further: set[int] = set()
        for place in reached:
            if typed.startswith(sign, place):
                further.add(place + len(sign))
            for option in options:
                length = _common(option, typed, place)
                further.update(range(place + 1, place + length + 1))
        if len(typed) in further:
            return number
        if not further:
            return None
        reached = further
    return None


@lru_cache(maxsize=8_192)
def _spellings(sign: str) -> frozenset[str]:
    """Every way to spell a sign: a character of two readings may be typed as either."""
    return frozenset({sign}) if sign.isascii() else readings(sign) | set(syllables(sign))


def _common(spelling: str, typed: str, place: int) -> int:
    length = 0
    for letter in spelling:
        if not typed.startswith(letter, place + length):
            break
        length += 1
    return length


def _after(beginning: str) -> str:
    """The first text after all that begin so."""
    return beginning + "\U0010ffff"
