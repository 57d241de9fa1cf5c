"""The numbers that Word prints before paragraphs and does not write into their text."""

from collections import defaultdict
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_DIGITS = "零一二三四五六七八九"


@dataclass(slots=True)
class _Level:
    kind: str = "decimal"
    text: str = ""
    start: int = 1


class Numbering:
    """Counts as Word counts: one counter for each level of each list, in order of the text."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._lists: dict[str, str] = {}
        self._started: set[str] = set()
        self._restarts: dict[str, dict[int, int]] = defaultdict(dict)
        self._of_style: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read(self, numbering: Element) -> None:
        for element in numbering:
            if local(element) == "abstractNum":
                levels = {}
                for level in children(element, "lvl"):
                    own = _Level(
                        value(level, "numFmt") or "decimal",
                        value(level, "lvlText") or "",
                        _number(value(level, "start"), 1),
                    )
                    levels[_number(attribute(level, "ilvl"), 0)] = own
                self._levels[attribute(element, "abstractNumId")] = levels
            elif local(element) == "num":
                number = attribute(element, "numId")
                self._lists[number] = value(element, "abstractNumId") or ""
                for override in children(element, "lvlOverride"):
                    start = value(override, "startOverride")
                    if start:
                        at = _number(attribute(override, "ilvl"), 0)
                        self._restarts[number][at] = _number(start, 1)

    def _read_styles(self, styles: Element) -> None:
        based: dict[str, str] = {}
        for style in children(styles, "style"):
            name = attribute(style, "styleId")
            based[name] = value(style, "basedOn") or ""
            for properties in children(style, "pPr"):
                for own in children(properties, "numPr"):
                    number = value(own, "numId")
                    if number:
                        self._of_style[name] = (number, _number(value(own, "ilvl"), 0))
        for name in based:
            parent, steps = name, 0
            while parent and parent not in self._of_style and steps < 20:
                parent, steps = based.get(parent, ""), steps + 1
            if parent in self._of_style:
                self._of_style.setdefault(name, self._of_style[parent])

    def next(self, number: str | None, level: int | None, style: str) -> tuple[int, str] | None:
        """The depth and the printed number or bullet of the next paragraph; None without one."""
        if number is None:
            number, from_style = self._of_style.get(style, (None, 0))
            level = from_style if level is None else level
        if not number or number == "0" or number not in self._lists:
            return None
        level = min(level or 0, 8)
        levels = self._levels.get(self._lists[number], {})
        own = levels.get(level, _Level(text=f"%{level + 1}."))
        if own.kind == "bullet":
            return level, "•"
        counts = self._counts[self._lists[number]]
        if number not in self._started:
            self._started.add(number)
            counts.update({at: start - 1 for at, start in self._restarts[number].items()})
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if own.kind == "none":
            return None
        text = own.text
        for at in range(level, -1, -1):
            of = levels.get(at, _Level())
            text = text.replace(f"%{at + 1}", printed(counts.get(at, of.start), of.kind))
        return level, text.strip()


def printed(number: int, kind: str) -> str:
    """A number as a word processor prints it."""
    if kind in {"chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}:
        return _chinese_in_full(number)
    if kind in {"chineseCounting", "ideographDigital", "taiwaneseCounting"}:
        return _chinese(number)
    if kind == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        roman = _roman(number)
        return roman.lower() if kind == "lowerRoman" else roman
    if kind == "ideographTraditional" and 1 <= number <= 10:
        return "甲乙丙丁戊己庚辛壬癸"[number - 1]
    if kind == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(abs(number)))
    tens, ones = divmod(number, 10)
    start = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return start + (_DIGITS[ones] if ones else "")


def _chinese_in_full(number: int) -> str:
    """一百零一: a law has more than ninety-nine articles."""
    if not 99 < number < 1000:
        return _chinese(number)
    hundreds, rest = divmod(number, 100)
    start = _DIGITS[hundreds] + "百"
    if not rest:
        return start
    if rest < 10:
        return f"{start}零{_DIGITS[rest]}"
    tens, ones = divmod(rest, 10)
    return start + _DIGITS[tens] + "十" + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    result = ""
    for size, letters in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"),
                          (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
                          (4, "IV"), (1, "I")):  # fmt: skip
        count, number = divmod(number, size)
        result += letters * count
    return result


# --- reading what Word writes, in either of its two namespaces ------------------------------------
def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    for key, found in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return found
    return ""


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child) == name]


def child(element: Element | None, name: str) -> Element | None:
    found = children(element, name) if element is not None else []
    return found[0] if found else None


def value(element: Element | None, name: str) -> str | None:
    """The ``val`` of a child; None where there is no such child."""
    found = child(element, name)
    return attribute(found, "val") if found is not None else None


def is_on(element: Element | None, name: str) -> bool:
    found = value(element, name)
    return found is not None and found.lower() not in {"0", "false", "off", "none"}


def _number(text: str | None, otherwise: int) -> int:
    return (
        int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
    )
