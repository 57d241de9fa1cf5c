"""Index numbers (索引号): the forms in use, and how a new one is made. Knows no database."""

import re
import string

from django.utils.translation import gettext_lazy as _

NATIONAL = "{code}/{year}-{serial}"
LONGEST = 60
_SERIAL_DIGITS = 5
_FIELDS = frozenset({"code", "year", "serial"})
# Organisation code or unified code, year, serial of the year.
_FORMS = (re.compile(r"\d{9}/\d{4}-\d{5}"), re.compile(r"[0-9A-Z]{18}/\d{4}-\d{5}"))
_OLD_CODE = re.compile(r"\d{9}")
_UNIFIED_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
# Digits of the unified code in the order of their values; I, O, S, V and Z are left out.
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}

type Problem = tuple[str, object]


def is_national(number: str) -> bool:
    """Whether a number has one of the national forms."""
    return any(form.fullmatch(number) for form in _FORMS)


def is_code(code: str) -> bool:
    """Whether a code is an organisation code, or a unified code with the right check digit."""
    if _OLD_CODE.fullmatch(code):
        return True
    if not _UNIFIED_CODE.fullmatch(code):
        return False
    total = sum(_VALUES[sign] * pow(3, place, 31) for place, sign in enumerate(code[:-1]))
    return _VALUES[code[-1]] == -total % 31


def make_number(pattern: str, *, code: str, year: int, serial: int) -> str:
    """The number of a serial; it grows longer after 99999 rather than begin again."""
    values = {"code": code, "year": f"{year:04d}", "serial": f"{serial:0{_SERIAL_DIGITS}d}"}
    return pattern.format(**values)


def number_problem(pattern: str, code: str, *, is_regional: bool) -> Problem | None:
    """What is wrong with a pattern or a code: ("pattern" or "code", a sentence), or None."""
    if code and not is_code(code):
        return "code", _("This is no such code: its length, a sign or the check digit is wrong.")
    try:
        parts = [part[1:] for part in string.Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return "pattern", _("A brace in the pattern has no partner.")
    names = [name for name, _form, _conversion in parts]
    if any(form or conversion for _name, form, conversion in parts) or not set(names) <= _FIELDS:
        return "pattern", _("Only {code}, {year} and {serial} may stand in braces.")
    if names.count("year") != 1 or names.count("serial") != 1:
        return "pattern", _("The pattern needs {year} and {serial}, each once.")
    if "code" in names and not code:
        return "code", _("The pattern has the code of the body in it; type it.")
    example = make_number(pattern, code=code, year=2026, serial=1)
    if len(example) > LONGEST:
        return "pattern", _("Numbers of this pattern are too long.")
    if not is_regional and not is_national(example):
        return "pattern", _("“%(number)s” has not the national form, code/year-serial.") % {
            "number": example
        }
    return None
