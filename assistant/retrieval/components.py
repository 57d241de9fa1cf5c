"""The steps of retrieval as Haystack components: each can be replaced in the pipeline by its like.

They hand on whole arrays of scores, not lists of documents: what decides is how far a score stands
out from those of all candidates.
"""

from collections.abc import Callable, Sequence

import numpy as np
from haystack import component
from numpy.typing import NDArray

from . import gates, ranking
from .contract import Decision, Hit, Retrieval
from .embedders import Embedders
from .index import Snapshot
from .signals import Asked, Fields, Ranking, Scores, Signals, Vectors
from .texts import PARTS, for_models

# One score for each candidate.
type Ranker = Callable[[Signals, Snapshot], Scores]
# What to do, how sure (0 to 1), and how many of the first are close enough to be offered.
type Judge = Callable[[Signals, Ranking, Snapshot], tuple[Decision, float, int]]

# So many vectors of a field are scanned whole by every model. Beyond, the second one looks at some:
# on the golden questions, with so small a share of the entries, the first five are the same.
MANY = 20_000
_SAMPLE = 200
_FORWARD = 150

# So many times the top are looked at when translations of one another are told apart.
_DEPTH = 8


@component
class QuestionEmbedder:
    """Turns the question into a vector of each model that the index has vectors of."""

    def __init__(self, embedders: Embedders) -> None:
        self._embedders = embedders

    @component.output_types(vectors=Vectors)
    def run(self, asked: Asked) -> dict[str, Vectors]:
        wanted = [space for space in asked.index.spaces if asked.index.has_vectors(space)]
        return {"vectors": Vectors(self._embedders.question(for_models(asked.query.text), wanted))}


@component
class WordRetriever:
    """BM25 over questions and over answers."""

    @component.output_types(fields=Fields)
    def run(self, asked: Asked) -> dict[str, Fields]:
        text = asked.query.text
        return {"fields": Fields({f"bm25_{part}": asked.index.words(text, part) for part in PARTS})}


@component
class MeaningRetriever:
    """Closeness to every phrasing and to every window of an answer, in each space.

    Of a very large index the second model sees what words and the first one put forward, and a
    sample by which one sees how far a score stands out.
    """

    @component.output_types(fields=Fields)
    def run(self, asked: Asked, vectors: Vectors, words: Fields) -> dict[str, Fields]:
        index = asked.index
        found: dict[str, Scores] = {}
        only: NDArray[np.int64] | None = None
        for number, (space, vector) in enumerate(vectors.by_space.items()):
            if number == 1 and max(index.rows(space, part) for part in PARTS) > MANY:
                only = _put_forward(asked, [*words.by_name.values(), *found.values()])
            for part in PARTS:
                found[f"{space}_{part}"] = index.closeness(space, vector, part, only)
        elsewhere = max(
            (gates.elsewhere(space, vector) for space, vector in vectors.by_space.items()),
            default=0.0,
        )
        return {"fields": Fields(found, elsewhere)}


@component
class CandidateFilter:
    """Leaves those who may answer: before anything is compared or ranked, not after."""

    @component.output_types(signals=Signals)
    def run(self, asked: Asked, words: Fields, meanings: Fields) -> dict[str, Signals]:
        candidates = asked.candidates
        fields = {
            name: scores[candidates]
            for source in (words, meanings)
            for name, scores in source.by_name.items()
        }
        known = asked.index.known(asked.query.text)
        if len(known):
            known = np.flatnonzero(np.isin(candidates, known))
        full = len(candidates) and any(
            np.isfinite(fields[name]).mean() > 0.5 for name in meanings.by_name
        )
        mode = "full" if full else "lexical"
        found = Signals(asked.query, candidates, fields, known, mode, meanings.elsewhere)
        return {"signals": found}


@component
class Fusion:
    """One score for each candidate, then the best; of each group one, in the asker's language."""

    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    @component.output_types(ranking=Ranking)
    def run(self, asked: Asked, signals: Signals) -> dict[str, Ranking]:
        return {"ranking": collapse(signals, self._ranker(signals, asked.index), asked.index)}


@component
class Decider:
    """Answer, ask back, or decline."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    @component.output_types(retrieval=Retrieval)
    def run(self, asked: Asked, signals: Signals, ranking: Ranking) -> dict[str, Retrieval]:
        index = asked.index
        if len(ranking.entries):
            decision, confidence, close = self._judge(signals, ranking, index)
        else:
            decision, confidence, close = Decision.DECLINE, 0.0, 0
        names = index.ids(ranking.entries)
        hits = [Hit(*one) for one in zip(names, ranking.scores.tolist(), strict=True)]
        retrieval = Retrieval(
            hits[: asked.query.top],
            decision,
            confidence,
            tuple(hit.entry for hit in hits[:close]),
            signals.mode,
            index.seq,
        )
        return {"retrieval": retrieval}


def _put_forward(asked: Asked, fields: Sequence[Scores]) -> NDArray[np.int64]:
    """The candidates that stand highest in any field, and the first of all as a sample."""
    candidates = asked.candidates
    chosen = np.zeros(len(candidates), np.bool_)
    chosen[:_SAMPLE] = True
    for scores in fields:
        known = np.nan_to_num(scores[candidates], nan=-np.inf)
        if len(known) > _FORWARD:
            chosen[np.argpartition(-known, _FORWARD)[:_FORWARD]] = True
    return candidates[chosen]


def collapse(signals: Signals, fused: Scores, index: Snapshot) -> Ranking:
    """Of translations of one another the one in the asker's language, at the best one's place."""
    top = max(signals.query.top, 12)  # the decision looks at so many
    depth = min(len(fused), _DEPTH * top)
    if depth < len(fused):
        best = np.argpartition(-fused, depth - 1)[:depth]
    else:
        best = np.arange(len(fused))
    # Equal scores in the order of the index: the same question gives the same answer.
    best = best[np.lexsort((best, -fused[best]))]
    numbers = signals.candidates[best]
    own = [language == signals.query.language for language in index.languages(numbers)]
    groups = ranking.collapse(fused, best.tolist(), index.groups(numbers), own, top)
    places = np.fromiter((group.place for group in groups), np.int64, len(groups))
    return Ranking(
        signals.candidates[places],
        places,
        np.fromiter((group.score for group in groups), np.float32, len(groups)),
        fused,
        groups,
    )
