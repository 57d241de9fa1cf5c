"""Which questions are nearly the same, and how two answers differ. Numbers only: no database.

An entry is compared by all its questions together (signs, one and two at a time, weighted by how
rare they are), by its main question alone, and by the vector of that where there is one. Two that
name different figures (2025 and 2026) are never the same question. The measures and their bounds
were chosen on the demo city and its seeded contradictions: units that answer apart contradict each
other easily, one unit seldom does and has many entries about one matter.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from portal.text.segmentation import normalise
from portal.text.statements import Statement, extract

# All questions of two entries together: of different units, of units not known, of one unit.
ALIKE_APART, ALIKE_UNKNOWN, ALIKE_WITHIN = 0.52, 0.8, 0.72
# The main question of one and any question of the other.
SAME_QUESTION = 0.9
# The main questions by their meaning, where all of them have something in common.
SAME_MEANING, _IN_COMMON = 0.965, 0.38
# Where the answers are merely worded apart, the questions must be closer.
_FOR_TEXTS = 0.85
# Answers from here on say the same; below the lower one they say different things.
SAME_ANSWER = 0.97
OTHER_ANSWER = 0.45
_NUMBERS = re.compile(r"\d+")
_SIGNS = re.compile(r"[^\W_]")
_PIECES = re.compile(r"\d[\d.,:：/年月日-]*|[A-Za-z]+|\s+|.", re.DOTALL)
# Chinese asks with words that say nothing of the matter.
_ASKING = re.compile(
    r"请问|怎么办理?|怎样|如何|怎么|什么|去哪里?|在哪里?|哪里|哪儿|哪些|多少|需要|可以|办理|吗|呢|啊|要|的|是|了|我|想|"
    r"\b(?:how|what|where|when|which|do|does|can|i|is|are|to|the|a|an|my|for|in|of|get|apply)\b"
)

type Difference = Literal["same", "figures", "texts", ""]
type Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one entry, the main one first. ``areas``: only within one are two compared.

    ``owner`` is the unit that answers. ``group`` is the same for translations of each other.
    ``vector`` is that of the main question, of length 1.
    """

    pk: int
    language: str
    texts: Sequence[str]
    areas: frozenset[int]
    owner: int | None = None
    group: int = 0
    vector: Vectors | None = None


def alike(entries: Sequence[Asked], of: Iterable[int]) -> list[tuple[int, int, float]]:
    """(smaller pk, larger pk, likeness) of the pairs of which one is among ``of``."""
    found: dict[tuple[int, int], float] = {}
    wanted = set(of)
    for language in sorted({entry.language for entry in entries}):
        group = [entry for entry in entries if entry.language == language]
        places = [place for place, entry in enumerate(group) if entry.pk in wanted]
        if len(group) < 2 or not places:
            continue
        for first, second, score in _pairs(group, places):
            one, other = group[first], group[second]
            pair = (min(one.pk, other.pk), max(one.pk, other.pk))
            found[pair] = max(found.get(pair, 0.0), min(score, 1.0))
    return sorted((*pair, score) for pair, score in found.items())


def is_worth_a_look(score: float, kind: "Difference") -> bool:
    """Whether a pair that is alike is one to be looked at, given how its answers differ."""
    return kind in ("same", "figures") or (kind == "texts" and score >= _FOR_TEXTS)


def _comparable(one: Asked, other: Asked) -> bool:
    if one.pk == other.pk or (one.group and one.group == other.group):
        return False
    if one.areas.isdisjoint(other.areas):
        return False
    first, second = (frozenset(_NUMBERS.findall(normalise(e.texts[0]))) for e in (one, other))
    return not first or not second or first == second


def _bound(one: Asked, other: Asked) -> float:
    if one.owner is None or other.owner is None:
        return ALIKE_UNKNOWN
    return ALIKE_WITHIN if one.owner == other.owner else ALIKE_APART


def _pairs(group: Sequence[Asked], places: Sequence[int]) -> Iterator[tuple[int, int, float]]:
    """Places in the group, and the score, of what is alike."""
    whole = _matrix([" ".join(entry.texts) for entry in group])
    for first, second, score in _products(whole, places, whole, _IN_COMMON):
        one, other = group[first], group[second]
        if not _comparable(one, other):
            continue
        if score >= _bound(one, other):
            yield first, second, score
        elif one.vector is not None and other.vector is not None:
            meaning = float(one.vector @ other.vector)
            if meaning >= SAME_MEANING and one.owner != other.owner:
                yield first, second, score
    owner = [place for place, entry in enumerate(group) for _text in entry.texts]
    single = _matrix([text for entry in group for text in entry.texts])
    starts = np.cumsum([0, *(len(entry.texts) for entry in group)])
    mains = [int(starts[place]) for place in places]
    for row, column, score in _products(single, mains, single, SAME_QUESTION):
        first, second = owner[row], owner[column]
        if _comparable(group[first], group[second]):
            yield first, second, score
    mine = [int(row) for place in places for row in range(starts[place], starts[place + 1])]
    all_mains = single[starts[:-1]]
    for row, second, score in _products(single, mine, all_mains, SAME_QUESTION):
        if _comparable(group[owner[row]], group[second]):
            yield owner[row], second, score


