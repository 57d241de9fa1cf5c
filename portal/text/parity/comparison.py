"""Two texts side by side: which figures have no partner, and which stand in another order."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from .languages import extract
from .model import Day, Figure, Kind, Mismatch, Reading

# A unit that one of the languages prints in a word that is not known leaves the number alone.
_UNITLESS = frozenset({"measure", "provision", "code", "number"})


def compare(
    source: str, target: str, *, source_language: str, target_language: str
) -> list[Mismatch]:
    """What the two texts do not have in common, in reading order; both without markup.

    What is said twice in one text and once in the other is no mismatch, nor is a single thing
    ("1份", "a copy"), nor how a number, a date or a telephone number is written.
    """
    return match(extract(source, source_language), extract(target, target_language))


def match(sources: Sequence[Figure], targets: Sequence[Figure]) -> list[Mismatch]:
    """The same for figures that are extracted already."""
    pairing = Pairing(sources, targets)
    found = [*_unpaired(pairing), *_reversed(pairing)]
    return sorted(found, key=lambda item: item.source_span or item.target_span or (0, 0))


class Pairing:
    """Partners, found in passes: first what is surely the same, then what may be."""

    def __init__(self, sources: Sequence[Figure], targets: Sequence[Figure]) -> None:
        self.sources, self.targets = sources, targets
        self.of_source: dict[int, int] = {}
        self.of_target: dict[int, int] = {}
        for soft in (False, True):
            self._by_key(lambda figure: figure.readings[:1], soft=soft)
            self._by_key(lambda figure: figure.readings, soft=soft)
        self._by_test(_dates_agree)
        self._units_unknown()

    def _pair(self, source: int, target: int) -> None:
        self.of_source[source] = target
        self.of_target[target] = source

    def left(self) -> tuple[list[int], list[int]]:
        return (
            [place for place in range(len(self.sources)) if place not in self.of_source],
            [place for place in range(len(self.targets)) if place not in self.of_target],
        )

    def _by_key(self, readings: Callable[[Figure], Sequence[Reading]], *, soft: bool) -> None:
        sources, targets = self.left()
        waiting: dict[Reading, deque[int]] = defaultdict(deque)
        for place in targets:
            if soft or not self.targets[place].soft:
                for reading in readings(self.targets[place]):
                    waiting[reading].append(place)
        for place in sources:
            if self.sources[place].soft and not soft:
                continue
            for reading in readings(self.sources[place]):
                line = waiting.get(reading)
                while line and line[0] in self.of_target:
                    line.popleft()
                if line:
                    self._pair(place, line.popleft())
                    break

    def _by_test(self, agree: Callable[[Figure, Figure, "Pairing"], bool]) -> None:
        sources, targets = self.left()
        for source in sources:
            for target in targets:
                if target not in self.of_target and agree(
                    self.sources[source], self.targets[target], self
                ):
                    self._pair(source, target)
                    break

    def _units_unknown(self) -> None:
        """Numbers agree where only one text names a unit: in one direction only, lest two figures
        that changed places pass for the same."""
        sources, targets = self.left()
        pairs = []
        taken: set[int] = set()
        for source in sources:
            for target in targets:
                if target not in taken and self._numbers_agree(
                    self.sources[source], self.targets[target]
                ):
                    pairs.append((source, target))
                    taken.add(target)
                    break
        kinds = {(self.sources[one].kind, self.targets[two].kind) for one, two in pairs}
        for source, target in pairs:
            one, two = self.sources[source].kind, self.targets[target].kind
            if (two, one) not in kinds:
                self._pair(source, target)

    def _numbers_agree(self, source: Figure, target: Figure) -> bool:
        kinds = {source.kind, target.kind}
        if not kinds <= {*_UNITLESS, "money"} or len(kinds) != 2 or "number" not in kinds:
            return False
        plain, other = (source, target) if source.kind == "number" else (target, source)
        # "120 million yuan, 35 million of it": the money was named before
        around = self.sources if plain is source else self.targets
        if other.kind == "money" and not _names(around, other.readings[0].unit):
            return False
        return other.raw is not None and any(
            reading.value == other.raw for reading in plain.readings if reading.kind == "number"
        )


def _names(figures: Sequence[Figure], money: str) -> bool:
    return any(
        reading.kind == "money" and reading.unit == money
        for figure in figures
        for reading in figure.readings
    )


def _dates_agree(source: Figure, target: Figure, pairing: Pairing) -> bool:
    """One prints less of a date, and its text prints the rest elsewhere."""
    return any(
        _day_agrees(one.value, two.value, pairing)
        for one in source.readings
        for two in target.readings
        if isinstance(one.value, Day) and isinstance(two.value, Day)
    )


def _day_agrees(one: Day, two: Day, pairing: Pairing) -> bool:
    common = 0
    for part in range(3):
        if one[part] is None or two[part] is None:
            continue
        if one[part] != two[part]:
            return False
        common += 1
    if not common:
        return False
    return _printed_elsewhere(one, two, pairing.sources) and _printed_elsewhere(
        two, one, pairing.targets
    )


def _printed_elsewhere(less: Day, more: Day, figures: Sequence[Figure]) -> bool:
    return all(
        less[part] is not None
        or more[part] is None
        or any(
            isinstance(reading.value, Day) and reading.value[part] == more[part]
            for figure in figures
            for reading in figure.readings
        )
        for part in range(3)
    )


def _unpaired(pairing: Pairing) -> Iterator[Mismatch]:
    sources, targets = pairing.left()
    hard_sources = [place for place in sources if not pairing.sources[place].soft]
    hard_targets = [place for place in targets if not pairing.targets[place].soft]
    kinds_of_targets = {_group(pairing.targets[place].kind) for place in hard_targets}
    kinds_of_sources = {_group(pairing.sources[place].kind) for place in hard_sources}
    said = {reading for place in pairing.of_target for reading in pairing.targets[place].readings}
    meant = {reading for place in pairing.of_source for reading in pairing.sources[place].readings}
    hard_sources = [
        place
        for place in hard_sources
        if not said.intersection(pairing.sources[place].readings)
        or _group(pairing.sources[place].kind) in kinds_of_targets
    ]
    hard_targets = [
        place
        for place in hard_targets
        if not meant.intersection(pairing.targets[place].readings)
        or _group(pairing.targets[place].kind) in kinds_of_sources
    ]
    free_targets = list(hard_targets)
    spare_targets = [place for place in targets if place not in hard_targets]
    spare_sources = [place for place in sources if place not in hard_sources]
    for source in hard_sources:
        kind = pairing.sources[source].kind
        target = _taken(free_targets, pairing.targets, kind)
        if target is None:
            target = _taken(spare_targets, pairing.targets, kind)
        yield _mismatch(
            pairing.sources[source], None if target is None else pairing.targets[target]
        )
    for target in free_targets:
        partner = _taken(spare_sources, pairing.sources, pairing.targets[target].kind)
        one = None if partner is None else pairing.sources[partner]
        yield _mismatch(one, pairing.targets[target])


def _group(kind: Kind) -> str:
    return "number" if kind in _UNITLESS else kind


def _taken(places: list[int], figures: Sequence[Figure], kind: Kind) -> int | None:
    for place in places:
        if _group(figures[place].kind) == _group(kind):
            places.remove(place)
            return place
    return None


def _mismatch(source: Figure | None, target: Figure | None) -> Mismatch:
    one, two = source.printed if source else "", target.printed if target else ""
    if source and target:
        message = f'The source says "{one}", the translation says "{two}".'
    elif source:
        message = f'The source says "{one}"; the translation does not.'
    else:
        message = f'The translation says "{two}"; the source does not.'
    kind = (source or target).kind  # type: ignore[union-attr]
    return Mismatch(
        kind, source.span if source else None, target.span if target else None, one, two, message
    )


def _reversed(pairing: Pairing) -> Iterator[Mismatch]:
    """Ranges whose ends changed places."""
    for place, figure in enumerate(pairing.sources):
        if figure.joined and place and {place, place - 1} <= pairing.of_source.keys():
            low, high = pairing.of_source[place - 1], pairing.of_source[place]
            if low == high + 1 and figure.readings[0] != pairing.sources[place - 1].readings[0]:
                before = pairing.sources[place - 1]
                one = f"{before.printed} – {figure.printed}"
                two = f"{pairing.targets[high].printed} – {pairing.targets[low].printed}"
                yield Mismatch(
                    "order",
                    (before.span[0], figure.span[1]),
                    (pairing.targets[high].span[0], pairing.targets[low].span[1]),
                    one,
                    two,
                    f'The source says "{one}", the translation says "{two}": in another order.',
                )
