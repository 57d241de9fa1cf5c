"""Detectors: what must not become public, and what looks wrong, in plain text and in HTML.

No Django. Word lists and the register of names are given (``Detectors``); those that come with the
portal are in ``lists.yaml``. Time grows with the length of a text and with nothing else.
"""

from .digits import has_identity_checksum, has_luhn
from .findings import DEFAULT_GRADES, Finding, Grade, Kind, ScanError
from .lists import LISTS, WORD_KINDS, WordLists, WordRow, default_lists, default_rows
from .names import Register
from .scanning import LONGEST, Detectors, Scanned, scan_html, scan_text

__all__ = [
    "DEFAULT_GRADES",
    "LISTS",
    "LONGEST",
    "WORD_KINDS",
    "Detectors",
    "Finding",
    "Grade",
    "Kind",
    "Register",
    "ScanError",
    "Scanned",
    "WordLists",
    "WordRow",
    "default_lists",
    "default_rows",
    "has_identity_checksum",
    "has_luhn",
    "scan_html",
    "scan_text",
]
