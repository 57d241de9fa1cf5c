"""Putting marks into finished HTML, in place of private characters. Knows no Django.

A mark may not stand everywhere: not in a link or a button, not in a heading's own words, not in
navigation or a drawing. There it stands behind the element, or the text counts as having no place.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .characters import ALL, FIRST, without

_TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style|textarea|title)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>.*?</(?P=raw)\s*>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
_NO_PLACE = frozenset({"nav", "svg", "template", "select", "head", "noscript", "audio", "video"})
# Marks stand behind these: on a line of their own, or within the line.
_OWN_LINE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend"})
_IN_LINE = frozenset({"a", "button", "label"})
# What folded text is opened by: the mark stands behind the whole, where it can be seen.
_FOLDED = "summary"
_VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character was found and where its mark goes. ``rank``: the smaller the better."""

    rank: int
    at: int
    mark_at: int
    own_line: bool


@dataclass(slots=True)
class _Reader:
    """Walks over the document once and remembers the best place of each character."""

    html: str
    found: dict[int, Place] = field(default_factory=dict)
    in_main: int = 0
    no_place: int = 0
    behind: list[str] = field(default_factory=list)
    waiting: list[tuple[int, int]] = field(default_factory=list)
    folded: list[list[tuple[int, int]]] = field(default_factory=list)

    def read(self) -> dict[int, Place]:
        last = 0
        for token in _TOKEN.finditer(self.html):
            self._text(last, token.start())
            last = token.end()
            name = (token["name"] or "").lower()
            if name and not token[0].endswith("/>") and name not in _VOID:
                self._close(name, last) if token["close"] else self._open(name)
        self._text(last, len(self.html))
        return self.found

    def _open(self, name: str) -> None:
        if name == "main":
            self.in_main += 1
        if name in _NO_PLACE:
            self.no_place += 1
        if name == "details":
            self.folded.append([])
        if name in _OWN_LINE or name in _IN_LINE or name == _FOLDED:
            self.behind.append(name)

    def _close(self, name: str, end: int) -> None:
        if name == "main":
            self.in_main -= 1
        if name in _NO_PLACE:
            self.no_place = max(0, self.no_place - 1)
        if name in self.behind:
            while self.behind and self.behind.pop() != name:
                pass
            if not self.behind:
                self._settle(name, end)
        if name == "details" and self.folded:
            for number, at in self.folded.pop():
                self._keep(number, Place(0, at, end, True))

    def _settle(self, name: str, end: int) -> None:
        """The element that held the characters has ended."""
        waiting, self.waiting = self.waiting, []
        if name == _FOLDED and self.folded:
            self.folded[-1] += waiting
            return
        for number, at in waiting:
            rank = 1 if name in _IN_LINE else 0
            self._keep(number, Place(rank, at, end, name not in _IN_LINE))

    def _text(self, start: int, end: int) -> None:
        if not self.in_main or self.no_place:
            return
        for hit in ALL.finditer(self.html, start, end):
            number = ord(hit[0]) - FIRST
            if self.behind:
                self.waiting.append((number, hit.start()))
            else:
                self._keep(number, Place(0, hit.start(), hit.start(), False))

    def _keep(self, number: int, place: Place) -> None:
        known = self.found.get(number)
        if known is None or place.rank < known.rank:
            self.found[number] = place


def put_marks(
    html: str,
    *,
    mark: Callable[[int, bool], str],
    instead: Mapping[int, str],
    finish: Callable[[list[int]], tuple[str, str, str]],
) -> str:
    """The document with its marks, and with nothing left of the private characters.

    Args:
        mark: the HTML of a mark by its number; True where it stands on a line of its own.
        instead: HTML that takes the place of the character itself (of a text that is hidden).
        finish: given the numbers that have a place, what goes to the end of the head, to the
            beginning and to the end of ``<main>``.
    """
    places = _Reader(html).read()
    inserts: list[tuple[int, int, str]] = []
    for number, place in places.items():
        sign = mark(number, place.own_line)
        if number not in instead:
            inserts.append((place.mark_at, number, sign))
        elif place.at == place.mark_at:  # one piece: where cells are laid out in boxes, too
            inserts.append((place.at, number, f"<span>{instead[number]} {sign}</span>"))
        else:
            inserts += [(place.at, number, instead[number]), (place.mark_at, number, sign)]
    head, top, bottom = finish(sorted(places))
    for position, text in _corners(html, head, top, bottom):
        inserts.append((position, -1, text))
    parts, last = [], 0
    for position, _number, text in sorted(inserts, key=lambda insert: insert[0]):
        parts += [without(html[last:position]), text]
        last = position
    parts.append(without(html[last:]))
    return "".join(parts)


_MAIN = re.compile(r"<main\b[^>]*>", re.IGNORECASE)


def _corners(html: str, head: str, top: str, bottom: str) -> list[tuple[int, str]]:
    found = []
    if (at := html.find("</head>")) >= 0:
        found.append((at, head))
    if main := _MAIN.search(html):
        found.append((main.end(), top))
    if (at := html.rfind("</main>")) >= 0:
        found.append((at, bottom))
    return found
