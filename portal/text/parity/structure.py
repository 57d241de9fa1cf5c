"""How two texts are made: headings, list items, rows, links, pictures; and their figures part by
part. Of whole pages: their headings in order, and how long each list is."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from .comparison import compare
from .model import Kind, Mismatch


class Part(NamedTuple):
    """A paragraph of a text. ``kind``: text, heading, item, cell … whatever counts as alike."""

    kind: str
    text: str


def compare_parts(
    source: Sequence[Part],
    target: Sequence[Part],
    *,
    source_language: str,
    target_language: str,
) -> list[Mismatch]:
    """Where both have the same parts in the same order, their figures are compared part by part;
    else what is missing is told, and the figures of the whole are compared."""
    languages = {"source_language": source_language, "target_language": target_language}
    found = list(_structure(source, target))
    if not found:
        for one, two in zip(source, target, strict=True):
            found += compare(one.text, two.text, **languages)
        return found
    whole = ("\n".join(part.text for part in parts) for parts in (source, target))
    return [*found, *compare(*whole, **languages)]


def _structure(source: Sequence[Part], target: Sequence[Part]) -> Iterator[Mismatch]:
    kinds, found = Counter(part.kind for part in source), Counter(part.kind for part in target)
    for kind in dict.fromkeys([*kinds, *found]):
        if kinds[kind] != found[kind]:
            yield counted(kind, kinds[kind], found[kind])
    if kinds == found and [part.kind for part in source] != [part.kind for part in target]:
        yield Mismatch(
            "order", None, None, "", "", "Headings, paragraphs and lists stand in another order."
        )


def counted(kind: str, source: int, target: int) -> Mismatch:
    return Mismatch(
        "structure",
        None,
        None,
        f"{kind} × {source}",
        f"{kind} × {target}",
        f'The source has {source} of the kind "{kind}", the translation {target}.',
    )


_COUNTED = {"li": "item", "tr": "row", "a": "link", "img": "picture", "embed": "picture"}
_COUNTED |= {f"h{level}": f"heading {level}" for level in range(1, 7)}


class _Counting(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.counts: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _COUNTED:
            self.counts[_COUNTED[tag]] += 1


def outline(html: str) -> Counter[str]:
    """How many headings of each level, list items, rows, links and pictures a piece of HTML has.

    >>> sorted(outline("<h2>A</h2><ul><li>b</li><li>c</li></ul>").items())
    [('heading 2', 1), ('item', 2)]
    """
    if "<" not in html:
        return Counter()
    parser = _Counting()
    parser.feed(html)
    parser.close()
    return parser.counts


def compare_outlines(source: Counter[str], target: Counter[str]) -> list[Mismatch]:
    return [
        counted(kind, source[kind], target[kind])
        for kind in sorted(source.keys() | target.keys())
        if source[kind] != target[kind]
    ]


# --- whole pages ----------------------------------------------------------------------------------
class PageOutline(NamedTuple):
    """``headings``: the levels, in reading order; ``lists``: the number of items of each list, in
    the order in which they begin. What has no words is not counted: nobody can read it."""

    headings: tuple[int, ...]
    lists: tuple[int, ...]


_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class _Reading(HTMLParser):
    """Counts headings and items when their first word comes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[int] = []
        self.lists: list[int] = []
        self._heading: int | None = None
        self._open: list[int] = []  # the lists around, by their place in ``lists``
        self._blank: list[int] = []  # the lists whose running item has no word yet

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self._open.append(len(self.lists))
            self.lists.append(0)
        elif tag == "li" and self._open:
            self._blank = [*(at for at in self._blank if at != self._open[-1]), self._open[-1]]

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading = None
        elif tag in ("ul", "ol") and self._open:
            closed = self._open.pop()
            self._blank = [at for at in self._blank if at != closed]
        elif tag == "li" and self._open:
            self._blank = [at for at in self._blank if at != self._open[-1]]

    def handle_data(self, data: str) -> None:
        if not has_words(data):
            return
        if self._heading is not None:
            self.headings.append(self._heading)
            self._heading = None
        for at in self._blank:
            self.lists[at] += 1
        self._blank = []


def has_words(text: str) -> bool:
    """Whether there is something to read: a letter, a digit or any other sign that is printed."""
    return any(not unicodedata.category(char).startswith(("C", "Z")) for char in text)


def page_outline(html: str) -> PageOutline:
    """How a page is made.

    >>> page_outline("<h2>A</h2><ul><li>b</li><li>c<ol><li>d</li></ol></li></ul><h3> </h3>")
    PageOutline(headings=(2,), lists=(2, 1))
    """
    parser = _Reading()
    parser.feed(html)
    parser.close()
    return PageOutline(tuple(parser.headings), tuple(parser.lists))


def compare_pages(source: PageOutline, target: PageOutline) -> list[Mismatch]:
    """Headings that are missing, too many, of another level or in another order; lists that are
    longer, shorter, missing or too many."""
    ours = Counter(f"heading {level}" for level in source.headings)
    theirs = Counter(f"heading {level}" for level in target.headings)
    found = compare_outlines(ours, theirs)
    if not found and source.headings != target.headings:
        found.append(_said("order", _levels(source.headings), _levels(target.headings)))
    if len(source.lists) != len(target.lists):
        return [*found, counted("list", len(source.lists), len(target.lists))]
    return found + [
        _said("structure", f"list {number}: item × {many}", f"list {number}: item × {others}")
        for number, (many, others) in enumerate(zip(source.lists, target.lists, strict=True), 1)
        if many != others
    ]


def _levels(headings: Sequence[int]) -> str:
    return " ".join(f"H{level}" for level in headings)


def _said(kind: Kind, source: str, target: str) -> Mismatch:
    message = f"The source has {source}, the translation {target}."
    return Mismatch(kind, None, None, source, target, message)
