"""Moves vectors before they are compared, by constants that were measured once.

Sentence models of this kind say of every text also what language it is in and that it is a question
at all, and both hide the matter. What the languages differ in is taken out (the directions between
the mean vectors of the same sentences in fifteen languages), and so is what all questions and all
answers have in common. Decision 19 has the figures; ``python -m assistant.evaluation.project``
makes the file anew.

The vectors that are stored are those of the model; the index holds the moved ones.
"""

from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from .analysis import VERSION as _TEXT_VERSION

VERSION = f"2.{_TEXT_VERSION}"
"""Changes with the constants: an index with vectors that were moved otherwise is made anew."""

type Floats = NDArray[np.float32]

# Of what questions have in common only half is taken from both sides of question and question:
# colloquial questions lack it, and are not to be told apart by that.
_HALF = np.float32(0.5)


def document(space: str, part: str, rows: Floats) -> Floats:
    """Vectors of questions or answers (``part``) as the index holds them: (n, d), of length 1.

    Spaces that nothing is known of (a service's model) stay as they are.
    """
    constants = _constants().get(space)
    if constants is None or not len(rows):
        return rows
    centre = constants["answer"] if part == "answer" else _HALF * constants["question"]
    return _moved(np.asarray(rows, np.float32), centre, constants["languages"])


def question(space: str, part: str, vector: Floats) -> Floats:
    """The vector of a query as it is compared with the vectors of that part: (d,), of length 1."""
    constants = _constants().get(space)
    if constants is None:
        return vector
    centre = constants["question"] if part == "answer" else _HALF * constants["question"]
    moved: Floats = _moved(np.asarray(vector, np.float32)[None], centre, constants["languages"])[0]
    return moved


def _moved(rows: Floats, centre: Floats, languages: Floats) -> Floats:
    centred: Floats = rows - centre
    centred -= (centred @ languages.T) @ languages
    lengths: Floats = np.linalg.norm(centred, axis=1, keepdims=True).astype(np.float32)
    centred /= np.where(lengths > 0, lengths, np.float32(1))
    return centred


@cache
def _constants() -> dict[str, dict[str, Floats]]:
    """Space → ``languages`` (k, d; orthonormal rows), ``question`` and ``answer`` (d)."""
    found: dict[str, dict[str, Floats]] = {}
    with (
        resources.files(__package__).joinpath("projection.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as arrays,
    ):
        for name in arrays.files:
            space, constant = name.split(".")
            found.setdefault(space, {})[constant] = arrays[name].astype(np.float32)
    return found
