"""Which text of a new version stands for which text of the old one. Knows no Django.

A text is known by what it says, wherever it stands: moving paragraphs changes nothing. What is left
over on both sides is paired within its place (a field, a block), between the texts that stayed.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

# Above so many comparisons a gap is paired in order, without looking at the words.
_MOST_COMPARISONS = 400
# How much of the words must be the same in texts that count as one, edited.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Text:
    """A text: its place, what it counts as (equal keys: no change), and its words."""

    path: str
    key: Hashable
    words: str


@dataclass(slots=True)
class Pairing:
    """By position in the two sequences. ``same`` and ``changed``: old → new."""

    same: dict[int, int] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)


def pair(old: Sequence[Text], new: Sequence[Text]) -> Pairing:
    """Pair every text of both versions, or say that it was removed or added.

    First equal texts; then those that read alike within their place, in whatever order; then what
    stands between the same neighbours; last what was moved elsewhere and edited at once.
    """
    found = Pairing()
    places_old, places_new = _by_path(old), _by_path(new)
    _equal_in_place(old, new, places_old, places_new, found)
    _equal_anywhere(old, new, found)
    for path, mine in places_old.items():
        _alike(old, new, mine, places_new.get(path, []), found)
    _between_neighbours(old, new, places_old, places_new, found)
    _alike(old, new, range(len(old)), range(len(new)), found)
    paired = {*found.same.values(), *found.changed.values()}
    found.removed = [at for at in range(len(old)) if at not in found.same | found.changed]
    found.added = [at for at in range(len(new)) if at not in paired]
    return found


def _by_path(texts: Sequence[Text]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places[text.path].append(place)
    return places


def _equal_in_place(
    old: Sequence[Text],
    new: Sequence[Text],
    places_old: dict[str, list[int]],
    places_new: dict[str, list[int]],
    found: Pairing,
) -> None:
    """The longest common order first: of equal texts those that stayed where they were."""
    for path, mine in places_old.items():
        theirs = places_new.get(path)
        if not theirs:
            continue
        matcher = SequenceMatcher(
            None, [old[at].key for at in mine], [new[at].key for at in theirs], autojunk=False
        )
        for first, second, size in matcher.get_matching_blocks():
            for step in range(size):
                found.same[mine[first + step]] = theirs[second + step]


def _equal_anywhere(old: Sequence[Text], new: Sequence[Text], found: Pairing) -> None:
    """What moved: within its place before to another one."""
    for key_of in (_place_and_key, _key):
        taken = set(found.same.values())
        free: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, text in enumerate(new):
            if at not in taken:
                free[key_of(text)].append(at)
        for at, text in enumerate(old):
            if at not in found.same and free[key_of(text)]:
                found.same[at] = free[key_of(text)].popleft()


def _alike(
    old: Sequence[Text],
    new: Sequence[Text],
    mine: Iterable[int],
    theirs: Iterable[int],
    found: Pairing,
) -> None:
    """Pair what reads alike and has no partner yet, the most alike first."""
    taken = {*found.same.values(), *found.changed.values()}
    left = [at for at in mine if at not in found.same and at not in found.changed]
    right = [at for at in theirs if at not in taken]
    if not left or not right or len(left) * len(right) > _MOST_COMPARISONS:
        return
    scored = sorted(
        ((_likeness(old[a].words, new[b].words), -a, -b) for a in left for b in right),
        reverse=True,
    )
    for score, a, b in scored:
        if score < _ALIKE:
            break
        if -a not in found.changed and -b not in taken:
            found.changed[-a] = -b
            taken.add(-b)


def _between_neighbours(
    old: Sequence[Text],
    new: Sequence[Text],
    places_old: dict[str, list[int]],
    places_new: dict[str, list[int]],
    found: Pairing,
) -> None:
    taken = {*found.same.values(), *found.changed.values()}
    partner = found.same | found.changed
    for path, mine in places_old.items():
        for gap_old, gap_new in _gaps(mine, places_new.get(path, []), partner):
            left = [place for place in gap_old if place not in partner]
            right = [place for place in gap_new if place not in taken]
            found.changed.update(_most_alike(old, new, left, right))


def _place_and_key(text: Text) -> Hashable:
    return (text.path, text.key)


def _key(text: Text) -> Hashable:
    return text.key


def _gaps(
    mine: list[int], theirs: list[int], partner: dict[int, int]
) -> list[tuple[list[int], list[int]]]:
    """The stretches between texts that kept their order in this place."""
    inside = {at: position for position, at in enumerate(theirs)}
    gaps: list[tuple[list[int], list[int]]] = []
    last_old, last_new = 0, 0
    for position, at in enumerate(mine):
        place = inside.get(partner.get(at, -1), -1)
        if place < last_new:  # left this place, or moved up within it
            continue
        gaps.append((mine[last_old:position], theirs[last_new:place]))
        last_old, last_new = position + 1, place + 1
    gaps.append((mine[last_old:], theirs[last_new:]))
    return gaps


def _most_alike(
    old: Sequence[Text], new: Sequence[Text], left: list[int], right: list[int]
) -> dict[int, int]:
    """Pair two stretches without crossing: as many as there are, the most alike ones."""
    if len(left) == len(right) or len(left) * len(right) > _MOST_COMPARISONS:
        return dict(zip(left, right, strict=False))
    if not left or not right:
        return {}
    flip = len(left) > len(right)
    few, many = (right, left) if flip else (left, right)
    words_few = [(new if flip else old)[at].words for at in few]
    words_many = [(old if flip else new)[at].words for at in many]
    chosen = _assign(len(few), len(many), lambda a, b: _likeness(words_few[a], words_many[b]))
    return {
        (many[b] if flip else few[a]): (few[a] if flip else many[b]) for a, b in enumerate(chosen)
    }


def _likeness(first: str, second: str) -> float:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    bound = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return matcher.ratio() if bound >= _ALIKE else bound / 2


def _assign(few: int, many: int, value: Callable[[int, int], float]) -> list[int]:
    """For each of the few one of the many, in rising order, with the largest sum of values."""
    best: list[list[tuple[float, list[int]]]] = [[(0.0, [])] * (many + 1)]
    for a in range(few):
        row: list[tuple[float, list[int]]] = [(-1.0, [])] * (many + 1)
        for b in range(a, many):
            before, picks = best[-1][b]
            candidate = (before + value(a, b), [*picks, b])
            row[b + 1] = candidate if b == a or candidate[0] > row[b][0] else row[b]
        best.append(row)
    return best[-1][many][1]
