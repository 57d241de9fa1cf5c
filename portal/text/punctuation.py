"""Chinese punctuation as GB/T 15834 sets it, for one line of text.

Only what stands in Chinese is touched: addresses, numbers, times, formulas and English sentences
keep their own marks. Each rule works on characters with their look, so that bold text and links
stay where they were.
"""

import re
from collections.abc import Callable, Iterable

from .document import Line, Link, Mark, Span, joined

type _Look = tuple[frozenset[Mark], Link | None]
type _Replace = Callable[[re.Match[str]], str | None]

HANZI = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OPEN, _CLOSE = "“‘《〈（〔【「『", "”’》〉）〕】」』"
_BEFORE = rf"[{HANZI}{_CLOSE}]"
_AFTER = rf"[{HANZI}{_OPEN}]"
_MARKS = str.maketrans(",;:?!", "，；：？！")
# What keeps its own marks: addresses, mail, times, ratios, decimals, versions, paths.
_TAIL = r"[!-~]*[A-Za-z0-9/_=&#%-]"  # a comma at the end belongs to the sentence
_PROTECTED = re.compile(
    rf"(?:https?|ftp)://{_TAIL}|www\.{_TAIL}|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    rf"|(?:[A-Za-z0-9-]+\.)+(?:cn|com|net|org|gov|edu|html?|docx?|xlsx?|pdf|zip|jpe?g|png)\b"
    rf"(?:/{_TAIL})?|\d+(?:[.,:/-]\d+)+|[A-Za-z]:\\{_TAIL}",
    re.ASCII,
)
_DOCUMENT_NUMBER = re.compile(
    rf"(?<=[{HANZI}])[\[［【（(〔]\s*((?:19|20)\d\d)\s*[\]］】）)〕]\s*(第?)\s*(\d{{1,5}})\s*号"
)
IS_DOCUMENT_NUMBER = re.compile(rf"[{HANZI}]{{2,16}}〔(?:19|20)\d\d〕第?\d{{1,5}}号")


class _Characters:
    """A line as one string with the look of each character beside it."""

    def __init__(self, line: Line) -> None:
        self.text = "".join(span.text for span in line)
        self.looks: list[_Look] = [(s.marks, s.link) for s in line for _ in s.text]
        self.changes = 0

    def replace(self, pattern: re.Pattern[str], new: _Replace) -> None:
        """As ``re.sub``; what is put in looks like what it stands for. None leaves a match."""
        text, looks, position = [], [], 0
        for match in pattern.finditer(self.text):
            replacement = new(match)
            if replacement is None or replacement == match[0] or not match[0]:
                continue
            self.changes += 1
            text += [self.text[position : match.start()], replacement]
            looks += self.looks[position : match.start()]
            own = self.looks[match.start() : match.end()]
            looks += [own[min(i, len(own) - 1)] for i in range(len(replacement))]
            position = match.end()
        self.text = "".join(text) + self.text[position:]
        self.looks = looks + self.looks[position:]

    def put(self, changed: dict[int, str]) -> None:
        """One character for another, by position."""
        characters = list(self.text)
        for position, character in changed.items():
            if characters[position] != character:
                characters[position] = character
                self.changes += 1
        self.text = "".join(characters)

    def protected(self) -> set[int]:
        spans: Iterable[re.Match[str]] = _PROTECTED.finditer(self.text)
        return {position for match in spans for position in range(*match.span())}

    def line(self) -> Line:
        pairs = zip(self.text, self.looks, strict=True)
        return joined(Span(character, *look) for character, look in pairs)


def substituted(line: Line, pattern: re.Pattern[str], new: _Replace) -> Line:
    """A line after a substitution that keeps the look of every character."""
    characters = _Characters(line)
    characters.replace(pattern, new)
    return characters.line() if characters.changes else line


def punctuated(line: Line) -> tuple[Line, int]:
    """The line with its marks set right, and how many were changed."""
    characters = _Characters(line)
    if not re.search(rf"[{HANZI}]", characters.text):
        return line, 0
    _document_numbers(characters)
    _ellipses_and_dashes(characters)
    _brackets(characters)
    _quotes(characters)
    _marks(characters)
    _doubled(characters)
    return (characters.line(), characters.changes) if characters.changes else (line, 0)


def half_width(line: Line) -> tuple[Line, int]:
    """Full-width letters and digits as ordinary ones."""
    characters = _Characters(line)
    full = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
    characters.replace(full, lambda match: chr(ord(match[0]) - 0xFEE0))
    return (characters.line(), characters.changes) if characters.changes else (line, 0)


def _document_numbers(characters: _Characters) -> None:
    characters.replace(_DOCUMENT_NUMBER, lambda m: f"〔{m[1]}〕{m[2]}{m[3]}号")


def _ellipses_and_dashes(characters: _Characters) -> None:
    before = rf"(?<={_BEFORE})"
    dots = re.compile(rf"{before}(?:\.{{3,}}|。{{3,}}|…(?!…)(?<!……))")
    characters.replace(dots, lambda _match: "……")
    characters.replace(re.compile(rf"{before}(?:--+|－－+)(?={_AFTER})"), lambda _match: "——")


def _brackets(characters: _Characters) -> None:
    protected = characters.protected()

    def wider(match: re.Match[str]) -> str | None:
        if match.start() in protected or match.end() - 1 in protected:
            return None
        text = match.string
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        chinese_inside = re.search(rf"[{HANZI}]", match[1])
        chinese_around = re.fullmatch(_BEFORE, before) or (not before and re.match(_AFTER, after))
        if not chinese_inside and not chinese_around:
            return None
        return f"（{match[1]}）"

    characters.replace(re.compile(r"\(([^()（）\n]*)\)"), wider)


def _quotes(characters: _Characters) -> None:
    text, changed = characters.text, {}
    straight = [position for position, character in enumerate(text) if character == '"']
    if len(straight) % 2 == 0:
        for start, end in zip(straight[::2], straight[1::2], strict=True):
            around = text[max(0, start - 1) : end + 2]
            is_inch = text[start - 1 : start].isdigit() if start else False
            if re.search(rf"[{HANZI}]", around) and not is_inch:
                changed |= {start: "“", end: "”"}
    characters.put(changed)
    for one, other in ("“”", "‘’"):
        found = [i for i, character in enumerate(characters.text) if character in (one, other)]
        if len(found) % 2 == 0 and one == "“":  # ’ is an apostrophe as well
            characters.put({p: other if n % 2 else one for n, p in enumerate(found)})


def _marks(characters: _Characters) -> None:
    protected = characters.protected()
    # "No. 3", "一.总则": the dot of a number is not the end of a sentence.
    numeral = re.compile(r"[一二三四五六七八九十百]+\Z")

    def full(match: re.Match[str]) -> str | None:
        start, text = match.start(), match.string
        if start in protected:
            return None
        before, after = text[start - 1 : start] if start else "", text[start + 1 : start + 2]
        behind, ahead = re.fullmatch(_BEFORE, before), re.fullmatch(_AFTER, after)
        if match[0] == ".":
            ends = behind and (not after or ahead or after in _CLOSE or after == "\n")
            return "。" if ends and not numeral.match(text[:start]) else None
        if behind or (ahead and (before.isalnum() or before in "%％℃")):
            return match[0].translate(_MARKS)
        return None

    characters.replace(re.compile(r"[,;:?!]|(?<!\.)\.(?!\.)"), full)


def _doubled(characters: _Characters) -> None:
    doubled = re.compile(r"([，、；：])\1+|(?<!。)(。)。(?!。)")
    characters.replace(doubled, lambda match: match[1] or match[2])
