"""A text with its marks, and the clauses beside them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .comparing import SENTENCE_END
from .models import CheckedText, Finding

type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence; with a finding where they are marked."""

    words: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with its marks and the findings beside it, or sentences without any."""

    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]


def side_by_side(text: CheckedText) -> list[tuple[str, list[Row]]]:
    """The parts of a text that differ somewhere, sentence by sentence, the findings beside them."""
    shown = defaultdict(list)
    for finding in text.findings.exclude(state=Finding.State.CORRECTED).select_related(
        "policy", "decided_by"
    ):
        shown[finding.part].append(finding)
    return [(name, _rows(words, shown[name])) for name, words in text.parts if shown[name]]


def _rows(words: str, findings: list[Finding]) -> list[Row]:
    rows: list[Row] = []
    for start, end in _sentences(words, findings):
        here = tuple(one for one in findings if start <= one.start < end)
        pieces = _pieces(words[start:end], start, here)
        if not here and rows and not rows[-1].findings:
            rows[-1] = Row((*rows[-1].pieces, *pieces), ())
        elif words[start:end].strip():
            rows.append(Row(pieces, here))
    return rows


def _sentences(words: str, findings: list[Finding]) -> Iterator[Span]:
    """From end to end; a sentence that ends inside of a figure goes on."""
    start = 0
    for match in SENTENCE_END.finditer(words):
        if not any(one.start < match.end() < one.end for one in findings):
            yield start, match.end()
            start = match.end()
    yield start, len(words)


def _pieces(line: str, offset: int, findings: Sequence[Finding]) -> tuple[Piece, ...]:
    pieces, position = [], 0
    for finding in findings:
        start, end = finding.start - offset, min(finding.end - offset, len(line))
        pieces.append(Piece(line[position:start]))
        pieces.append(Piece(line[start:end], finding))
        position = end
    pieces.append(Piece(line[position:]))
    return tuple(piece for piece in pieces if piece.words)
