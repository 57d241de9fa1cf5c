"""Which clause of one version is which of another.

Used twice: a re-import keeps the ids of the clauses that it finds again, and the table of old and
new clauses (新旧对照) sets what belongs together side by side.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from .model import Clause
from .script import comparable

type PairKind = Literal["same", "changed", "added", "removed", "moved"]
type Span = tuple[int, int]

# Two clauses are one if they share this much of their pairs of characters …
_ALIKE = 0.5
# … or this much, where their number and what they stand under are the same.
_ALIKE_IN_PLACE = 0.2
_SAME_NUMBER = 0.12
_SAME_PARENT = 0.06
# A text of fewer characters says too little to be known again in another place.
_TELLING = 6
# Longer texts are compared as a whole: what stands between their common beginning and end.
_LONGEST_COMPARED = 4000


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a comparison.

    ``same``: number and text are equal. ``moved``: the text is equal and stands elsewhere or under
    another number. ``changed``: the text differs; spans are half-open character positions in the
    ``text`` of either side.
    """

    old: Clause | None
    new: Clause | None
    kind: PairKind
    old_spans: tuple[Span, ...] = ()
    new_spans: tuple[Span, ...] = ()


def carry_over(old: Sequence[tuple[str, Clause]], new: Sequence[Clause]) -> list[str | None]:
    """For each new clause the id of the old clause that it is, or None. No id is given twice."""
    matches = _matches([clause for _id, clause in old], new)
    return [old[match][0] if match is not None else None for match in matches]


def compare(old: Sequence[Clause], new: Sequence[Clause]) -> list[Pair]:
    """Every clause of both versions once, in the order of the new one.

    A clause that is gone stands behind the one that it followed.
    """
    matches = _matches(old, new)
    in_order = _longest_rising([match for match in matches if match is not None])
    found = {match: position for position, match in enumerate(matches) if match is not None}
    gone: dict[int, list[int]] = defaultdict(list)
    anchor = -1
    for position in range(len(old)):
        if position in found:
            anchor = found[position] if position in in_order else anchor
        else:
            gone[anchor].append(position)
    pairs = [Pair(old[position], None, "removed") for position in gone[-1]]
    for position, clause in enumerate(new):
        match = matches[position]
        if match is None:
            pairs.append(Pair(None, clause, "added"))
        else:
            above = old[match].parent
            parent = matches[clause.parent] if clause.parent is not None else None
            # A numbered clause stays where it is if number and parent do, whatever moved past it.
            stays = match in in_order or (bool(clause.number) and above == parent)
            pairs.append(_pair(old[match], clause, stays))
        pairs += [Pair(old[one], None, "removed") for one in gone.get(position, ())]
    return pairs


