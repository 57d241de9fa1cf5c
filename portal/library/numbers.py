"""Index numbers of the library: the pattern, and numbers by it. Knows no database."""

import string
from typing import Any

from django.utils.translation import gettext_lazy as _

# Region and unit – category – year – serial, the older local form (reference 7.2): never taken
# for the national form that disclosure catalogues give.
PATTERN = "{site}-{category}-{year}-{serial}"
LONGEST = 72  # and room for the language of a translation
_FIELDS = frozenset({"site", "category", "year", "serial"})
_DIGITS = 6

CATEGORIES = {
    "article": "A", "policy": "B", "interpretation": "C", "response": "D", "leader": "E",
    "organisation": "F", "service": "G", "material": "H", "form": "J", "message": "K",
    "interview": "L", "solicitation": "M", "survey": "N", "topic": "P", "dataset": "Q",
    "image": "R", "audio": "S", "video": "T", "document": "U", "faq": "V", "event": "W",
    "column": "X", "site": "Y", "page": "Z", "link": "O",
}  # fmt: skip


def make_number(pattern: str, *, site: str, record_type: str, year: int, serial: int) -> str:
    """The number of a serial; it grows longer after 999999 rather than begin again."""
    return pattern.format(
        site=site.upper(),
        category=CATEGORIES.get(record_type, "I"),
        year=f"{year:04d}",
        serial=f"{serial:0{_DIGITS}d}",
    )


def number_of_translation(number: str, language: str) -> str:
    return f"{number}-{language.upper()}"


def pattern_problem(pattern: str) -> Any:
    """What is wrong with a pattern, as a sentence; "" where nothing is."""
    try:
        parts = [part for part in string.Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return _("A brace in the pattern has no partner.")
    names = [name or "" for _text, name, _form, _conversion in parts]
    if any(form or conversion for _text, _name, form, conversion in parts):
        return _("Only names may stand in braces.")
    if not set(names) <= _FIELDS:
        return _("Only {site}, {category}, {year} and {serial} may stand in braces.")
    if any(names.count(needed) != 1 for needed in ("site", "year", "serial")):
        return _("The pattern needs {site}, {year} and {serial}, each once.")
    longest = make_number(pattern, site="X" * 18, record_type="article", year=2026, serial=1)
    if len(longest) > LONGEST:
        return _("Numbers of this pattern are too long.")
    return ""
