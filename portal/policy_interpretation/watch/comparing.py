"""A watched text beside its clauses: pure reading, nothing is stored."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.plugin_api import WatchedText
from portal.text.statements import check

from .cited import Library, Words

# Raised with the rules of the engine, so that every text is compared again.
ENGINE = 3
_LONGEST = 300
SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that no cited clause bears out. Places are those of the part's text.

    Without ``clause`` none of them speaks of it, which is a notice and no contradiction.
    """

    part: str
    start: int
    end: int
    printed: str
    statement: str
    sentence: str
    digest: str
    clause: Words | None = None
    clause_start: int = 0
    clause_end: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of a text; ``digest`` stands for the text and everything that it cites."""

    digest: str
    differences: tuple[Difference, ...]


def digest_of(text: WatchedText, library: Library) -> str:
    cited = [
        [part.name, part.text, [[one.key, one.text] for one in _words(text, part, library)]]
        for part in text.parts
    ]
    return _digest([ENGINE, text.language, text.rests_on_more, cited])


def compare(text: WatchedText, library: Library) -> Comparison:
    """Compare each part with the clauses that it, or else the text, cites."""
    found: list[Difference] = []
    for part in text.parts:
        words = _words(text, part, library)
        by_key = {one.key: one for one in words}
        basis = _digest([[one.key, one.text] for one in words])
        clauses = [(one.key, one.text) for one in words]
        for mismatch in check(part.text, clauses, text.language, rests_on_more=text.rests_on_more):
            start, end = mismatch.span
            sentence = sentence_around(part.text, start, end)
            nearest = mismatch.nearest
            found.append(
                Difference(
                    part.name,
                    start,
                    end,
                    mismatch.statement.printed[:200],
                    mismatch.statement.kind,
                    sentence,
                    _digest([sentence, basis]),
                    by_key[nearest.clause] if nearest else None,
                    *(nearest.span if nearest else (0, 0)),
                )
            )
    return Comparison(digest_of(text, library), tuple(found))


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence that a figure stands in, at most 300 characters on each side."""
    before = text[max(0, start - _LONGEST) : start]
    ends = list(SENTENCE_END.finditer(before))
    after = text[end : end + _LONGEST]
    stop = SENTENCE_END.search(after)
    left = before[ends[-1].end() :] if ends else before
    right = after[: stop.end()] if stop else after
    return f"{left}{text[start:end]}{right}".strip()


def _words(text: WatchedText, part: object, library: Library) -> Sequence[Words]:
    cites = getattr(part, "cites", None)
    return library.words(text.cites if cites is None else cites)


def _digest(value: object) -> str:
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
