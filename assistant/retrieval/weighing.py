"""Ranking and decision, as the pipeline asks for them."""

import numpy as np
from numpy.typing import NDArray

from . import analysis, gates, ranking
from .contract import Decision
from .index import Snapshot
from .signals import Ranking, Scores, Signals


def rank(signals: Signals, index: Snapshot) -> Scores:
    """Fused scores; entries that have this very question stand before all others."""
    query = signals.query
    fused = ranking.rank(
        signals.fields,
        query.text,
        language=query.language,
        same_language=same_language(signals, index),
    )
    if len(signals.known):
        best = fused[np.isfinite(fused)].max(initial=0.0)
        fused[signals.known] = np.nan_to_num(fused[signals.known], neginf=0.0) + best + 1
    return fused


def same_language(signals: Signals, index: Snapshot) -> NDArray[np.bool_] | None:
    """The candidates whose words can be those of the question; None: its language is not known."""
    if analysis.shape(signals.query.text).chinese:
        return index.written_in(signals.candidates, lambda name: name.startswith("zh"))
    tongue = signals.query.language.partition("-")[0]
    if not tongue:
        return None
    return index.written_in(signals.candidates, lambda name: name.partition("-")[0] == tongue)


def judge(signals: Signals, ranked: Ranking, index: Snapshot) -> tuple[Decision, float, int]:
    """The two gates; by words alone where the vectors are not of the models they were made for."""
    models = (model.name for model in index.spaces.values())
    mode = signals.mode if gates.calibrated_for(models) else "lexical"
    fields, fused = ranking.united(signals.fields, ranked.fused, ranked.groups)
    verdict = gates.judge(
        fields,
        fused,
        ranked.places,
        signals.query.text,
        known=_is_known(signals, ranked),
        mode=mode,
        elsewhere=signals.elsewhere,
    )
    return verdict.decision, verdict.confidence, verdict.close


def _is_known(signals: Signals, ranked: Ranking) -> bool:
    """Whether the first, or a translation of it, has this very question."""
    if not ranked.groups:
        return False
    return not set(ranked.groups[0].places).isdisjoint(signals.known.tolist())
