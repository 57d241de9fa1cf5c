"""The steps of a search, each taken only where the ones before found too little."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from portal.search.engine.contract import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    EngineAnswer,
    EngineQuery,
    Everything,
    Fact,
    Field,
    Node,
    Sort,
    Without,
)
from portal.search.planning.nodes import ENOUGH, any_reading, counted_pairs, counted_words
from portal.search.planning.reading import Reading
from portal.search.rules import BestBet
from portal.search.services.correcting import corrections
from portal.search.services.meaning import nearest

from .asking import CHINESE, Asked

FEW = 10
"""With fewer results than this, more is tried."""

FUSED = 100  # of the results by words that take part in the fusion with those by meaning
NEAR = 50  # of the results by meaning
FUSION_K = 60  # how little the first places differ from those after them
MEANING_SECONDS = 0.05
_EXACT = 10
_HAN = re.compile("[\u3400-\u9fff]")
_PROSE = 4  # Chinese characters
_LEAST_FACTOR = 0.01
_NOTHING = EngineAnswer(0, ())


@dataclass(slots=True)
class Ranked:
    """Results in their order: the keys of ``head``, then what ``node`` finds beside them.

    ``pinned`` are those of the head that stand above all; ``beside`` counts what is in the head and
    not found by ``node``. ``asked`` is what was looked for in the end.
    """

    asked: Asked
    how: str
    node: Node | None
    answer: EngineAnswer
    head: list[str] = field(default_factory=list)
    pinned: frozenset[str] = frozenset()
    beside: EngineAnswer = _NOTHING
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.answer.total + self.beside.total

    def keys(self, start: int, count: int) -> list[tuple[str, float]]:
        """Keys and scores from a place in the order on."""
        hits = self.answer.hits
        if start + count > len(hits) and len(hits) < self.answer.total and self.node is not None:
            # Without a head its order is the engine's; with one, what is in the head is left out.
            first = 0 if self.head else start
            hits = _search(self.asked, self.node, start=first, count=start + count - first).hits
            start -= first
        scores = {hit.key: hit.score for hit in hits}
        ordered = [(key, scores.get(key, 0.0)) for key in self.head]
        taken = set(self.head)
        ordered += [(hit.key, hit.score) for hit in hits if hit.key not in taken]
        return ordered[start : start + count]


def ranked(asked: Asked, *, facets: tuple[str, ...], count: int) -> Ranked:
    """Runs the steps; the first ``count`` results are made ready."""
    found = _by_words(asked, facets, count)
    if found.answer.total < FEW:
        found = _corrected(found, facets, count)
    if not found.answer.total:
        _by_pieces(found, facets, count)
    if not asked.by_date:
        _by_meaning(found, facets)
        _pin(found, asked, facets)
    return found


# --- words ----------------------------------------------------------------------------------------
def _by_words(asked: Asked, facets: tuple[str, ...], count: int) -> Ranked:
    readings = asked.readings
    if _is_prose(asked):
        count = max(count, FUSED)
    node = any_reading(asked.maker.everything(reading) for reading in readings)
    if node is None:
        return Ranked(asked, "empty", None, _NOTHING)
    found = Ranked(asked, "all_words", node, _search(asked, node, facets=facets, count=count))
    if found.answer.total < FEW:
        _with_fewer(found, node, facets, count)
    if found.how == "all_words" and found.answer.total and _needs_meanings(asked):
        found.how = "synonyms"
    return found


def _with_fewer(found: Ranked, whole: Node, facets: tuple[str, ...], count: int) -> None:
    asked = found.asked
    known = _known(asked)
    if not known:
        return
    size = asked.engine.size()
    all_of_it = [] if asked.by_date else [hit.key for hit in found.answer.hits]
    for enough in ENOUGH:
        fewer = any_reading(
            asked.maker.fewer(reading, known, size, enough=enough) for reading in asked.readings
        )
        if fewer is None:
            return
        node = BestOf((whole, fewer))
        answer = _search(asked, node, facets=facets, count=count)
        if answer.total > found.answer.total:
            found.how, found.node, found.answer = "fewer_words", node, answer
            # What has all of it comes before what has a part, even in its title.
            found.head = all_of_it
        if answer.total >= FEW:
            return


def _known(asked: Asked) -> dict[str, int]:
    """In how many documents the words of a query occur."""
    words = dict.fromkeys(word for reading in asked.readings for word in counted_words(reading))
    pairs = dict.fromkeys(
        pair for reading in asked.readings for pair in counted_pairs(reading, asked.analyser)
    )
    field = Field.TITLE if asked.search.in_title else Field.BODY
    known = dict(asked.engine.frequencies(field, list(words))) if words else {}
    if field is Field.BODY and words:
        # A word that only titles have is known as well.
        for word, count in asked.engine.frequencies(Field.TITLE, list(words)).items():
            known[word] = max(known.get(word, 0), count)
    if pairs:
        known |= asked.engine.frequencies(Field.BIGRAM, list(pairs))
    return known


def _needs_meanings(asked: Asked) -> bool:
    """Whether nothing has the words themselves: all that was found has other ones for them."""
    if not any(unit.meanings for reading in asked.readings for unit in reading.units):
        return False
    plain = any_reading(
        asked.maker.everything(_without_meanings(reading)) for reading in asked.readings
    )
    return plain is not None and _search(asked, plain, count=1).total == 0


def _without_meanings(reading: Reading) -> Reading:
    return replace(reading, units=tuple(replace(unit, meanings=()) for unit in reading.units))


# --- other words ----------------------------------------------------------------------------------
def _corrected(found: Ranked, facets: tuple[str, ...], count: int) -> Ranked:
    """What was meant, in place of a query that finds nothing; something to offer for few."""
    search = found.asked.search
    told = corrections(found.asked.text, site=search.site, language=found.asked.language)
    found.did_you_mean = told.offers
    # Letters that some text happens to have (gjj in an address) are no reason to look no further.
    is_answered = found.answer.total and not _is_in_letters(found.asked)
    if is_answered or search.exact or not told.sure:
        return found
    other = _by_words(found.asked.for_text(told.sure), facets, count)
    if not other.answer.total:
        return found
    other.how, other.corrected = "corrected", told.sure
    other.did_you_mean = tuple(text for text in told.offers if text != told.sure)
    return other


def _is_in_letters(asked: Asked) -> bool:
    typed = "".join(asked.readings[0].folded.split())
    return asked.language == CHINESE and typed.isascii() and typed.isalpha()


def _by_pieces(found: Ranked, facets: tuple[str, ...], count: int) -> None:
    asked = found.asked
    known = _known(asked)
    if all(asked.maker.knows_all(reading, known) for reading in asked.readings):
        return  # there are such words, only not within what was chosen
    node = any_reading(asked.maker.pieces(reading) for reading in asked.readings)
    if node is None:
        return
    answer = _search(asked, node, facets=facets, count=count)
    if answer.total:
        found.how, found.node, found.answer = "bigrams", node, answer


# --- meaning --------------------------------------------------------------------------------------
def _is_prose(asked: Asked) -> bool:
    """A question or a description rather than a name: several words, some of them only said."""
    reading = asked.readings[0]
    if asked.by_date or asked.search.in_title or reading.quotes:
        return False
    if not asked.language.startswith("zh"):
        return len(reading.units) > 2
    if len(_HAN.findall(reading.folded)) < _PROSE:
        return False
    said = sum(len(unit.text) for unit in reading.units)
    return len(reading.units) > 2 or said < len(asked.analyser.key(asked.text, asked.language))


def _by_meaning(found: Ranked, facets: tuple[str, ...]) -> None:
    """Fuses results by words with those by meaning: each counts by its place in both."""
    asked = found.asked
    if asked.search.in_title or asked.search.exact or asked.readings[0].quotes:
        return
    if found.total >= FEW and not _is_prose(asked):
        return
    near = nearest(asked.text, filters=asked.filters, count=NEAR, seconds=MEANING_SECONDS)
    if not near:
        return
    scores: dict[str, float] = {}
    by_words = [key for key, _ in found.keys(0, FUSED)]
    for keys in (by_words, [hit.key for hit in near]):
        for place, key in enumerate(keys):
            scores[key] = scores.get(key, 0.0) + 1 / (FUSION_K + 1 + place)
    found.head = sorted(scores, key=lambda key: -scores[key])
    if not found.answer.total:
        found.how = "meaning"
    _count_beside(found, [hit.key for hit in near], facets)


# --- what stands first ----------------------------------------------------------------------------
def _pin(found: Ranked, asked: Asked, facets: tuple[str, ...]) -> None:
    """Editors' choices, then what has exactly the title or the number that was typed."""
    keys = _best_bets(asked)
    exact = any_reading(asked.maker.exact(reading) for reading in asked.readings)
    if exact is not None:
        hits = _search(asked, exact, count=_EXACT).hits
        if hits and not found.corrected:
            found.how = "exact"
        keys += [hit.key for hit in hits]
    if not keys:
        return
    first = list(dict.fromkeys(keys))
    found.pinned = frozenset(first)
    found.head = first + [key for key in found.head if key not in found.pinned]
    _count_beside(found, found.head, facets)


