"""The demo's public opinion: answered and closed, being answered, watched."""

import sqlite3
from collections.abc import Iterator

import pytest

from tests.e2e.serving import reading_demo

TOPICS = {
    "柳岸路爆管停水": ("closed", 3),
    "码头街天然气异味": ("respond", 1),
    "轮渡三号线晚高峰排队": ("watch", 2),
}


@pytest.fixture
def demo() -> Iterator[sqlite3.Connection]:
    with reading_demo() as database:
        yield database


def test_topics_in_every_state_with_what_people_ask(demo: sqlite3.Connection) -> None:
    found = demo.execute(
        "SELECT topic.title, topic.state, count(question.id)"
        " FROM policy_interpretation_opiniontopic topic"
        " LEFT JOIN policy_interpretation_hotquestion question ON question.topic_id = topic.id"
        " GROUP BY topic.id"
    )
    assert {title: (state, count) for title, state, count in found} == TOPICS
    waiting = demo.execute(
        "SELECT count(*) FROM policy_interpretation_hotquestion WHERE topic_id IS NULL"
    ).fetchone()
    assert waiting[0] > 0


def test_response_and_refutation_are_public_and_the_unit_has_a_day_to_answer_by(
    demo: sqlite3.Connection,
) -> None:
    live = demo.execute(
        "SELECT slug FROM wagtailcore_page WHERE live"
        " AND slug IN ('response-liuan-water', 'refute-liuan-water')"
    ).fetchall()
    assert len(live) == 2
    [(clock,)] = demo.execute("SELECT clock_id FROM policy_interpretation_invitation").fetchall()
    assert clock is not None
