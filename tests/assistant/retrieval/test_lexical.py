import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval import lexical
from assistant.retrieval.lexical import PostingsBuilder, score, weighted, words

ROWS = st.lists(st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=12), min_size=1, max_size=8)
QUERY = st.dictionaries(st.sampled_from("甲乙丙丁子丑"), st.floats(0.125, 3), max_size=5)


def bm25(rows: list[list[str]], query: dict[str, float]) -> list[float]:
    """Lucene's formula, word by word."""
    lengths = [len(row) for row in rows if row]
    usual = sum(lengths) / len(lengths) if lengths else 1.0
    result = []
    for row in rows:
        counts, total = Counter(row), 0.0
        for term, weight in query.items():
            frequency = sum(term in other for other in rows)
            rarity = math.log(1 + (len(rows) - frequency + 0.5) / (frequency + 0.5))
            length = lexical.K1 * (1 - lexical.B + lexical.B * len(row) / usual)
            count = counts[term]
            total += weight * rarity * count / (count + length) if count else 0.0
        result.append(total)
    return result


def postings(rows: list[list[str]], average: float | None = None) -> lexical.Postings:
    builder = PostingsBuilder()
    for row in rows:
        builder.add(words(row))
    return builder.build(average)


@given(ROWS, QUERY)
def test_scores_are_those_of_the_formula(rows: list[list[str]], query: dict[str, float]) -> None:
    (scores,) = score([postings(rows)], weighted(query))

    assert scores.tolist() == pytest.approx(bm25(rows, query), rel=1e-4, abs=1e-5)


@given(ROWS, ROWS, QUERY)
def test_two_parts_score_as_one(
    first: list[list[str]], second: list[list[str]], query: dict[str, float]
) -> None:
    whole = postings(first + second)
    parts = [postings(first, whole.average), postings(second, whole.average)]

    together = np.concatenate(score(parts, weighted(query)))

    assert together.tolist() == pytest.approx(score([whole], weighted(query))[0].tolist(), rel=1e-5)


def test_nothing_scores_nothing() -> None:
    empty = PostingsBuilder().build()

    assert score([empty], weighted({"甲": 1.0}))[0].tolist() == []
    assert score([postings([["甲"]])], weighted({}))[0].tolist() == [0.0]
