"""What a returning visitor must be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """An answer that no longer holds. ``answer`` is its receipt, ``title`` its question.

    ``url`` leads to what holds now (``new_title``), else to the receipt. ``since`` is the moment of
    the change: a browser remembers by it what its visitor has put away.
    """

    answer: str
    title: str
    text: str
    url: str
    new_title: str = ""
    since: str = ""
