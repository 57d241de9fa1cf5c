"""Figures that look alike in every language: net addresses, telephones, dates in digits, times."""

import re
from collections.abc import Iterator
from decimal import Decimal

from portal.text.numerals import ARABIC, YEAR, value

from .model import CalendarDate, Kind, Value

# kind, value, unit, start, end
type Found = tuple[Kind, Value, str, int, int]

TO = r"\s?(?:至|到|-{1,2}|~)\s?"

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MAIL = re.compile(rf"[\w.+-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{1,5}}", re.ASCII | re.IGNORECASE)
_WEB = re.compile(
    rf"(?:https?://(?:{_LABEL}\.){{1,5}}{_LABEL}|(?<![\w@.-])(?:{_LABEL}\.){{1,4}}[a-z]{{2,10}}(?![\w@-]))"
    r"(?::\d{1,5})?(?:/[!-~]{0,300})?",
    re.ASCII | re.IGNORECASE,
)
_TAIL = ".,;:!?)]'\""


def mails(text: str) -> Iterator[Found]:
    for match in _MAIL.finditer(text):
        printed = match[0].rstrip(".-")
        yield "mail", printed.lower(), "", match.start(), match.start() + len(printed)


def webs(text: str) -> Iterator[Found]:
    """Net addresses, compared without scheme, ``www.`` and the slash at the end."""
    for match in _WEB.finditer(text):
        printed = match[0].rstrip(_TAIL)
        bare = re.sub(r"^https?://", "", printed, flags=re.IGNORECASE)
        host, slash, path = bare.partition("/")
        host = host.lower().removeprefix("www.")
        yield (
            "web",
            (host + slash + path).rstrip("/"),
            "",
            match.start(),
            match.start() + len(printed),
        )


_PHONE_WORD = re.compile(
    "电话|電話|전화|热线|拨打|致电|拨|打|号码|手机|传真|联系|咨询|投诉|call|tel|phone|hotline|dial|ring|fax",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d.+])(?:"
    r"(?:\+|00)86[- ]?\(?0?\d{2,3}\)?[- ]?\d{3,4}[- ]?\d{4}"
    r"|0\d{2,3}[- ](?:1\d{4}|9\d{4,5})(?!\d)"
    r"|\(0\d{2,3}\)[- ]?\d{3,4}[- ]?\d{4}|0\d{2,3}[- ]\d{3,4}[- ]?\d{4}|0\d{9,11}"
    r"|12345|[48]00[- ]?\d{3}[- ]?\d{4}|1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?![\d%])"
)
_LOCAL = re.compile(
    r"(?<![\d.,/-])(?:\d{7,8}|\d{4}[- ]\d{4}|1\d{4}|9\d{4,5}|1[12]\d)(?![\d.,%/-]?\d)"
)
_WINDOW = 16
# Numbers that everybody knows and that no clause needs to name.
EMERGENCIES = frozenset({"110", "119", "120", "122"})
# Public lines are short and known in every city: an answer names them beside any clause.
SHORT = 6


def phones(text: str) -> Iterator[Found]:
    """Telephone numbers as digits, without country code and the zero before the area."""
    for match in _PHONE.finditer(text):
        yield "phone", national(match[0]), "", *match.span()


def local_phones(text: str) -> Iterator[Found]:
    """Numbers without an area and short ones, where the words around say that they are such."""
    end = 0
    for match in _LOCAL.finditer(text):
        # without the figures that were read before: 电话0999-10002329，12329
        before = text[max(0, match.start() - 3 * _WINDOW) : match.start()]
        before = before.replace("\x00", "")[-_WINDOW:]
        listed = match.start() - end <= 4 and end > 0  # 10000036或10000037
        if listed or _PHONE_WORD.search(before) or "热线" in text[match.end() : match.end() + 10]:
            yield "phone", national(match[0]), "", *match.span()
            end = match.end()


def national(printed: str) -> str:
    """
    >>> national("0999-12345"), national("(0999) 1000 0094")
    ('12345', '99910000094')
    """
    digits = re.sub(r"\D", "", re.sub(r"^(?:\+|00)86", "", printed))
    short = re.fullmatch(r"0\d{2,3}[- ](1\d{4}|9\d{4,5})", printed)
    return short[1] if short else digits.lstrip("0")


_DAY = re.compile(rf"({YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!\d)", re.ASCII)


def dates(text: str) -> Iterator[Found]:
    for match in _DAY.finditer(text):
        if 1 <= int(match[3]) <= 12 and 1 <= int(match[4]) <= 31:
            date = CalendarDate(int(match[1]), int(match[3]), int(match[4]))
            yield "date", date, "", *match.span()


_NUMBER = re.compile(rf"(?<![A-Za-z\d]){ARABIC}(?![A-Za-z\d])", re.ASCII)


def numbers(text: str) -> Iterator[Found]:
    """Digits that nothing else has claimed."""
    for match in _NUMBER.finditer(text):
        number = value(match[0])
        if number is not None:
            yield "number", number, "", *match.span()


def minutes(hour: int, minute: int, period: str) -> Decimal | None:
    """A time of day in minutes. ``period``: am, pm, noon or nothing."""
    if hour > 24 or minute > 59:
        return None
    if period == "pm" and hour < 12:
        hour += 12
    if period == "am" and hour == 12:
        hour = 0
    if period == "noon" and hour < 6:
        hour += 12
    return Decimal(hour * 60 + minute)


def year_of(printed: str) -> int:
    """A year of digits, 2026 or 二〇二六."""
    number = value(printed)
    return 0 if number is None else int(number)
