"""How faithful one text is to another: a score, and the two side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Signs that websites set in their own way and that change no meaning.
_IGNORED = re.compile(r"[\s\u3000\u00a0\u200b]+")
_WIDTHS = str.maketrans("，。；：？！（）“”‘’％", ",.;:?!()\"\"''%")
# Of longer lines what stands between their common beginning and end is marked; texts of more lines
# are compared up to here: the time is bounded.
_LONGEST_LINE = 400
_MOST_LINES = 3000
# Pairs of characters that are looked at in all; what is beyond is marked line by line.
_MOST_WORK = 2_000_000

type Kind = Literal["same", "changed", "added", "missing"]


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_different: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the source and what stands for it here; ``added``: only here, ``missing``: only
    there."""

    kind: Kind
    source: tuple[Piece, ...] = ()
    here: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``score`` in thousandths; 1000 only where nothing differs."""

    score: int
    rows: tuple[Row, ...]

    @property
    def is_same(self) -> bool:
        return self.score == 1000


def essence(line: str) -> str:
    """What a line says, without spaces and the width of its signs."""
    return _IGNORED.sub("", line).translate(_WIDTHS).casefold()


def compare(source: Sequence[str], here: Sequence[str]) -> Comparison:
    """Two texts, line by line. Lines that say nothing but spaces are passed over."""
    there = [line for line in source if essence(line)][:_MOST_LINES]
    ours = [line for line in here if essence(line)][:_MOST_LINES]
    keys, own = [essence(line) for line in there], [essence(line) for line in ours]
    total = sum(map(len, keys)) + sum(map(len, own))
    matched, rows = 0.0, []
    left = _MOST_WORK
    blocks = SequenceMatcher(None, keys, own, autojunk=False).get_opcodes()
    for tag, a1, a2, b1, b2 in blocks:
        if tag == "equal":
            matched += 2 * sum(map(len, keys[a1:a2]))
            rows += [
                Row("same", (Piece(one),), (Piece(other),))
                for one, other in zip(there[a1:a2], ours[b1:b2], strict=True)
            ]
            continue
        for number in range(max(a2 - a1, b2 - b1)):
            one = there[a1 + number] if a1 + number < a2 else None
            other = ours[b1 + number] if b1 + number < b2 else None
            left -= len(one or "") * len(other or "")
            row, share = _pair(one, other, in_detail=left > 0)
            matched += share
            rows.append(row)
    if not total:
        return Comparison(1000 if not there and not ours else 0, tuple(rows))
    score = int(1000 * matched / total)
    is_same = all(row.kind == "same" for row in rows)
    return Comparison(1000 if is_same else min(score, 999), tuple(rows))


def _pair(one: str | None, other: str | None, *, in_detail: bool) -> tuple[Row, float]:
    if one is None or other is None:
        if other is not None:
            return Row("added", (), (Piece(other, True),)), 0
        return Row("missing", (Piece(one or "", True),), ()), 0
    if not in_detail or max(len(one), len(other)) > _LONGEST_LINE:
        return _by_ends(one, other)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    left, right = [], []
    same = 0
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        differs = tag != "equal"
        same += 0 if differs else a2 - a1
        left.append(Piece(one[a1:a2], differs))
        right.append(Piece(other[b1:b2], differs))
    told = Row("changed", _filled(left), _filled(right))
    return told, 2.0 * same


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _by_ends(one: str, other: str) -> tuple[Row, float]:
    begin = _shared(one, other)
    most = min(len(one), len(other)) - begin
    end = min(_shared(one[::-1], other[::-1]), most)
    sides = [
        [Piece(text[:begin]), Piece(text[begin : len(text) - end], True),
         Piece(text[len(text) - end :])]
        for text in (one, other)
    ]  # fmt: skip
    return Row("changed", _filled(sides[0]), _filled(sides[1])), 2.0 * (begin + end)


def _filled(pieces: list[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text)
