"""Letters, comments and activities of the demo city, as ``portal load_demo`` leaves them."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from portal.interaction.models import CommentState, LetterKind, LetterState
from tests.e2e.serving import reading_demo

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def demo() -> Iterator[sqlite3.Connection]:
    with reading_demo() as database:
        yield database


def column(demo: sqlite3.Connection, query: str) -> list[Any]:
    return [row[0] for row in demo.execute(query)]


def test_sixty_letters_stand_in_every_state_and_are_of_every_kind(demo: sqlite3.Connection) -> None:
    assert len(column(demo, "SELECT 1 FROM interaction_letter")) >= 60
    states = set(column(demo, "SELECT DISTINCT state FROM interaction_letter"))
    assert states == set(LetterState.values)
    assert set(column(demo, "SELECT DISTINCT kind FROM interaction_letter")) >= set(
        LetterKind.values
    ) - {LetterKind.ERROR_CENTRAL}


def test_comments_wait_are_shown_and_refused(demo: sqlite3.Connection) -> None:
    found = set(column(demo, "SELECT DISTINCT state FROM interaction_comment"))
    assert found >= {CommentState.WAITING, CommentState.SHOWN, CommentState.REFUSED}
    assert column(demo, "SELECT 1 FROM interaction_comment WHERE reply != '' AND state = 'shown'")
    shown = column(demo, "SELECT masked_text FROM interaction_comment")
    assert not [text for text in shown if "13900001111" in text]


def test_there_are_surveys_solicitations_and_interviews(demo: sqlite3.Connection) -> None:
    for table, least in (("surveypage", 3), ("solicitationpage", 2), ("interviewpage", 2)):
        rows = column(
            demo,
            f"SELECT 1 FROM participation_{table} JOIN wagtailcore_page ON page_ptr_id = id"
            " WHERE live",
        )
        assert len(rows) >= least, table
