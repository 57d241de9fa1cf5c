import numpy as np
import pytest

from assistant.retrieval import projection


@pytest.fixture
def rows():
    return np.random.default_rng(3).normal(size=(5, 384)).astype(np.float32)


@pytest.mark.parametrize("part", ["question", "answer"])
def test_lengths_are_one_and_languages_are_gone(part, rows):
    moved = projection.document("e5", part, rows)
    languages = projection._constants()["e5"]["languages"]
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert np.abs(moved @ languages.T).max() < 1e-4
    assert moved.dtype == np.float32


def test_a_question_is_closest_to_itself_among_questions(rows):
    stored = projection.document("e5", "question", rows)
    assert (stored @ projection.question("e5", "question", rows[2])).argmax() == 2
    assert stored[2] @ projection.question("e5", "question", rows[2]) == pytest.approx(1, abs=1e-5)


def test_vectors_that_differ_in_language_alone_become_one(rows):
    languages = projection._constants()["e5"]["languages"]
    other = rows[0] + 3 * languages[0] - 2 * languages[4]
    moved = projection.document("e5", "answer", np.stack([rows[0], other]))
    assert np.allclose(moved[0], moved[1], atol=1e-4)


def test_spaces_of_services_stay_as_they_are(rows):
    assert projection.document("service", "answer", rows) is rows
    assert projection.question("service", "answer", rows[0]) is not None


def test_the_stored_vectors_are_not_changed(rows):
    before = rows.copy()
    projection.document("e5", "answer", rows)
    assert (rows == before).all()
    assert projection.document("e5", "answer", rows[:0]).shape == (0, 384)
