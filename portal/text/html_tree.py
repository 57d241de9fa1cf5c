"""HTML from anywhere as a small tree without anything that acts: what the paste cleaner reads.

``nh3`` (a browser's parser) makes sense of whatever was on the clipboard and takes scripts out;
what is left is well-formed and is read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

import nh3

_TEXT_TAGS = {
    "a", "abbr", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "button",
    "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div",
    "dl", "dt", "em", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "label", "legend", "li",
    "main", "mark", "nav", "ol", "option", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp",
    "section", "select", "small", "span", "strike", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
# Players and frames: named in the report, never taken over.
FOREIGN_TAGS = frozenset(
    {"audio", "embed", "iframe", "mp-common-miniprogram", "mp-miniprogram", "mp-weapp", "mpvoice",
     "object", "video"}
)  # fmt: skip
_VOID = frozenset({"br", "col", "hr", "img", "embed"})
_SCHEMES = {"http", "https", "mailto", "tel", "data", "file", "docx-image", "pasted"}
_ATTRIBUTES = {
    "*": {"style", "class", "align", "hidden", "id", "title"},
    "a": {"href", "name"},
    "img": {"src", "alt", "data-src", "data-original", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start", "type"},
    **{tag: {"src", "data-src", "title", "name"} for tag in FOREIGN_TAGS},
}
# Deeper nesting is flattened: nobody writes it, and it would exhaust the stack.
_DEEPEST = 120
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True, weakref_slot=True)
class _Base:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)


class Node(_Base):
    """An element: its attributes, its declarations of style, what is in it."""

    @cached_property
    def style(self) -> dict[str, str]:
        return dict(_declarations(self.attributes.get("style", "")))

    @cached_property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    def elements(self) -> Iterator["Node"]:
        """All elements inside, in document order."""
        waiting = [child for child in reversed(self.children) if isinstance(child, Node)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [child for child in reversed(node.children) if isinstance(child, Node)]

    def text(self) -> str:
        parts: list[str] = []
        waiting: list[Node | str] = [*reversed(self.children)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                waiting += reversed(node.children)
        return "".join(parts)


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip().lower(), value.strip().lower().removesuffix("!important").strip()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("body")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)
            if len(self.open) > _DEEPEST:
                # Its content goes to the element around it; its end tag finds a placeholder.
                self.open[-1].children = self.open[-2].children
                self.open[-2].children.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The body of a piece of HTML. Never raises, whatever it is given."""
    html = html.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    clean = nh3.clean(
        html,
        tags=_TEXT_TAGS | FOREIGN_TAGS,
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        strip_comments=True,
        link_rel=None,
    )
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    return builder.root


def collapsed(text: str) -> str:
    """Space as a browser shows it; no-break and ideographic spaces are characters."""
    return _SPACE.sub(" ", text)


def parse_stored(html: str) -> Node:
    """HTML of our own making, as it is: nothing is cleaned."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
