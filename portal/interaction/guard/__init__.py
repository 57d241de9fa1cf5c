"""The reply guard: reads a reply beside its letter before anybody else does (feature 23).

Pure functions over texts, without the database. What it is unsure of it says and does not stop;
what it stops can go on with a written reason (``Reply.guard_reason``).
"""

from .checking import check
from .findings import Finding, LetterText, OtherText, from_stored, to_stored
from .sameness import alike, template_share

__all__ = [
    "Finding",
    "LetterText",
    "OtherText",
    "alike",
    "check",
    "from_stored",
    "template_share",
    "to_stored",
]
