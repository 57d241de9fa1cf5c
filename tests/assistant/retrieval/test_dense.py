import numpy as np
import pytest

from assistant.retrieval import dense


@pytest.fixture
def matrix() -> np.ndarray:
    rows = np.random.default_rng(1).standard_normal((5_000, 64))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def test_the_scan_is_exact(matrix: np.ndarray) -> None:
    query = matrix[7].astype(np.float32)
    plain = matrix.astype(np.float64) @ query

    assert np.abs(dense.closeness(matrix, query) - plain).max() < 1e-3
    assert np.abs(dense.blockwise(matrix, query) - plain).max() < 1e-3


def test_a_platform_without_kernels_scans_too(
    matrix: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_kernels", None)

    assert int(dense.closeness(matrix, matrix[7].astype(np.float32)).argmax()) == 7


def test_no_rows_no_scores() -> None:
    none = np.zeros((0, 64), np.float16)

    assert dense.closeness(none, np.ones(64, np.float32)).tolist() == []


def test_each_entry_counts_with_its_best_row() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.2], np.float32)

    best = dense.best_of(scores, np.array([0, 2, 2, 4]))

    assert best[[0, 2]].tolist() == pytest.approx([0.9, 0.5])
    assert np.isnan(best[1])


def test_some_entries_score_as_among_all(matrix: np.ndarray) -> None:
    starts = np.cumsum([0, 2, 0, 3, 1, 4])
    query = matrix[3].astype(np.float32)
    every = dense.best_of(dense.closeness(matrix[:10], query), starts)

    some = dense.among(matrix[:10], starts, np.array([0, 1, 4]), query, dense.best_of)

    assert some.tolist() == pytest.approx(every[[0, 1, 4]].tolist(), nan_ok=True)


def test_an_answer_counts_with_its_whole_and_its_best_window() -> None:
    scores = np.array([0.2, 0.5, 0.1, 0.4, 0.3, 0.9], np.float32)

    found = dense.first_and_best_of(scores, np.array([0, 3, 3, 4, 6]))

    assert found.tolist() == pytest.approx([0.35, np.nan, 0.4, 0.6], nan_ok=True)
    assert dense.first_and_best_of(scores[:0], np.array([0])).tolist() == []
