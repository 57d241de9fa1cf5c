"""Figures that look alike in every language: addresses, placeholders, telephones, documents."""

import re
from collections.abc import Iterator
from fractions import Fraction

from portal.text.statements import shared

from .model import Day, Numbered, Reading
from .numerals import myriads
from .scanning import Found

_LANGUAGE = re.compile(r"(?<=/)(?:zh-hans|zh-hant|zh|en|ja|ko|ru|fr|ar)/", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"%\(\w{1,40}\)[sd]|\{\{\s?[\w.|]{1,60}\s?\}\}|\$\{\w{1,40}\}|\{\w{0,40}\}|%[sd](?!\w)|\[\[\w{1,40}\]\]"
)


def placeholders(text: str) -> Iterator[Found]:
    for match in _PLACEHOLDER.finditer(text):
        plain = re.sub(r"\s", "", match[0])
        yield Found((Reading("placeholder", "", plain),), *match.span())


def mails(text: str) -> Iterator[Found]:
    for _kind, value, _unit, start, end in shared.mails(text):
        yield Found((Reading("mail", "", str(value)),), start, end)


def webs(text: str) -> Iterator[Found]:
    """Without scheme, ``www.``, the slash at the end and the folder of a language."""
    for _kind, value, _unit, start, end in shared.webs(text):
        yield Found((Reading("web", "", _LANGUAGE.sub("", f"{value}/").rstrip("/")),), start, end)


_DOCUMENT = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{0,12}|[A-Za-z]+(?:[ -][A-Za-z]+){0,5})\s?"
    r"[\[(](?P<year>(?:19|20)\d\d|[一二][九〇零][〇零一二三四五六七八九]{2})[\])],?\s?"
    r"(?:第|제|no\.?|nos?|n°|№|n\.?º|numéro|رقم)?\s?(?P<number>\d{1,5}|[一二三四五六七八九十百]{1,5})"
    r"\s?(?:号|호)?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^.*(?:[据是为见照由以于和与及其件号按依将对の]|文号|目录|通知)")


def documents(text: str) -> Iterator[Found]:
    """云政发〔2026〕3号; an agency is compared where both texts write it in Chinese."""
    for match in _DOCUMENT.finditer(text):
        year, number = myriads(match["year"]), myriads(match["number"])
        if not year or not number:
            continue
        chinese = bool(re.match(r"[\u4e00-\u9fff]", match["agency"]))
        agency = _LEADING.sub("", match["agency"]) if chinese else ""
        start = match.end("agency") - len(agency) if agency else match.start("year") - 1
        exact = Numbered(agency, int(year[0]), int(number[0]))
        readings = (Reading("document", "", exact),)
        if not agency:
            yield Found(readings, start, match.end())
        else:
            yield Found(
                (*readings, Reading("document", "", exact._replace(agency=""))), start, match.end()
            )


_PHONE = re.compile(
    r"(?<![\d.+,])(?:"
    # A bracket opens before the area code only: "(24 hours)" behind a number is none of it.
    r"(?:\+|00)\s?86[-\s.]?\(?(?:[-\s.)]{0,2}\d){9,11}(?!\d)"
    r"|(?:\+|00)\s?\d{1,3}[- ]?\(?0?\d{2,3}\)?[- .]?\d{3,4}[- .]?\d{4}(?!\d)"
    r"|(?:\+|00)\s?86[- ]?\(?0?\d{2,3}\)?[- ]?\d{5,6}(?!\d)"
    r"|(?:\+|00)\s?86[- ]?1\d{2}[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|\(0\d{2,3}\)[- ]?\d{3,4}[- ]?\d{4}(?!\d)|0\d{2,3}[- ]\d{3,4}[- ]?\d{4}(?!\d)"
    r"|0\d{2,3}[- ]\d{5,6}(?!\d)|0\d{9,11}(?!\d)"
    r"|[48]00[- ]\d{3}[- ]?\d{4}(?!\d)|1[3-9]\d[- ]\d{4}[- ]\d{4}(?!\d)|1[3-9]\d{9}(?!\d)"
    r"|[48]00[- ]\d{4}[- ]\d{3}(?!\d))"
)
_EIGHT = re.compile(r"(?<![\d.+,/-])(?P<first>\d{3,4})[- ](?P<second>\d{4})(?![\d-])")
_YEAR = re.compile(r"(?:19|20)\d\d")


def national(printed: str) -> str:
    """Digits without country code and without the zero before the area.

    >>> national("+86 999 1234567"), national("(0999) 1234567"), national("0999-12345")
    ('9991234567', '9991234567', '99912345')
    """
    plain = re.sub(r"^(?:\+\s?|00\s?)86", "", printed)
    return re.sub(r"\D", "", plain).lstrip("0")


def phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        digits = national(match[0])
        readings: tuple[Reading, ...] = (Reading("phone", "", digits),)
        if match[0].isdigit() and not match[0].startswith("0"):
            readings += (Reading("number", "", Fraction(match[0])),)
        yield Found(readings, *match.span())
    for match in _EIGHT.finditer(text):
        if not (_YEAR.fullmatch(match["first"]) and _YEAR.fullmatch(match["second"])):
            digits = match["first"] + match["second"]
            yield Found(
                (Reading("phone", "", digits), Reading("number", "", Fraction(digits))),
                *match.span(),
            )


