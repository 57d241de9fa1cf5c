"""What was looked for, without anything about who did."""

from .contract import Outcome, Search


def note(search: Search, outcome: Outcome) -> str:
    """Record a search; the answer is a token for ``note_click`` ("": nothing was recorded)."""
    return ""


def note_click(token: str, *, key: str, position: int) -> None:
    """Record that a result of a noted search was opened."""


def popular_queries(*, site: int | None, language: str) -> tuple[str, ...]:
    """What many people looked for lately, the most frequent first; only what is above the
    threshold of privacy and not blocked. ``site`` None: on the whole platform."""
    return ()
