"""A row of a file as an entry: what each column means, and what may not stand in it.

Only columns that a file has are looked at: what it has not is left as it is when an entry is
updated, and empty when one is made.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from .answers import answer_html
from .reading import RawRow

LONGEST_QUESTION = 500
LONGEST_KEY = 80
LONGEST_ANSWER = 60_000
MOST_VARIANTS = 100
# As in Wagtail's titles.
LONGEST_TITLE = 120
DEFAULT_LANGUAGE = "zh-hans"

_LANGUAGES = {
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-hans-cn": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh-hant-tw": "zh-hant",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})日?")
_valid_url = URLValidator(schemes=["http", "https"])


class CellRefused(ValueError):
    """What stands in a cell cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """``column`` is the contract's name; "" for the row as a whole."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as a file has it. ``given`` holds the columns that the file has, cleaned.

    Values: ``question``, ``title``, ``answer`` (HTML), ``language``, ``owner``, ``topic``,
    ``site``, ``source_url``: text, "" for nothing; ``variants``: tuple of text; ``valid_from`` and
    ``valid_until``: aware moments or None, the second one no longer included.
    """

    line: int
    key: str
    given: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    def value(self, column: str) -> Any:
        return self.given.get(column, _NOTHING[column])


_NOTHING: dict[str, Any] = {
    "question": "",
    "variants": (),
    "answer": "",
    "language": DEFAULT_LANGUAGE,
    "owner": "",
    "topic": "",
    "site": "",
    "source_url": "",
    "valid_from": None,
    "valid_until": None,
    "title": "",
}


def row_of(raw: RawRow) -> Row:
    """One row with everything that is wrong in it; never raises."""
    if raw.problem:
        return Row(raw.line, "", problems=[Problem("", raw.problem)])
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    key = ""
    for column, value in raw.values.items():
        try:
            if column == "id":
                key = _key(value)
            else:
                given[column] = _READERS[column](value)
        except CellRefused as problem:
            problems.append(Problem(column, str(problem)))
    named = {problem.column for problem in problems}
    if not key and "id" not in named:
        problems.append(Problem("id", _("An entry needs an id.")))
    if not given.get("answer") and "answer" not in named:
        problems.append(Problem("answer", _("An entry needs an answer.")))
    start, end = given.get("valid_from"), given.get("valid_until")
    if start is not None and end is not None and start >= end:
        problems.append(Problem("valid_until", _("It ends before it begins.")))
    return Row(raw.line, key, given, problems)


def title_of(question: str, title: str, answer_text: str) -> str:
    """What stands above an entry: its question, else what the file calls it, else its beginning."""
    text = " ".join((question or title or answer_text).split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


# --- cells ----------------------------------------------------------------------------------------
def _text(value: Any, longest: int = 2000) -> str:
    """Text as one can store it: no control characters, one way of writing each letter."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, datetime.date)):
        raise CellRefused(_("Text is expected here."))
    try:
        text = str(value)
    except ValueError as error:  # a number of thousands of digits
        raise CellRefused(_("This is too long.")) from error
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _UNWANTED)
    text = text.strip()
    if len(text) > longest:
        raise CellRefused(
            _("This is too long: %(count)d characters of at most %(most)d.")
            % {"count": len(text), "most": longest}
        )
    return text


# Control characters, halves of surrogate pairs, and what has no meaning (yet).
_UNWANTED = frozenset({"Cc", "Cs", "Cn"})


def _line(value: Any, longest: int) -> str:
    return _text(" ".join(value.split()) if isinstance(value, str) else value, longest)


def _key(value: Any) -> str:
    return _line(value, LONGEST_KEY)


def _question(value: Any) -> str:
    return _line(value, LONGEST_QUESTION)


def _answer(value: Any) -> str:
    return answer_html(_text(value, LONGEST_ANSWER))


def _variants(value: Any) -> tuple[str, ...]:
    """A list, or text with one phrasing a line, or separated by ``|`` on a single line."""
    if value is None:
        return ()
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        parts: Sequence[Any] = text.split("\n" if "\n" in text else "|")
    elif isinstance(value, list):
        parts = value
    else:
        parts = [value]
    found = dict.fromkeys(_line(part, LONGEST_QUESTION) for part in parts)
    found.pop("", None)
    if len(found) > MOST_VARIANTS:
        raise CellRefused(
            _("At most %(count)d other phrasings belong to one question.")
            % {"count": MOST_VARIANTS}
        )
    return tuple(found)


def language_code(text: str) -> str:
    """A language as the portal writes it; "" for what is none."""
    code = text.strip().lower().replace("_", "-")
    code = _LANGUAGES.get(code, code)
    return code if len(code) <= 12 and _LANGUAGE.fullmatch(code) else ""


def _language(value: Any) -> str:
    text = _line(value, 40)
    if not text:
        return DEFAULT_LANGUAGE
    code = language_code(text)
    if not code:
        raise CellRefused(_("“%(text)s” is no code of a language.") % {"text": text})
    return code


def _url(value: Any) -> str:
    text = _line(value, 500)
    if text:
        try:
            _valid_url(text)
        except ValidationError as error:
            raise CellRefused(_("This is no web address.")) from error
    return text


def _from(value: Any) -> datetime.datetime | None:
    return _moment(value, until=False)


def _until(value: Any) -> datetime.datetime | None:
    return _moment(value, until=True)


def _moment(value: Any, *, until: bool) -> datetime.datetime | None:
    """A day means its beginning, as an end all of it. A moment without a zone is local."""
    if isinstance(value, datetime.datetime):
        found: datetime.datetime | datetime.date = value
        if (value.hour, value.minute, value.second) == (0, 0, 0) and value.tzinfo is None:
            found = value.date()
    elif isinstance(value, datetime.date):
        found = value
    else:
        text = _line(value, 40)
        if not text:
            return None
        found = _typed(text)
    try:
        if isinstance(found, datetime.datetime):
            return _in_reach(timezone.make_aware(found) if timezone.is_naive(found) else found)
        if until:
            found += datetime.timedelta(days=1)
        return _in_reach(timezone.make_aware(datetime.datetime.combine(found, datetime.time.min)))
    except (OverflowError, ValueError) as error:
        raise CellRefused(_("This is no date.")) from error


def _typed(text: str) -> datetime.datetime | datetime.date:
    try:
        if day := _DAY.fullmatch(text):
            return datetime.date(*map(int, day.groups()))
        return datetime.datetime.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise CellRefused(
            _("“%(text)s” is no date. Write it as 2026-03-01.") % {"text": text}
        ) from error


def _in_reach(moment: datetime.datetime) -> datetime.datetime:
    """Databases and time zones stumble over the first and the last year."""
    if not 1900 <= moment.year <= 2999:
        raise ValueError(moment)
    return moment.astimezone(datetime.UTC)


def _name(value: Any) -> str:
    return _line(value, 200)


def _title(value: Any) -> str:
    return _line(value, 255)


_READERS: dict[str, Callable[[Any], Any]] = {
    "question": _question,
    "variants": _variants,
    "answer": _answer,
    "language": _language,
    "owner": _name,
    "topic": _name,
    "site": _name,
    "source_url": _url,
    "valid_from": _from,
    "valid_until": _until,
    "title": _title,
}
