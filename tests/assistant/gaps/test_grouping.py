"""Which questions are about one matter: the arithmetic, without any model."""

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.portal_plugin.grouping import FEWEST, Questions, central, grouped

WIDTH = 32


def near(direction: int, count: int, spread: float = 0.25) -> NDArray[np.float32]:
    """Vectors about one direction."""
    chance = np.random.default_rng(direction)
    rows = chance.standard_normal((count, WIDTH)) * spread / np.sqrt(WIDTH)
    rows[:, direction] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def questions(*parts: NDArray[np.float32], askers: list[str] | None = None) -> Questions:
    rows = np.concatenate(parts)
    return Questions(rows, None, askers or [f"a{number}" for number in range(len(rows))])


def test_two_matters_are_two_groups_and_a_stranger_is_in_none() -> None:
    some = questions(near(0, 6), near(1, 7), near(2, 1))
    groups, rest = grouped(some, [], range(14))
    assert sorted(map(sorted, groups)) == [list(range(6)), list(range(6, 13))]
    assert rest == [13]


@pytest.mark.parametrize(
    ("count", "askers", "found"),
    [
        (FEWEST, [f"a{n}" for n in range(FEWEST)], 1),
        (FEWEST - 1, [f"a{n}" for n in range(FEWEST - 1)], 0),
        (8, ["one"] * 8, 0),  # one person who asks eight times is no crowd
        (8, ["one"] * 7 + ["other"], 0),
        (8, [""] * 8, 1),  # of whom nothing is known is a person each
    ],
)
def test_a_group_needs_questions_and_people(count: int, askers: list[str], found: int) -> None:
    groups, _rest = grouped(questions(near(0, count), askers=askers), [], range(count))
    assert len(groups) == found


def test_groups_keep_their_questions_and_their_place() -> None:
    some = questions(near(1, 6), near(0, 6), near(0, 2), near(3, 6))
    before = [list(range(6, 12)), list(range(6))]
    groups, rest = grouped(some, before, range(12, 20))
    assert groups[0][:6] == list(range(6, 12))
    assert sorted(groups[0][6:]) == [12, 13]
    assert groups[1] == list(range(6))
    assert sorted(groups[2]) == list(range(14, 20))
    assert rest == []


def test_what_is_not_wanted_founds_no_group() -> None:
    groups, rest = grouped(questions(near(0, 6)), [], range(6), lambda group: False)
    assert (groups, rest) == ([], list(range(6)))


def test_the_second_model_does_not_say_which_group() -> None:
    first = np.concatenate([near(0, 6), near(1, 6), near(0, 1)])
    second = np.concatenate([near(0, 6), near(1, 6), near(1, 1)])
    some = Questions(first, second, [f"a{n}" for n in range(13)])
    groups, _rest = grouped(some, [list(range(6)), list(range(6, 12))], [12])
    assert 12 not in groups[1]


def test_the_central_question_is_in_the_middle() -> None:
    rows = near(0, 5, spread=1.0)
    rows[3] = 0
    rows[3, 0] = 1
    assert central(questions(rows), list(range(5)))[0] == 3
