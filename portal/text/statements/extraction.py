"""All figures of a text, in reading order."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from . import chinese, chinese_time, english, shared
from .folding import folded
from .frames import frames
from .model import Statement
from .qualifiers import qualifier, rounded
from .shared import Found
from .units import LEVELS

type _Reader = Callable[[str], Iterator[Found]]

# What an earlier reader has found is invisible for the later ones: 2026年5月1日 is no duration.
_FIRST: Sequence[_Reader] = (shared.mails, shared.webs)
_CHINESE: Sequence[_Reader] = (
    chinese.documents,
    chinese.provisions,
    chinese.ordinals,
    chinese.addresses,
    shared.dates,
    chinese_time.spans_of_years,
    chinese_time.monthly,
    chinese.frequencies,
    chinese.points,
    chinese.percents,
    chinese_time.dates,
    chinese_time.only_years,
    chinese.halves,
    chinese.compound,
    chinese.signed_money,
    chinese.coins,
    chinese.money,
    chinese.durations,
    chinese.lengths,
    chinese.families,
    chinese_time.weekdays,
    chinese_time.times,
    chinese.counts,
    shared.phones,
    shared.local_phones,
    shared.numbers,
)
_ENGLISH: Sequence[_Reader] = (
    english.documents,
    english.provisions,
    english.dates,
    shared.dates,
    english.addresses,
    english.money,
    english.percents,
    english.times,
    english.ages,
    english.durations,
    english.places,
    english.counts,
    english.weekdays,
    shared.phones,
    shared.local_phones,
    english.years,
    shared.numbers,
)
# As offices reckon; two months and a half are months.
_HALF_A_MONTH = ("month", Decimal("0.5"))
_FIFTEEN_DAYS = Decimal(15 * 1440)
_GONE = "\x00"


def readers(language: str) -> Sequence[_Reader]:
    """Chinese and English are read; of other languages only what looks alike everywhere."""
    if language.lower().startswith("zh"):
        return _CHINESE
    if language.lower().startswith("en"):
        return _ENGLISH
    return (shared.dates, shared.phones, shared.local_phones, shared.numbers)


def extract(text: str, language: str) -> list[Statement]:
    """What ``text`` states in figures: amounts, dates, telephone numbers and so on.

    Numbering, idioms and what the text says of itself are left out. ``language`` is a code such
    as ``zh-hans``, ``zh-hant`` or ``en``. Spans are positions in ``text`` and do not overlap.
    """
    return list(_extracted(text, language.lower()[:2]))


@lru_cache(maxsize=256)
def _extracted(text: str, language: str) -> tuple[Statement, ...]:
    plain = folded(text)
    found: list[Found] = []
    rest = plain
    for reader in _FIRST:
        rest = _claim(reader, rest, found)
    rest = _without(rest, frames(rest))
    for reader in readers(language):
        rest = _claim(reader, rest, found)
    found.sort(key=lambda item: item[3])
    statements, floor = [], 0
    for kind, value, unit, start, end in found:
        floor = start if unit in LEVELS else floor
        if (unit, value) == _HALF_A_MONTH:
            value, unit = _FIFTEEN_DAYS, "minute"
        bounds = qualifier(plain, start, end, floor, english=language == "en")
        statements.append(
            Statement(
                kind, value, unit, bounds, (start, end), text[start:end], rounded(plain, start, end)
            )
        )
        floor = end
    return tuple(statements)


def _claim(reader: _Reader, text: str, found: list[Found]) -> str:
    new: list[Found] = []
    for item in sorted(reader(text), key=lambda item: (item[3], -item[4])):
        if not new or item[3] >= new[-1][4]:
            new.append(item)
    found += new
    return _without(text, ((start, end) for *_rest, start, end in new))


def _without(text: str, spans: Iterator[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in sorted(spans):
        if end <= position:
            continue
        start = max(start, position)
        pieces += [text[position:start], _GONE * (end - start)]
        position = end
    return "".join(pieces) + text[position:]
