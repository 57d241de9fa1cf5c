"""HTML as a stream of tags, words and comments, read once from its beginning to its end.

Whatever it is given costs time in proportion to its length. Parsers that mend HTML as browsers do
(nh3 elsewhere in this package) repeat open formatting in every paragraph: a hostile text grows a
hundredfold in them. Here nothing is mended; what a browser would show is guessed well enough to
find what somebody hid.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

VOID: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
# Their content is no HTML.
_RAW = frozenset({"script", "style", "textarea", "title", "noscript", "xmp"})
_NAME = re.compile(r"/?[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(
    r"""([^\s"'>/=][^\s>/=]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+))?"""
)
_QUOTED_END = re.compile(r"""[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+>""")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_MOST_ATTRIBUTES = 60


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag; ``raw`` holds the attributes as they are written, references unresolved."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    raw: str = ""
    content: str = ""  # of a script: what is in it


@dataclass(frozen=True, slots=True)
class EndTag:
    name: str


type Piece = Words | Comment | Tag | EndTag


def pieces(source: str) -> Iterator[Piece]:
    """Everything in a piece of HTML in its order. Never raises."""
    at, size = 0, len(source)
    quotes_hold = comments_end = True
    while at < size:
        sign = source.find("<", at)
        if sign < 0:
            yield Words(html.unescape(source[at:]))
            return
        if sign > at:
            yield Words(html.unescape(source[at:sign]))
        if source.startswith("<!--", sign):
            end = source.find("-->", sign + 4) if comments_end else -1
            if end < 0:
                # A browser shows nothing of what follows.
                comments_end = False
                yield Comment(source[sign + 4 :])
                return
            yield Comment(source[sign + 4 : end])
            at = end + 3
            continue
        if source[sign + 1 : sign + 2] in ("!", "?"):
            end = source.find(">", sign)
            at = size if end < 0 else end + 1
            continue
        name = _NAME.match(source, sign + 1)
        if name is None:
            yield Words("<")
            at = sign + 1
            continue
        found = _QUOTED_END.match(source, name.end()) if quotes_hold else None
        if found is not None:
            end = found.end() - 1
        else:
            # A quote that is never closed: from here on tags end at the next sign.
            quotes_hold = False
            end = source.find(">", name.end())
            if end < 0:
                return
        tag = name[0].lower()
        at = end + 1
        if tag[0] == "/":
            yield EndTag(tag[1:])
            continue
        raw = source[name.end() : end]
        content = ""
        if tag in _RAW and not raw.endswith("/"):
            close = _RAW_END[tag].search(source, at)
            content = source[at : close.start() if close else size]
            at = size if close is None else close.start()
        yield Tag(tag, _attributes(raw), raw, content)


def _attributes(raw: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(raw):
        name = match[1].lower()
        if name not in found:
            value = match[2] or ""
            if value[:1] in ("'", '"'):
                value = value[1:-1]
            found[name] = html.unescape(value)
            if len(found) >= _MOST_ATTRIBUTES:
                break
    return found
