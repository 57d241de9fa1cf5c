"""The editorial office of the demo city, as ``portal load_demo`` leaves it."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from portal.editorial.models import ContributionState, TaskState
from tests.e2e.serving import reading_demo

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def demo() -> Iterator[sqlite3.Connection]:
    with reading_demo() as database:
        yield database


def rows(demo: sqlite3.Connection, query: str) -> list[Any]:
    return demo.execute(query).fetchall()


def test_there_is_a_task_in_every_state(demo: sqlite3.Connection) -> None:
    found = {state for (state,) in rows(demo, "SELECT DISTINCT state FROM editorial_unittask")}
    assert found == set(TaskState.values)
    assert rows(demo, "SELECT 1 FROM editorial_unittask WHERE parent_id IS NOT NULL")
    assert rows(demo, "SELECT 1 FROM editorial_recurringtask WHERE is_active")


def test_contributions_went_each_way(demo: sqlite3.Connection) -> None:
    found = {state for (state,) in rows(demo, "SELECT DISTINCT state FROM editorial_contribution")}
    # What is approved is public at once here.
    assert found == set(ContributionState.values) - {ContributionState.APPROVED}
    assert not rows(demo, "SELECT 1 FROM editorial_contribution WHERE words = 0")
    returned = rows(demo, "SELECT reason FROM editorial_contribution WHERE state = 'returned'")
    assert all(reason for (reason,) in returned)


def test_sheets_are_a_draft_confirmed_paid_and_taken_back(demo: sqlite3.Connection) -> None:
    found = {state for (state,) in rows(demo, "SELECT DISTINCT state FROM editorial_feesheet")}
    assert found == {"confirmed", "paid", "taken_back"}
    assert rows(
        demo,
        "SELECT 1 FROM editorial_contribution WHERE state = 'accepted' AND sheet_id IS NULL",
    )


def test_no_translation_is_a_contribution(demo: sqlite3.Connection) -> None:
    assert not rows(
        demo,
        "SELECT 1 FROM editorial_contribution row JOIN wagtailcore_page page ON page.id = row.page_id"
        " JOIN wagtailcore_locale locale ON locale.id = page.locale_id"
        " WHERE locale.language_code != 'zh-hans'",
    )