def _products(
    left: Any, rows: Sequence[int], right: Any, bound: float
) -> Iterator[tuple[int, int, float]]:
    """(row of ``left``, row of ``right``, score) of the products that reach a bound."""
    turned = right.T.tocsr()
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        scores = (left[part] @ turned).tocoo()
        kept = scores.data >= bound
        for at, column, score in zip(
            scores.row[kept], scores.col[kept], scores.data[kept], strict=True
        ):
            yield part[at], int(column), float(score)


def _matrix(texts: Sequence[str]) -> Any:
    """Texts by their weighted signs, rows of length 1."""
    columns: dict[str, int] = {}
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        for gram, count in _grams(text).items():
            places.append(columns.setdefault(gram, len(columns)))
            values.append(float(count))
        ends.append(len(places))
    found = csr_matrix(
        (np.array(values, dtype=np.float32), np.array(places), np.array(ends)),
        shape=(len(texts), max(len(columns), 1)),
    )
    seen = np.bincount(found.indices, minlength=found.shape[1])
    rare = np.log1p(len(texts) / np.maximum(seen, 1)).astype(np.float32)
    found.data *= rare[found.indices]
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(found.indptr))
    return found


def term_rows(texts: Sequence[str], width: int = 4096) -> Vectors:
    """Texts by their weighted signs as rows of length 1, folded to a width; for where no model is.

    What falls together by the folding is as rare as it is harmless.
    """
    matrix = _matrix(texts)
    folded = csr_matrix(
        (matrix.data, matrix.indices % width, matrix.indptr), shape=(len(texts), width)
    )
    rows: Vectors = np.asarray(folded.todense(), dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _grams(text: str) -> Counter[str]:
    plain = normalise(text)
    matter = _ASKING.sub(" ", plain)
    if len(_SIGNS.findall(matter)) < 2:
        matter = plain
    grams: Counter[str] = Counter()
    for run in re.findall(r"[^\W_]+", matter):
        if run.isascii():
            grams[run] += 1
            continue
        grams.update(run)
        grams.update(run[at : at + 2] for at in range(len(run) - 1))
    return grams


# --- answers --------------------------------------------------------------------------------------
def difference(one: str, other: str, language: str) -> Difference:
    """How two answers (plain text) to the same question differ; "" where they say the same."""
    first, second = _signs(one), _signs(other)
    if first == second:
        return "same"
    if figures_differ(one, other, language):
        return "figures"
    likeness = (
        SequenceMatcher(None, first, second, autojunk=False).ratio()
        if (len(first) + len(second) < 6000)
        else _overlap(first, second)
    )
    if likeness >= SAME_ANSWER:
        return "same"
    return "texts" if likeness < OTHER_ANSWER else ""


def figures_differ(one: str, other: str, language: str) -> bool:
    """Whether both state figures of one kind, and each states one that the other does not."""
    first, second = _figures(one, language), _figures(other, language)
    return any(
        first[kind] - second[kind] and second[kind] - first[kind]
        for kind in first.keys() & second.keys()
    )


def _figures(text: str, language: str) -> dict[tuple[str, str], set[Any]]:
    found: dict[tuple[str, str], set[Any]] = {}
    for statement in extract(text, language):
        if statement.kind in ("provision", "ordinal", "document", "web", "mail", "address"):
            continue
        found.setdefault((statement.kind, _unit(statement)), set()).add(statement.value)
    return found


def _unit(statement: Statement) -> str:
    return statement.unit if statement.kind in ("money", "duration", "count") else ""


def _signs(text: str) -> str:
    return "".join(_SIGNS.findall(normalise(text)))


def _overlap(one: str, other: str) -> float:
    """For long texts: how much of their pairs of signs they share."""
    first = Counter(one[at : at + 2] for at in range(len(one) - 1))
    second = Counter(other[at : at + 2] for at in range(len(other) - 1))
    both = (first & second).total()
    return 2 * both / max(first.total() + second.total(), 1)


def marked(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether the other text has it not."""
    first, second = _PIECES.findall(one[:8000]), _PIECES.findall(other[:8000])
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if b > a:
            left.append(("".join(first[a:b]), tag != "equal"))
        if d > c:
            right.append(("".join(second[c:d]), tag != "equal"))
    return left, right