def _best_bets(asked: Asked) -> list[str]:
    """Keys of the editors' choices for this query that are within its filters."""
    bets = [bet for bet in asked.rules.best_bets if _is_on(bet, asked.filters.at)]
    if not bets:
        return []
    typed = {asked.analyser.key(asked.text, asked.language)}
    # 请问居住证怎么办理 is the query 居住证.
    for reading in asked.readings:
        typed.add("".join(unit.text for unit in reading.units if not unit.is_loose))
    wanted = [
        bet.key
        for bet in bets
        if not typed.isdisjoint(asked.analyser.key(query, asked.language) for query in bet.queries)
    ]
    if not wanted:
        return []
    within = {hit.key for hit in _these(asked, wanted, ()).hits}
    return [key for key in dict.fromkeys(wanted) if key in within]


def _is_on(bet: BestBet, at: datetime.datetime) -> bool:
    return (bet.since is None or bet.since <= at) and (bet.until is None or at < bet.until)


# --- the engine -----------------------------------------------------------------------------------
def _count_beside(found: Ranked, keys: Sequence[str], facets: tuple[str, ...]) -> None:
    """Count the keys that the words do not find, so that totals and facets tell of them too."""
    known = {hit.key for hit in found.answer.hits}
    unknown = [key for key in keys if key not in known]
    if unknown and found.node is not None and len(known) < found.answer.total:
        within = replace(found.asked.filters, keys=tuple(unknown))
        query = EngineQuery(node=found.node, filters=within, count=len(unknown))
        by_words = {hit.key for hit in found.asked.engine.search(query).hits}
        unknown = [key for key in unknown if key not in by_words]
    found.beside = _these(found.asked, unknown, facets) if unknown else _NOTHING


def _these(asked: Asked, keys: Sequence[str], facets: tuple[str, ...]) -> EngineAnswer:
    within = replace(asked.filters, keys=tuple(keys))
    return asked.engine.search(
        EngineQuery(node=Everything(), filters=within, facets=facets, count=len(keys))
    )


def _by_kind(node: Node, asked: Asked) -> Node:
    """The scores of kinds of results times what the editors set for them."""
    factors = asked.rules.weights.kinds
    if not factors:
        return node
    facts = {kind: Fact("kind", kind) for kind in factors}
    weighted = [
        Boosted(AllOf((node, facts[kind])), max(factor, _LEAST_FACTOR))
        for kind, factor in factors.items()
    ]
    return AnyOf((*weighted, Without(node, AnyOf(tuple(facts.values())))))


def _search(
    asked: Asked, node: Node, *, facets: tuple[str, ...] = (), start: int = 0, count: int
) -> EngineAnswer:
    return asked.engine.search(
        EngineQuery(
            node=node if asked.by_date else _by_kind(node, asked),
            filters=asked.filters,
            facets=facets,
            sort=asked.search.sort,
            start=start,
            count=count,
            recency=0.0 if asked.search.sort is Sort.DATE else asked.rules.weights.recency,
        )
    )
