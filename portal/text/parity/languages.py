"""All figures of a text, by the language that it is written in."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from . import arabic, chinese, english, french, japanese, korean, neutral, russian
from .folding import folded
from .model import Day, Figure, Reading
from .scanning import Reader, figures, scan

_FIRST: tuple[Reader, ...] = (
    neutral.placeholders,
    neutral.mails,
    neutral.webs,
    neutral.documents,
    neutral.dates,
    neutral.phones,
    neutral.always,
    neutral.ratios,
)
_READERS: dict[str, tuple[Reader, ...]] = {
    "zh": chinese.READERS,
    "en": english.READERS,
    "ja": japanese.READERS,
    "ko": korean.READERS,
    "ru": russian.READERS,
    "fr": french.READERS,
    "ar": arabic.READERS,
}
LANGUAGES = frozenset(_READERS)
# Between the ends of a range there are a word or two, and no end of a sentence.
_GAP = 16
_STOPS = frozenset("。;；!?！？")


def extract(text: str, language: str) -> list[Figure]:
    """In reading order, without overlaps; spans are positions in ``text``. ``language`` is a code
    such as zh-hans or en; of a language that is not known, what looks alike everywhere is read.
    """
    return list(_extracted(text, language.lower().partition("-")[0]))


@lru_cache(maxsize=512)
def _extracted(text: str, language: str) -> tuple[Figure, ...]:
    plain = folded(text)
    readers = (*_FIRST, *_READERS.get(language, english.READERS))
    found = _completed(figures(scan(plain, readers), text), plain, language)
    return tuple(replace(figure, printed=text[slice(*figure.span)]) for figure in found)


def _completed(found: Sequence[Figure], text: str, language: str) -> list[Figure]:
    """Ends of a range lend each other what only one of them prints: 1 to 31 March 2026."""
    result = _compounds([_known_softness(_dated(figure)) for figure in found], text)
    for place in range(1, len(result)):
        before, after = result[place - 1], result[place]
        gap = text[before.span[1] : after.span[0]]
        if before.kind != after.kind or len(gap) > _GAP or _STOPS.intersection(gap):
            continue
        if before.kind == "date":
            if _from_january(before, after, gap):
                last = after.readings[0].value
                months = Reading("duration", "month", Fraction(last.month or 0))  # type: ignore[union-attr]
                result[place - 1] = before = replace(before, soft=True)
                after = replace(after, readings=(*after.readings, months))
            result[place] = _lent(after, before, backwards=False)
            result[place - 1] = _lent(before, after, backwards=True)
        elif before.kind == "time" and len(gap) <= 6:
            result[place] = _afternoon(after, before)
            if language == "ar":  # from 2:00 to 5:30 in the evening
                result[place - 1] = _afternoon(before, after)
    return result


_RANGE = re.compile(
    r"(?:月|월)?份?\s?(?:至|到|から|부터|-{1,2}|~|to|through|по|до|à)\s?", re.IGNORECASE
)


def _from_january(before: Figure, after: Figure, gap: str) -> bool:
    """1月至10月 are the first ten months."""
    first, last = before.readings[0].value, after.readings[0].value
    if not isinstance(first, Day) or not isinstance(last, Day) or not _RANGE.fullmatch(gap):
        return False
    return first.month == 1 and first.day is None and last.day is None and bool(last.month)


_DATED = re.compile(r"(\d{1,2}) ?[日일]")


def _dated(figure: Figure) -> Figure:
    """10日 is ten days, or the tenth."""
    match = _DATED.fullmatch(folded(figure.printed)) if figure.kind == "duration" else None
    if match is None or not 1 <= int(match[1]) <= 31:
        return figure
    day = Reading("date", "", Day(day=int(match[1])))
    return figure if day in figure.readings else replace(figure, readings=(*figure.readings, day))


_TOGETHER = re.compile(r"\s?(?:and|et|и|و|零|,)?\s?", re.IGNORECASE)


def _compounds(found: Sequence[Figure], text: str) -> list[Figure]:
    """2 minutes 38 seconds are one duration."""
    result: list[Figure] = []
    for figure in found:
        before = result[-1] if result else None
        if before is not None and _TOGETHER.fullmatch(text[before.span[1] : figure.span[0]]):
            whole = _whole(before.readings[0], figure.readings[0])
            if whole is not None:
                span = (before.span[0], figure.span[1])
                result[-1] = Figure((whole,), span, "")
                continue
        result.append(figure)
    return result


def _whole(first: Reading, second: Reading) -> Reading | None:
    large, small = first.value, second.value
    if not isinstance(large, Fraction) or not isinstance(small, Fraction):
        return None
    if first.kind != "duration" or second.kind != "duration" or first.unit != second.unit:
        return None
    steps = {"month": (12,), "minute": (1440, 60, 1)}.get(first.unit, ())
    fits = any(large and large % step == 0 and 0 < small < step for step in steps)
    return Reading("duration", first.unit, large + small) if fits else None


def _known_softness(figure: Figure) -> Figure:
    """A single thing is often "a" thing: 1份 is "a copy", and no figure in English."""
    one = figure.raw if figure.raw is not None else None
    first = figure.readings[0]
    if first.kind in {"number", "measure"}:
        one = first.value if isinstance(first.value, Fraction) else one
    if first.kind == "duration" and first.unit in {"minute", "month", "workday", "term"}:
        whole = {1, 12, 60, 1440, 10080} if first.unit == "minute" else {1, 12}
        one = Fraction(1) if first.value in whole and _says_one(figure.printed) else one
    half_day = first == Reading("duration", "minute", Fraction(720))
    return replace(figure, soft=True) if one == 1 or half_day else figure


def _says_one(printed: str) -> bool:
    digits = "".join(character for character in printed if character.isdigit())
    return digits in {"", "1", "１", "一"}


def _lent(figure: Figure, other: Figure, *, backwards: bool) -> Figure:
    more: list[Reading] = []
    for reading in figure.readings:
        for lender in other.readings:
            one, two = reading.value, lender.value
            if not isinstance(one, Day) or not isinstance(two, Day):
                continue
            year = two.year if one.year is None else one.year
            month = two.month if one.month is None and one.day is not None else one.month
            whole = Day(year, month, one.day)
            if whole != one and (backwards or one.month or one.day):
                more.append(Reading("date", "", whole))
    return replace(figure, readings=(*figure.readings, *more)) if more else figure


def _afternoon(figure: Figure, before: Figure) -> Figure:
    first, second = before.readings[0].value, figure.readings[0].value
    if not isinstance(first, Fraction) or not isinstance(second, Fraction):
        return figure
    if second < 720 <= first:
        later = Reading("time", "", second + 720)
        return replace(figure, readings=(*figure.readings, later))
    return figure
