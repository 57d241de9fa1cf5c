"""Which questions are about one matter. Numbers only: no database, no models.

Questions of a group are alike on average (average linkage over closeness in meaning); one that
comes later joins the group whose middle it is close to, if it is clearly closer to it than to any
other. Two models say more than one: what a question in another language has in common with a group
is seen better by the second. The bounds were chosen on ``tests/assistant/gaps/seeded.jsonl``;
decision 28 has the figures. Without the first model words decide, and conservatively.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage  # type: ignore[import-untyped]

type Rows = NDArray[np.float32]
# The places of a group's questions.
type Group = list[int]


@dataclass(frozen=True, slots=True)
class Bounds:
    """``alike``: average closeness within a new group. ``joins``: what a question must reach to
    join one (closeness, and how much it stands out). ``same``: from which closeness of their
    middles on two groups are one."""

    alike: float
    joins: float
    same: float


MEANING = Bounds(alike=0.66, joins=0.96, same=0.84)
WORDS = Bounds(alike=0.22, joins=0.30, same=0.50)
# A group is worth somebody's time when so many questions of so many people are in it.
FEWEST, FEWEST_ASKERS = 5, 3
# What the second model's closeness counts, and what standing out counts, by the first and second.
_SECOND, _LEAD, _SECOND_LEAD = 0.3, 0.5, 0.2
# A question stands out from the next group, or from what questions have in common at all where
# there are few groups; and not more than so much.
_COMMON, _SECOND_COMMON, _MOST_LEAD = 0.70, 0.40, 0.10


@dataclass(frozen=True, slots=True)
class Questions:
    """Vectors of length 1, a row for each question. ``second``: of another model, or None.

    ``askers`` tell people apart; "" is somebody of whom nothing is known: a person each.
    """

    first: Rows
    second: Rows | None
    askers: Sequence[str]
    bounds: Bounds = MEANING

    def __len__(self) -> int:
        return len(self.first)


def grouped(
    questions: Questions,
    groups: Sequence[Group],
    rest: Iterable[int],
    is_wanted: Callable[[Group], bool] = lambda group: True,
) -> tuple[list[Group], list[int]]:
    """Groups with what joined them, then new ones; and what is in none.

    Args:
        groups: as they are; each keeps its questions and its place in the result.
        rest: places of questions that are in no group yet.
        is_wanted: whether a new group is to be; its questions stay alone otherwise.
    """
    found = [list(group) for group in groups]
    alone = _join(questions, found, sorted(rest))
    for group in _form(questions, alone):
        if not _is_enough(questions, group) or not is_wanted(group):
            continue
        same = _same(questions, found, group)
        if same is None:
            found.append(group)
        else:
            found[same] += group
        taken = set(group)
        alone = [place for place in alone if place not in taken]
    return found, _join(questions, found, alone)


def middle(rows: Rows) -> Rows:
    """The direction that vectors have in common, of length 1."""
    total: Rows = rows.mean(axis=0)
    length = float(np.linalg.norm(total))
    return total / np.float32(length) if length else total


def central(questions: Questions, group: Group) -> list[int]:
    """The questions of a group, those in its middle first."""
    closeness = questions.first[group] @ middle(questions.first[group])
    return [group[place] for place in np.argsort(-closeness, kind="stable")]


def _join(questions: Questions, groups: list[Group], alone: list[int]) -> list[int]:
    """Let questions join groups, as long as some do; those that did not."""
    while groups and alone:
        scores = _standing(questions, groups, alone)
        best = scores.argmax(axis=1)
        reached = scores[np.arange(len(alone)), best] >= questions.bounds.joins
        if not reached.any():
            break
        for place, group in zip(np.array(alone)[reached].tolist(), best[reached], strict=True):
            groups[int(group)].append(place)
        alone = np.array(alone)[~reached].tolist()
    return alone


def _standing(questions: Questions, groups: Sequence[Group], alone: Sequence[int]) -> Rows:
    """How well each question fits each group: (questions, groups)."""
    first = _closeness(questions.first, groups, alone)
    scores = first + _LEAD * _lead(first, _COMMON if questions.second is not None else 0.0)
    if questions.second is not None:
        second = _closeness(questions.second, groups, alone)
        lead = _lead(second, _SECOND_COMMON, 2 * _MOST_LEAD)
        scores = scores + _SECOND * second + _SECOND_LEAD * lead
        # The first model says which group; the second only how sure that is.
        scores = np.where(first >= first.max(axis=1, keepdims=True), scores, -np.inf)
    return scores.astype(np.float32)


def _closeness(rows: Rows, groups: Sequence[Group], alone: Sequence[int]) -> Rows:
    middles = np.stack([middle(rows[group]) for group in groups])
    found: Rows = rows[list(alone)] @ middles.T
    return found


def _lead(closeness: Rows, common: float, most: float = _MOST_LEAD) -> Rows:
    """How far each group is before the best of the others."""
    order = np.sort(closeness, axis=1)
    best = order[:, -1:]
    next_best = order[:, -2:-1] if closeness.shape[1] > 1 else np.full_like(best, common)
    others = np.where(closeness >= best, next_best, best)
    found: Rows = np.minimum(closeness - np.maximum(others, np.float32(common)), np.float32(most))
    return found


def _form(questions: Questions, alone: Sequence[int]) -> list[Group]:
    """New groups, the largest first."""
    if len(alone) < FEWEST:
        return []
    rows = questions.first[list(alone)]
    distance = np.clip(1 - rows @ rows.T, 0, None)
    tree = linkage(distance[np.triu_indices(len(alone), 1)], "average")
    numbers = fcluster(tree, 1 - questions.bounds.alike, "distance")
    groups: dict[int, Group] = {}
    for place, number in zip(alone, numbers.tolist(), strict=True):
        groups.setdefault(number, []).append(place)
    return sorted(groups.values(), key=lambda group: (-len(group), group))


def _is_enough(questions: Questions, group: Group) -> bool:
    askers = [questions.askers[place] for place in group]
    people = len(set(filter(None, askers))) + askers.count("")
    return len(group) >= FEWEST and people >= FEWEST_ASKERS


def _same(questions: Questions, groups: Sequence[Group], group: Group) -> int | None:
    """The group whose middle is so close that the two are one."""
    if not groups:
        return None
    own = middle(questions.first[group])
    closeness = [float(middle(questions.first[other]) @ own) for other in groups]
    best = int(np.argmax(closeness))
    return best if closeness[best] >= questions.bounds.same else None
