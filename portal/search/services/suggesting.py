"""Suggestions while somebody types."""

from .contract import Suggestion


def suggest(
    text: str, *, site: int | None, language: str, count: int = 8
) -> tuple[Suggestion, ...]:
    """What begins with, sounds like or is abbreviated by the text; the likeliest first."""
    return ()


def popular(*, site: int | None, language: str, count: int = 8) -> tuple[str, ...]:
    """What many people looked for lately, above the threshold of privacy."""
    return ()