_DATE = re.compile(r"(?<![\d./-])((?:19|20)\d\d)([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d/-])\.?")


def dates(text: str) -> Iterator[Found]:
    """2026-03-01, 2026/3/1, 2026.3.1."""
    for match in _DATE.finditer(text):
        month, day = int(match[3]), int(match[4])
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Found((Reading("date", "", Day(int(match[1]), month, day)),), *match.span())


def days_first(*, month_first: bool = False):  # type: ignore[no-untyped-def]
    """01.03.2026, 01/03/2026; where the month may come first, both readings."""
    pattern = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?![\d/-])")

    def reader(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            one, two, year = int(match[1]), int(match[3]), int(match[4])
            days = [Day(year, two, one)] if two <= 12 and one <= 31 else []
            if month_first and one <= 12 and two <= 31:
                days.append(Day(year, one, two))
            if days:
                yield Found(tuple(Reading("date", "", day) for day in days), *match.span())

    return reader


_CODE = re.compile(
    r"(?<![A-Za-z\d/\u00c0-\u024f])(?!Nos?\b|N\d|Art\b)(?P<code>[A-Z]{1,8}(?:/[A-Z])?[- ]?\d{1,6}(?:[-.,]\d{1,4})?[A-Za-z]?"  # noqa: E501
    r"|\d{1,3}[A-Z]{1,3})(?![A-Za-z\d\u00c0-\u024f])"
)
_NO_CODE = re.compile(r"(?:RMB|CNY|USD|EUR|HKD|NO|MAY|MARCH|JUNE|JULY|I|A|FLOOR|ROOM|TEL|FAX)$")


def codes(text: str) -> Iterator[Found]:
    """A4, 5G, GB/T 1234-2010, K3."""
    for match in _CODE.finditer(text):
        code = match["code"]
        letters = re.match(r"[A-Z]*", code)
        if (
            letters
            and letters[0]
            and " " in code
            and (len(letters[0]) < 2 or _NO_CODE.match(letters[0]))
        ):
            continue
        digits = re.findall(r"\d+", code)
        yield Found(
            (Reading("code", "", re.sub(r"[\s-]", "", code).replace(",", ".")),),
            *match.span(),
            raw=Fraction(digits[0]) if len(digits) == 1 else None,
        )


_SLASHED = re.compile(r"(?<![\d/.,])(?P<part>\d{1,2})/(?P<whole>\d{1,3})(?![\d/])")


def shares(text: str) -> Iterator[Found]:
    """1/3."""
    for match in _SLASHED.finditer(text):
        whole = int(match["whole"])
        if whole > 1 and 0 < int(match["part"]) < whole:
            yield Found((Reading("share", "", Fraction(int(match["part"]), whole)),), *match.span())


_CLOCK = re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?!\d|:\d|\.\d)")


def clocks(text: str) -> Iterator[Found]:
    """09:30."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"]), int(match["minute"])
        if hour <= 24:
            yield Found((Reading("time", "", Fraction(hour * 60 + minute)),), *match.span())


_CIRCLED = {chr(0x2460 + place): place + 1 for place in range(20)}
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_ROMAN |= {"X": 10, "XI": 11, "XII": 12, "XIII": 13, "XIV": 14, "XV": 15, "XVI": 16}
_ENUMERATED = re.compile(
    rf"(?:^|(?<=\n))\s*(?P<roman>{'|'.join(sorted(_ROMAN, key=len, reverse=True))})(?=[.)、:]\s)"
    rf"|(?P<circled>[{''.join(_CIRCLED)}])"
)


def enumerated(text: str) -> Iterator[Found]:
    """IV. at the beginning of a paragraph, ④ anywhere."""
    for match in _ENUMERATED.finditer(text):
        number = _ROMAN[match["roman"]] if match["roman"] else _CIRCLED[match["circled"]]
        group = "roman" if match["roman"] else "circled"
        yield Found((Reading("number", "", Fraction(number)),), *match.span(group))


_ALWAYS = re.compile(
    r"(?<!\d)(?:24/7|7\s?[x×*]\s?24(?:\s?小时)?|24\s?h?/24(?:,? 7\s?j?/7)?)(?!\d)", re.IGNORECASE
)


def always(text: str) -> Iterator[Found]:
    """24/7: the day's hours, all days."""
    for match in _ALWAYS.finditer(text):
        yield Found((Reading("duration", "minute", Fraction(1440)),), *match.span(), soft=True)


_RATIO = re.compile(
    r"(?<![\d.:])(?:\d+\.\d+:\d+(?:\.\d+)?|\d+:\d+\.\d+|\d:\d(?!\d)|\d+(?=:\d+(?:\.\d+)?:\d))(?::\d+(?:\.\d+)?)*"
)


def ratios(text: str) -> Iterator[Found]:
    """4.2:41.5:54.3, 1:3; no times of day."""
    for match in _RATIO.finditer(text):
        for number in re.finditer(r"\d+(?:\.\d+)?", match[0]):
            start = match.start() + number.start()
            shown = (Reading("number", "", Fraction(number[0])),)
            yield Found(shown, start, start + len(number[0]))
