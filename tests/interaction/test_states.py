"""The table of moves, and the page that shows it."""

from pathlib import Path

from portal.interaction.models import OPEN_STATES, LetterState, Verb
from portal.interaction.states import CLOSED, EVERY, OPEN, TRANSITIONS, Move

PAGE = Path(__file__).resolve().parents[2] / "docs/administrators/letters.md"
NAMED = {EVERY: "any", OPEN: "any open", CLOSED: "any closed"}


def line(verb: Verb, move: Move) -> str:
    sources = NAMED.get(move.sources) or ", ".join(sorted(move.sources))
    who = "; ".join(f"{action.value} ({relation.value})" for action, relation in move.who)
    marks = [
        name
        for name, holds in (
            ("reason", move.needs_reason),
            ("told to the writer", move.tells_writer),
        )
        if holds
    ]
    return (
        f"| `{verb.value}` | {sources} | {move.target or '–'} "
        f"| {who or 'the writer or the portal'} | {', '.join(marks)} |"
    )


def test_the_page_shows_the_table() -> None:
    text = PAGE.read_text("utf-8")
    missing = [line(verb, move) for verb, move in TRANSITIONS.items()]
    assert [row for row in missing if row not in text] == []
    assert text.count("\n| `") == len(TRANSITIONS)


def test_every_open_state_has_a_way_out_and_every_state_a_way_in() -> None:
    reached = {move.target for move in TRANSITIONS.values()} | {LetterState.RECEIVED}
    # A letter that is reopened or confirmed goes where the service says.
    assert {str(state) for state in LetterState} <= {str(state) for state in reached if state}
    for state in OPEN_STATES:
        assert any(
            state in move.sources and move.target not in (None, state)
            for verb, move in TRANSITIONS.items()
            if verb is not Verb.WITHDRAW
        )


def test_what_ends_a_letter_without_a_reply_demands_a_reason() -> None:
    for verb, move in TRANSITIONS.items():
        if move.target in CLOSED and move.who and verb not in (Verb.RELEASE, Verb.MERGE):
            assert move.needs_reason, verb
