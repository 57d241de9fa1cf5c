"""How two texts are made: headings, list items, rows, links, pictures; and their figures part by
part."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from .comparison import compare
from .model import Mismatch


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
