import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.retrieval import dense

type Floats = NDArray[np.float32]


@pytest.fixture
def vectors() -> Floats:
    rows = np.random.default_rng(1).standard_normal((5_000, 384))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def matrix(vectors: Floats) -> dense.Quantised:
    return dense.quantise(vectors)


def test_cosines_are_nearly_exact(vectors: Floats, matrix: dense.Quantised) -> None:
    query = vectors[7]
    plain = vectors.astype(np.float64) @ query

    assert np.abs(dense.closeness(matrix, query) - plain).max() < 3e-3
    assert np.abs(dense.closeness(matrix, query) - plain).std() < 6e-4
    assert np.abs(dense.blockwise(matrix, query) - plain).max() < 3e-3


def test_what_has_no_direction_is_close_to_nothing(vectors: Floats) -> None:
    found = dense.closeness(dense.quantise(np.zeros((2, 384), np.float32)), vectors[0])

    assert found.tolist() == [0, 0]


def test_a_platform_without_kernels_scans_too(
    vectors: Floats, matrix: dense.Quantised, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_kernels", None)

    assert int(dense.closeness(matrix, vectors[7]).argmax()) == 7


def test_no_rows_no_scores() -> None:
    none = dense.quantise(np.zeros((0, 64), np.float32))

    assert dense.closeness(none, np.ones(64, np.float32)).tolist() == []


def test_each_entry_counts_with_its_best_row() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.2], np.float32)

    best = dense.best_of(scores, np.array([0, 2, 2, 4]))

    assert best[[0, 2]].tolist() == pytest.approx([0.9, 0.5])
    assert np.isnan(best[1])


def test_the_best_of_many_rows_is_found_wherever_it_is() -> None:
    chance = np.random.default_rng(2)
    sizes = chance.integers(0, 9, 200)
    starts = np.append(0, np.cumsum(sizes))
    scores = chance.standard_normal(int(starts[-1])).astype(np.float32)

    found = dense.best_of(scores, starts)

    for number, size in enumerate(sizes):
        rows = scores[starts[number] : starts[number + 1]]
        assert np.isnan(found[number]) if size == 0 else found[number] == rows.max()


def test_some_entries_score_as_among_all(vectors: Floats, matrix: dense.Quantised) -> None:
    starts = np.cumsum([0, 2, 0, 3, 1, 4])
    query = vectors[3]
    every = dense.best_of(dense.closeness(matrix[:10], query), starts)

    some = dense.among(matrix[:10], starts, np.array([0, 1, 4]), query, dense.best_of)

    assert some.tolist() == pytest.approx(every[[0, 1, 4]].tolist(), nan_ok=True)


def test_an_answer_counts_with_its_whole_and_its_best_window() -> None:
    scores = np.array([0.2, 0.5, 0.1, 0.4, 0.3, 0.9], np.float32)

    found = dense.first_and_best_of(scores, np.array([0, 3, 3, 4, 6]))

    assert found.tolist() == pytest.approx([0.35, np.nan, 0.4, 0.6], nan_ok=True)
    assert dense.first_and_best_of(scores[:0], np.array([0])).tolist() == []