def differences(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The stretches of two texts that differ, as half-open positions in either."""
    start = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if not a and not b:
        return (), ()
    if len(a) * len(b) > _LONGEST_COMPARED * _LONGEST_COMPARED // 4:
        return _spans([(start, start + len(a))]), _spans([(start, start + len(b))])
    left: list[Span] = []
    right: list[Span] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            left.append((start + i1, start + i2))
            right.append((start + j1, start + j2))
    return _spans(left), _spans(right)


def _spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Stretches without the empty ones; two with a single character between them are one."""
    result: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        if result and start - result[-1][1] <= 1:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return tuple(result)


def _pair(old: Clause, new: Clause, stays: bool) -> Pair:
    if old.text != new.text or old.rows != new.rows:
        return Pair(old, new, "changed", *differences(old.text, new.text))
    return Pair(old, new, "same" if stays and old.number == new.number else "moved")


# --- matching ---------------------------------------------------------------------------------
def _matches(old: Sequence[Clause], new: Sequence[Clause]) -> list[int | None]:
    """For each new clause the position of the old one; each old one at most once."""
    result: list[int | None] = [None] * len(new)
    taken: set[int] = set()

    def match(position: int, other: int) -> None:
        result[position] = other
        taken.add(other)

    old_keys, new_keys = _keys(old), _keys(new)
    blocks = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks()
    for block in blocks:
        for offset in range(block.size):
            match(block.b + offset, block.a + offset)
    # The same words elsewhere or under another number, if they are the only such words.
    for position, other in _alone(old, new, result, taken):
        match(position, other)
    for _score, position, other in _alike(old, new, result, taken):
        if result[position] is None and other not in taken:
            match(position, other)
    return result


def _keys(clauses: Sequence[Clause]) -> list[tuple[str, str, str]]:
    return [(clause.level, clause.number, clause.text) for clause in clauses]


def _alone(
    old: Sequence[Clause], new: Sequence[Clause], result: Sequence[int | None], taken: set[int]
) -> list[tuple[int, int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for other, clause in enumerate(old):
        if other not in taken and len(clause.text) >= _TELLING:
            places[comparable(clause.text)].append(other)
    wanted: dict[str, list[int]] = defaultdict(list)
    for position, clause in enumerate(new):
        if result[position] is None and len(clause.text) >= _TELLING:
            wanted[comparable(clause.text)].append(position)
    # Of several with the same words the first is the first, the second the second.
    return [
        (position, other)
        for text, positions in wanted.items()
        if len(positions) == len(places.get(text, ()))
        for position, other in zip(positions, places[text], strict=True)
    ]


def _alike(
    old: Sequence[Clause], new: Sequence[Clause], result: Sequence[int | None], taken: set[int]
) -> list[tuple[float, int, int]]:
    """Pairs of open clauses that resemble each other, the most alike first."""
    open_old = [other for other in range(len(old)) if other not in taken]
    open_new = [position for position, match in enumerate(result) if match is None]
    if not open_old or not open_new:
        return []
    grams = {other: _pairs_of(old[other].text) for other in open_old}
    places: dict[str, list[int]] = defaultdict(list)
    for other, own in grams.items():
        for gram in own:
            places[gram].append(other)
    # What nearly every clause says tells none from another.
    common = max(8, len(open_old) // 4)
    by_number: dict[tuple[str, str], list[int]] = defaultdict(list)
    for other in open_old:
        by_number[old[other].level, old[other].number].append(other)
    scored: list[tuple[float, int, int]] = []
    for position in open_new:
        clause = new[position]
        own = _pairs_of(clause.text)
        candidates: set[int] = set()
        for gram in own:
            near = places.get(gram, ())
            if len(near) <= common:
                candidates.update(near)
        if clause.number:
            candidates.update(by_number.get((clause.level, clause.number), ()))
        for other in candidates:
            score = _score(old, new, result, other, position, grams[other], own)
            if score:
                scored.append((score, position, other))
    # Of equally alike ones the nearest: the order of a text seldom changes.
    scored.sort(key=lambda one: (-one[0], abs(one[1] - one[2]), one[1]))
    return scored


def _score(
    old: Sequence[Clause],
    new: Sequence[Clause],
    result: Sequence[int | None],
    other: int,
    position: int,
    theirs: frozenset[str],
    own: frozenset[str],
) -> float:
    """How alike two clauses are, 0 if too little to be one."""
    before, after = old[other], new[position]
    total = len(theirs) + len(own)
    dice = 2 * len(theirs & own) / total if total else float(before.text == after.text)
    number = bool(after.number) and before.number == after.number
    parent = (
        before.parent is None
        if after.parent is None
        else result[after.parent] == before.parent and before.parent is not None
    )
    in_place = number and parent and before.level == after.level
    if dice < _ALIKE and not (in_place and dice >= _ALIKE_IN_PLACE):
        return 0.0
    return dice + number * _SAME_NUMBER + parent * _SAME_PARENT + 0.01


def _pairs_of(text: str) -> frozenset[str]:
    key = comparable(text)
    if len(key) < 2:
        return frozenset({key} if key else ())
    return frozenset(key[at : at + 2] for at in range(len(key) - 1))


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest rising subsequence: what kept its order."""
    tails: list[int] = []
    positions: list[int] = []
    previous: list[int] = []
    for at, number in enumerate(numbers):
        place = bisect_left(tails, number)
        previous.append(positions[place - 1] if place else -1)
        if place == len(tails):
            tails.append(number)
            positions.append(at)
        else:
            tails[place], positions[place] = number, at
    result: set[int] = set()
    at = positions[-1] if positions else -1
    while at != -1:
        result.add(numbers[at])
        at = previous[at]
    return result
