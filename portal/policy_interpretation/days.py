"""Days that visitors ask for in addresses."""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

# 2026-05-06, 2026/5/6, 2026.5.6 and 2026年5月6日: what people type where a browser has no picker.
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day of ``?asof=``. ``day`` is None where none was asked for, or none that exists.

    ``typed`` is what the address says; ``problem`` a sentence for the visitor, "" without one.
    """

    day: datetime.date | None
    typed: str = ""
    problem: str = ""


def asked_day(request: HttpRequest) -> AskedDay:
    typed = request.GET.get("asof", "").strip()[:40]
    if not typed:
        return AskedDay(None)
    day = read_day(typed)
    if day is not None:
        return AskedDay(day, typed)
    return AskedDay(
        None,
        typed,
        gettext("“%(typed)s” is not a day. Please write it like %(example)s.")
        % {"typed": typed, "example": timezone.localdate().isoformat()},
    )


def read_day(text: str) -> datetime.date | None:
    """The day that a text names; None where it names none."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        return None
    try:
        return datetime.date(*map(int, found.groups()))
    except ValueError:
        return None
