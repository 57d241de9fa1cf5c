"""What languages with alphabets have in common: names of months and days, articles of a law."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from .model import Day, Reading
from .numerals import Numerals
from .scanning import Found, Reader

_YEAR = r"(?:19|20)\d\d(?!\d)"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


def roman(printed: str) -> int:
    """
    >>> roman("XIV"), roman("ix")
    (14, 9)
    """
    numbers = [_ROMAN_VALUES[letter] for letter in printed.upper()]
    return sum(
        -one if one < after else one for one, after in zip(numbers, [*numbers[1:], 0], strict=True)
    )


def _looked_up(names: Mapping[str, int]) -> dict[re.Pattern[str], int]:
    return {re.compile(form, re.IGNORECASE): number for form, number in names.items()}


def _number(printed: str, forms: Mapping[re.Pattern[str], int]) -> int:
    return next(number for form, number in forms.items() if form.fullmatch(printed))


def calendar(
    names: Mapping[str, int],
    *,
    day_suffix: str,
    of: str,
    year_tail: str,
    unsure: str = "",
    article: str = "",
    joining: str,
    case: bool = True,
) -> Reader:
    """Dates with the month's name: 1 March 2026, March 1, 2026, from 1 to 31 March, March 2026.

    ``unsure`` are names that are words as well: months only beside a number or a preposition.
    """
    forms = _looked_up(names)
    month = rf"(?:{'|'.join(names)})(?!\w)"
    day = rf"\d{{1,2}}(?!\d){day_suffix}"
    year = rf"(?P<{{0}}>{_YEAR})(?:{year_tail})"
    flags = re.NOFLAG if case else re.IGNORECASE
    pattern = re.compile(
        # 1 to 31 March 2026, 1 March 2026
        rf"(?<![\w.,/:-])(?:(?P<d0>{day})(?P<to0>{joining}))?(?P<d1>{day}){of}\s?(?P<m1>{month})(?:,?\s?{year.format('y1')})?"
        # March 1 to 31, 2026
        rf"|(?<!\w)(?P<m2>{month})\s(?P<d2>{day})(?!:|\s?(?:[ap]\.?m|%))(?:(?P<to2>{joining})(?P<d3>{day})(?!\s?(?:{month}|[ap]\.?m)|:))?(?:,?\s?{year.format('y2')})?"
        # March 2026, March
        rf"|(?<!\w)(?P<m3>{month})(?:,?{of}\s?{year.format('y3')})?"
        # 2026
        rf"|(?<![\w.,/:+-])(?P<y4>{_YEAR}){year_tail or '(?!)'}",
        flags,
    )
    doubtful = re.compile(unsure, flags) if unsure else None
    before = re.compile(
        r"\b(?:in|of|from|to|until|since|by|during|late|early|mid|and|through|-)\s?-?$",
        re.IGNORECASE,
    )

    def date(year_printed: str | None, month_printed: str | None, day_printed: str | None) -> Day:
        return Day(
            int(year_printed) if year_printed else None,
            _number(month_printed, forms) if month_printed else None,
            int(re.match(r"\d+", day_printed)[0]) if day_printed else None,  # type: ignore[index]
        )

    def reader(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            found: list[tuple[Day, int, int, bool]] = []
            if match["m1"]:
                whole = date(match["y1"], match["m1"], match["d1"])
                if match["d0"]:
                    first = date(match["y1"], match["m1"], match["d0"])
                    found.append((first, match.start("d0"), match.end("d0"), False))
                found.append((whole, match.start("d1"), match.end(), bool(match["d0"])))
            elif match["m2"]:
                first = date(match["y2"], match["m2"], match["d2"])
                cut = match.end("d2") if match["d3"] else match.end()
                found.append((first, match.start(), cut, False))
                if match["d3"]:
                    last = date(match["y2"], match["m2"], match["d3"])
                    found.append((last, match.start("d3"), match.end(), True))
            elif match["m3"]:
                start = match.start()
                if (
                    doubtful
                    and not match["y3"]
                    and doubtful.fullmatch(match["m3"])
                    and not before.search(text[max(0, start - 9) : start])
                ):
                    continue
                found.append((date(match["y3"], match["m3"], None), *match.span(), False))
            else:
                found.append((date(match["y4"], None, None), *match.span(), False))
            for shown, start, end, joined in found:
                if shown.day is None or 1 <= shown.day <= 31:
                    yield Found((Reading("date", "", shown),), start, end, joined=joined)

    return reader


def weekday_names(names: Mapping[str, int], *, joining: str, case: bool = False) -> Reader:
    forms = _looked_up(names)
    pattern = re.compile(
        rf"(?<!\w)(?P<name>{'|'.join(names)})(?!\w)", re.NOFLAG if case else re.IGNORECASE
    )
    joined = re.compile(joining, re.IGNORECASE)

    def reader(text: str) -> Iterator[Found]:
        end = -1
        for match in pattern.finditer(text):
            number = _number(match["name"], forms)
            follows = end >= 0 and bool(joined.fullmatch(text[end : match.start()]))
            shown = (Reading("weekday", "", Fraction(number)),)
            yield Found(shown, *match.span(), joined=follows)
            end = match.end()

    return reader


def provisions_after(
    levels: Mapping[str, str], *, number: str, words: Numerals | None = None
) -> Reader:
    """Article 3, статья 3, chapitre III."""
    pattern = re.compile(
        rf"(?<!\w)(?:{'|'.join(f'(?P<l{place}>{form})' for place, form in enumerate(levels))})\s?(?P<number>{number})(?![\d.]\d)",  # noqa: E501
        re.IGNORECASE,
    )
    names = list(levels.values())

    def reader(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            level = next(name for place, name in enumerate(names) if match[f"l{place}"])
            printed = match["number"].strip("()")
            digits = printed.removesuffix("er")
            if digits.isdigit() or printed.lower() == "premier":
                value = Fraction(digits) if digits.isdigit() else Fraction(1)
            elif re.fullmatch("[IVX]+", printed, re.IGNORECASE):
                value = Fraction(roman(printed))
            else:
                values = words.values(printed) if words else ()
                if not values:
                    continue
                value = values[0]
            yield Found((Reading("provision", level, value),), *match.span(), raw=value)

    return reader


def ordinals_in_words(table: Mapping[str, int]) -> Reader:
    """Ordinals and words such as ``both``: they may be figures of speech."""
    pattern = re.compile(
        rf"(?<!\w)(?P<word>{'|'.join(sorted(table, key=len, reverse=True))})(?!\w)", re.IGNORECASE
    )
    forms = _looked_up(table)

    def reader(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            number = Fraction(_number(match["word"], forms))
            yield Found((Reading("number", "", number),), *match.span(), soft=True)

    return reader
