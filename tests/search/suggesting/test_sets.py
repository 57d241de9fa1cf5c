"""Pinyin, initials, sound and shape: the sets that were written before there was any code."""

from collections.abc import Iterator

import pytest

from portal.search.services.correcting import corrections
from portal.search.services.suggesting import suggest
from portal.search.suggestions import store
from portal.search.suggestions.matching import matches

from .sets import scored

pytestmark = pytest.mark.usefixtures("names", "db")

PINYIN_BAR = 0.95
ERRORS_BAR = 0.9
RIGHT_BAR = 0.99


@pytest.mark.parametrize("name", ["pinyin", "pinyin_heldout"])
def test_pinyin_and_initials_are_among_the_first_three(name: str) -> None:
    score = scored(name, _judged)
    print(score)
    assert score.share >= PINYIN_BAR, score


def _judged(row: list[str]) -> Iterator[str]:
    typed, wanted = row[0], row[1].split("|")
    file = store.reader()
    assert file is not None
    # What was begun may be another name of what is suggested.
    found = matches(file, typed, site=None, language="zh-hans", count=3)[:3]
    names = [f"{match.shown_as}|{match.name}" for match in found]
    if not any(one in name for name in names for one in wanted):
        yield f"{typed} -> {names}, wanted {row[1]}"
    shown = [suggestion.text for suggestion in suggest(typed, site=None, language="zh-hans")]
    assert shown[:3] == [match.shown_as for match in found]


@pytest.mark.parametrize("name", ["errors", "errors_heldout"])
def test_wrong_characters_lead_to_the_right_ones(name: str) -> None:
    score = scored(name, _corrected)
    print(score)
    assert score.share >= ERRORS_BAR, score


def _corrected(row: list[str]) -> Iterator[str]:
    found = corrections(row[0], site=None, language="zh-hans")
    if (found.sure or "".join(found.offers[:1])) not in row[1].split("|"):
        yield f"{row[0]} -> {found.sure!r} {found.offers}, wanted {row[1]} ({row[2]})"


@pytest.mark.parametrize("name", ["right", "right_heldout"])
def test_what_is_right_is_not_put_right(name: str) -> None:
    score = scored(name, _left_alone)
    print(score)
    assert score.share >= RIGHT_BAR, score


def _left_alone(row: list[str]) -> Iterator[str]:
    found = corrections(row[0], site=None, language="zh-hans")
    if found.sure:
        yield f"{row[0]} -> {found.sure}"
