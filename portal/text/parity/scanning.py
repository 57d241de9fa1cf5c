"""Finding figures: readers in turn, each blind for what an earlier one has found."""

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from .model import Day, Figure, Kind, Reading
from .numerals import Numerals


class Found(NamedTuple):
    """``raw`` is the number as printed, where a text in a language whose word for the unit is not
    known may be understood as the same. ``joined``: the text goes on from the figure before, as
    the upper end of a range."""

    readings: tuple[Reading, ...]
    start: int
    end: int
    soft: bool = False
    raw: Fraction | None = None
    joined: bool = False


type Reader = Callable[[str], Iterator[Found]]

_GONE = "\x00"


def scan(text: str, readers: Sequence[Reader]) -> list[Found]:
    """All figures of a folded text in reading order."""
    found: list[Found] = []
    rest = text
    for reader in readers:
        new: list[Found] = []
        for item in sorted(reader(rest), key=lambda item: (item.start, -item.end)):
            if not new or item.start >= new[-1].end:
                new.append(item)
        for item in new:
            rest = rest[: item.start] + _GONE * (item.end - item.start) + rest[item.end :]
        found += [item for item in new if item.readings]
    return sorted(found, key=lambda item: item.start)


def figures(found: Sequence[Found], text: str) -> list[Figure]:
    return [
        Figure(
            item.readings,
            (item.start, item.end),
            text[item.start : item.end],
            item.soft,
            item.raw,
            item.joined,
        )
        for item in found
    ]


