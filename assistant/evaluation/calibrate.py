"""Fits the gates: ``python -m assistant.evaluation.calibrate OBSERVATIONS.jsonl --out gates.json``.

Observations are JSON lines of ``{features: [numbers as in gates.FEATURES], right: bool, in_scope:
bool, weight?: number}``: what a ranking looked like, whether its first entry answered the question,
and whether anything in the knowledge base does. They are made by asking the index golden questions
twice, once as it is, and once without the entries that answer them (``observe``): so each question
with an answer gives one of the same field without.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval import gates, ranking

type Scores = NDArray[np.float32]
type Floats = NDArray[np.float64]

# What share of the questions with an answer passes the first gate.
FLOOR_COVERAGE = 0.99
# From which confidence on to answer, and to ask back.
ANSWER_FROM, ASK_FROM = 0.6, 0.2
# For one question without an entry visitors ask so many with one; of the observations the two sides
# are as many, and confidence is to be right for visitors.
IN_SCOPE_TO_OUT = 3.0
FEWEST = 50
# As many are ranked, and looked at for it, when a visitor asks.
_RANKED, _LOOKED_AT = 12, 96
_SHRINKAGE = 5.0


@dataclass(frozen=True, slots=True)
class Observation:
    features: tuple[float, ...]
    right: bool
    in_scope: bool
    weight: float = 1.0


def observe(
    fields: Mapping[str, Scores],
    text: str,
    relevant: Iterable[int],
    *,
    language: str = "",
    same_language: NDArray[np.bool_] | None = None,
    groups: Sequence[Any] | None = None,
    weight: float = 1.0,
) -> list[Observation]:
    """What the gates would see of a question: with its answers, and without them.

    ``fields`` as for ``ranking.rank``; ``relevant``: the places of the entries that answer it;
    without any, one observation only, of a question out of scope. ``groups``: for each candidate
    what is the same for translations of one another; None: there are none.
    """
    answers = set(relevant)
    count = len(next(iter(fields.values())))
    names = range(count) if groups is None else groups
    found = [_observe(fields, text, answers, language, same_language, names, weight)]
    if answers:
        kept = np.array([place not in answers for place in range(count)])
        without = {name: scores[kept] for name, scores in fields.items()}
        same = None if same_language is None else same_language[kept]
        left = [name for name, is_kept in zip(names, kept, strict=True) if is_kept]
        found.append(_observe(without, text, set(), language, same, left, weight))
    return found


def fit(
    observations: Sequence[Observation],
    models: Sequence[str],
    kept: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The content of ``gates.json``. ``kept``: content from which the model of a kind is taken
    that no observation is of.

    Raises:
        ValueError: too few observations of a kind.
    """
    no_question = gates.FEATURES.index("no_question")
    kinds = {
        "with_question": [one for one in observations if not one.features[no_question]],
        "answer_only": [one for one in observations if one.features[no_question]],
    }
    fitted = {
        name: kept[name] if kept is not None and not some else _fit(name, some)
        for name, some in kinds.items()
    }
    return {"models": sorted(models), "features": list(gates.FEATURES), **fitted}


def read(lines: Iterable[str]) -> list[Observation]:
    """Observations from JSON lines.

    Raises:
        ValueError: a line is no observation; the message names it.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            features = tuple(float(value) for value in told["features"])
            if len(features) != len(gates.FEATURES):
                raise ValueError(f"there must be {len(gates.FEATURES)} features")
            found.append(
                Observation(
                    features,
                    bool(told["right"]),
                    bool(told["in_scope"]),
                    float(told.get("weight", 1)),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"line {number} is no observation: {error}") from error
    return found


def main(arguments: Sequence[str] | None = None, write: Callable[[str], Any] = print) -> int:
    parser = argparse.ArgumentParser(prog="python -m assistant.evaluation.calibrate", description=(
        "Fit the gates of the assistant to observations of a knowledge base."
    ))  # fmt: skip
    parser.add_argument("observations", type=Path, help="JSON lines as described in the module")
    parser.add_argument("--out", type=Path, required=True, help="where gates.json is written")
    parser.add_argument(
        "--models",
        default="multilingual-e5-small,use-multilingual-3",
        help="names of the sentence models that made the vectors, with commas",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="GATES.json",
        help="take the model of entries of a kind that nothing was observed of from here",
    )
    chosen = parser.parse_args(arguments)
    try:
        kept = None
        if chosen.keep is not None:
            text = chosen.keep.read_text(encoding="utf-8")
            gates.parse_gates(text)
            kept = json.loads(text)
        with chosen.observations.open(encoding="utf-8") as lines:
            fitted = fit(read(lines), [name for name in chosen.models.split(",") if name], kept)
    except (OSError, ValueError) as error:
        write(str(error))
        return 1
    chosen.out.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    write(f"{chosen.out} written")
    return 0


def _observe(
    fields: Mapping[str, Scores],
    text: str,
    answers: set[int],
    language: str,
    same_language: NDArray[np.bool_] | None,
    names: Sequence[Any],
    weight: float,
) -> Observation:
    fused = ranking.rank(fields, text, language=language, same_language=same_language)
    best = np.argsort(-fused, kind="stable")[:_LOOKED_AT]
    found = ranking.collapse(
        fused, best.tolist(), [names[place] for place in best], [False] * len(best), _RANKED
    )
    united, total = ranking.united(fields, fused, found)
    order = np.array([group.place for group in found], np.int64)
    seen = gates.features(united, total, order, text)
    return Observation(tuple(seen), int(order[0]) in answers, bool(answers), weight)


def _fit(name: str, some: Sequence[Observation]) -> dict[str, Any]:
    right = np.array([one.right for one in some], float)
    inside = np.array([one.in_scope for one in some], bool)
    if min(right.sum(), len(right) - right.sum()) < FEWEST:
        raise ValueError(f"{name}: at least {FEWEST} right and {FEWEST} wrong ones are needed")
    table = np.array([one.features for one in some])
    weight = np.array([one.weight for one in some])
    weight[~inside] /= IN_SCOPE_TO_OUT
    centres, scales = table.mean(axis=0), table.std(axis=0)
    scales[scales < 1e-3] = 1.0  # says nothing, and must not say it loudly elsewhere
    weights, bias = logistic((table - centres) / scales, right, weight)
    highest = table[:, gates.FEATURES.index("highest")]
    return {
        "weights": _rounded(weights),
        "centres": _rounded(centres),
        "scales": _rounded(scales),
        "bias": round(float(bias), 5),
        "floor": round(float(np.quantile(highest[inside], 1 - FLOOR_COVERAGE)), 4),
        "answer": ANSWER_FROM,
        "ask": ASK_FROM,
        "observations": len(some),
    }


def logistic(table: Floats, right: Floats, weight: Floats) -> tuple[Floats, float]:
    """Weights and bias of a logistic regression with shrinkage, by Newton's method."""
    extended = np.column_stack([table, np.ones(len(table))])
    solution = np.zeros(extended.shape[1])
    ridge = np.full(extended.shape[1], _SHRINKAGE)
    ridge[-1] = 0
    for _round in range(50):
        guess = 1 / (1 + np.exp(-extended @ solution))
        gradient = extended.T @ (weight * (guess - right)) + ridge * solution
        curvature = (extended * (weight * guess * (1 - guess))[:, None]).T @ extended
        step = np.linalg.solve(curvature + np.diag(ridge + 1e-9), gradient)
        solution -= step
        if np.abs(step).max() < 1e-7:
            break
    return solution[:-1], float(solution[-1])


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 5) for value in values]


if __name__ == "__main__":
    sys.exit(main())
