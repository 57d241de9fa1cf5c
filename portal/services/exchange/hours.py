"""Opening hours in one line: ``1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00`` (1 is Monday)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_PART = re.compile(r"([1-7](?:[-,][1-7])*)\s+(.+)")
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–—]\s*(\d{1,2}:\d{2})")


def hours_text(rows: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{','.join(map(str, row['days']))} {row['from']}-{row['until']}" for row in rows
    )


def hours_of(text: str) -> list[dict[str, Any]]:
    """
    Raises:
        ValidationError: it is not written so.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.replace("；", ";").split(";"))):
        match = _PART.fullmatch(part.replace("：", ":").replace("，", ","))
        if match is None:
            raise _wrong(text)
        for piece in match.group(2).split(","):
            span = _SPAN.fullmatch(piece.strip())
            if span is None:
                raise _wrong(text)
            found.append(
                {"days": _days(match.group(1)), "from": span.group(1), "until": span.group(2)}
            )
    return found


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        days += range(int(first), int(last or first) + 1)
    return sorted(set(days))


def _wrong(text: str) -> ValidationError:
    return ValidationError(
        _("“%(text)s” are no opening hours. Write them as 1-5 09:00-12:00,13:30-17:00; 6 …")
        % {"text": text[:60]}
    )