def ignored(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Reader:
    """Words with a number in them that is none: nobody reads them as figures."""
    compiled = re.compile(pattern, flags)

    def reader(text: str) -> Iterator[Found]:
        for match in compiled.finditer(text):
            yield Found((), *match.span())

    return reader


def number_readings(values: Sequence[Fraction]) -> tuple[Reading, ...]:
    readings = tuple(Reading("number", "", value) for value in values)
    first = values[0]
    if first.denominator == 1 and 1900 <= first <= 2099:
        readings += (Reading("date", "", Day(int(first))),)
    return readings


class Unit(NamedTuple):
    """``also_number``: what is counted may be no measure at all (60 лет: years, or an age)."""

    pattern: str
    kind: Kind
    name: str
    factor: Fraction = Fraction(1)
    also_number: bool = False
    lax: bool = False


def units(
    kind: Kind, table: dict[str, tuple[str, Fraction | int | str]], **more: bool
) -> list[Unit]:
    return [
        Unit(pattern, kind, name, Fraction(factor), **more)
        for pattern, (name, factor) in table.items()
    ]


# What a measure is in the unit that figures are compared in.
MEASURES: dict[str, tuple[str, Fraction | int]] = {
    "km2": ("m2", 10**6),
    "ha": ("m2", 10**4),
    "m2": ("m2", 1),
    "m3": ("m3", 1),
    "mu": ("mu", 1),
    "km": ("m", 1000),
    "cm": ("m", Fraction(1, 100)),
    "mm": ("m", Fraction(1, 1000)),
    "m": ("m", 1),
    "kg": ("kg", 1),
    "t": ("kg", 1000),
    "mg": ("kg", Fraction(1, 10**6)),
    "g": ("kg", Fraction(1, 1000)),
    "ml": ("l", Fraction(1, 1000)),
    "l": ("l", 1),
    "kWh": ("kWh", 1),
    "kW": ("kW", 1),
    "degree": ("degree", 1),
    "GB": ("GB", 1),
    "MB": ("MB", 1),
    "dB": ("dB", 1),
}


def measures(words: dict[str, str]) -> list[Unit]:
    """The units of a language: the name of a measure and the pattern of its words."""
    return units("measure", {form: MEASURES[name] for name, form in words.items()}, lax=True)


def amounts(
    numerals: Numerals,
    words: Sequence[Unit],
    *,
    to: str,
    gap: str = r"\s?",
    after: str = "",
    flags: re.RegexFlag = re.IGNORECASE,
) -> Reader:
    """Numbers before their unit, alone or as a range or a list that names it once."""
    number = numerals.pattern
    compiled = [re.compile(unit.pattern, flags) for unit in words]
    named = "|".join(f"(?P<u{place}>{unit.pattern})" for place, unit in enumerate(words))
    plain = "|".join(unit.pattern for unit in words)
    pattern = re.compile(
        rf"(?:(?P<low>(?>{number}))(?:{gap}(?P<first>{plain}){after})?(?P<to>{to}))?"
        rf"(?P<high>(?>{number})){gap}(?:{named}){after}",
        flags,
    )

    def unit_of(printed: str) -> Unit | None:
        return next(
            (unit for unit, form in zip(words, compiled, strict=True) if form.fullmatch(printed)),
            None,
        )

    def readings(values: Sequence[Fraction], unit: Unit) -> tuple[Reading, ...]:
        own = tuple(Reading(unit.kind, unit.name, value * unit.factor) for value in values)
        return own + number_readings(values) if unit.also_number else own

    def reader(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            unit = next(words[place] for place in range(len(words)) if match[f"u{place}"])
            high = numerals.values(match["high"])
            low = numerals.values(match["low"]) if match["low"] else ()
            if not high:
                continue
            if low:
                first = unit_of(match["first"]) if match["first"] else None
                if not first and power_of(match["low"]) == 1 and power_of(match["high"]) > 1:
                    # 3至5万元: what the second says of its size counts for the first, mostly
                    low = (*(value * power_of(match["high"]) for value in low), *low)
                shown = readings(low, first or unit)
                if not first and not unit.also_number:
                    # 3 and 5 days: the first may be of something else
                    shown += number_readings(numerals.values(match["low"]))
                yield Found(
                    shown,
                    match.start("low"),
                    match.end("first") if first else match.end("low"),
                    raw=_raw(low, first or unit),
                )
            yield Found(
                readings(high, unit),
                match.start("high"),
                match.end(),
                raw=_raw(high, unit),
                joined=bool(low),
            )

    return reader


def _raw(values: Sequence[Fraction], unit: Unit) -> Fraction | None:
    return (
        values[0] * (unit.factor if unit.kind == "money" else 1)
        if unit.lax or unit.kind == "money"
        else None
    )


_POWERS = {
    r"[万만]": 10**4,
    r"[亿억]": 10**8,
    r"thousand|тыс\.?|тысяч\w{0,3}|mille|الف|الاف": 1000,
    r"millions?(?: de| d')?|млн\.?|миллион\w{0,3}|مليون": 10**6,
    r"billion|milliards?(?: de| d')?|млрд\.?|миллиард\w{0,3}": 10**9,
}
_POWER = [(re.compile(rf"(?:{form})$", re.IGNORECASE), size) for form, size in _POWERS.items()]


def power_of(printed: str) -> int:
    """What a printed number says of its size in a word; 1 where it does not."""
    text = printed.strip()
    return next((size for form, size in _POWER if form.search(text)), 1)


def discounts(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> Reader:
    """20% off: what is taken off, or what is left. Each group of ``pattern`` is the number."""
    compiled = re.compile(pattern, flags)

    def reader(text: str) -> Iterator[Found]:
        for match in compiled.finditer(text):
            part = Fraction(int(next(filter(None, match.groups()))), 100)
            yield Found((Reading("share", "", part), Reading("share", "", 1 - part)), *match.span())

    return reader


def among(*words: str) -> Callable[[str, str, int, int], bool]:
    """For ``numbers``: soft are these words, in whatever case."""

    def soft(printed: str, text: str, start: int, end: int) -> bool:
        return printed.lower() in words

    return soft


def numbers(numerals: Numerals, *, soft: Callable[[str, str, int, int], bool], to: str) -> Reader:
    """What nothing else has claimed. ``soft`` is asked with what is printed, the text and place."""
    pattern = re.compile(rf"(?P<number>{numerals.pattern})", re.IGNORECASE)
    joining = re.compile(rf"{to}$", re.IGNORECASE)

    def reader(text: str) -> Iterator[Found]:
        end = -1
        for match in pattern.finditer(text):
            values = numerals.values(match[0])
            if not values:
                continue
            joined = end >= 0 and bool(joining.fullmatch(text[end : match.start()]))
            yield Found(
                number_readings(values),
                *match.span(),
                soft=soft(match[0], text, *match.span()),
                joined=joined,
            )
            end = match.end()

    return reader
