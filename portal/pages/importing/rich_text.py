"""Lines of a neutral text as the HTML that rich text blocks store, and back."""

import re
from collections.abc import Collection, Sequence
from html import escape

from portal.text.document import (
    Block,
    Heading,
    Item,
    Line,
    Link,
    Listing,
    Mark,
    Paragraph,
    Span,
    joined,
)
from portal.text.html_tree import Node, parse_stored

_TAGS: dict[Mark, tuple[str, str]] = {
    "bold": ("bold", "b"),
    "italic": ("italic", "i"),
    "superscript": ("superscript", "sup"),
    "subscript": ("subscript", "sub"),
}
_MARKS: dict[str, Mark] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "sup": "superscript",
    "sub": "subscript",
}  # fmt: skip
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class NotSimple(ValueError):
    """A rich text with something in it that a neutral text has no word for."""


# --- to HTML --------------------------------------------------------------------------------------
def html_of(blocks: Sequence[Block], features: Collection[str]) -> str:
    """Paragraphs, lists and headings; only what the features of the block allow."""
    parts: list[str] = []
    for block in blocks:
        match block:
            case Paragraph():
                parts.append(f"<p>{inline_html(block.line, features)}</p>")
            case Heading():
                tag = f"h{max(block.level, 3)}"
                tag = tag if tag in features else "p"
                line = block.line if tag != "p" else _bold(block.line)
                parts.append(f"<{tag}>{inline_html(line, features)}</{tag}>")
            case Listing():
                parts.append(_list_html(list(block.items), 0, features))
    return "".join(parts)


def _bold(line: Line) -> Line:
    return tuple(Span(s.text, s.marks | {"bold"}, s.link) for s in line)


def inline_html(line: Line, features: Collection[str]) -> str:
    parts: list[str] = []
    for span in line:
        text = span.text
        if "subscript" in span.marks and "subscript" not in features:
            text = text.translate(_LOWERED)  # H₂O needs no feature
        html = escape(text, quote=False).replace("\n", "<br/>")
        for mark in ("bold", "italic", "superscript", "subscript"):
            feature, tag = _TAGS[mark]
            if mark in span.marks and feature in features:
                html = f"<{tag}>{html}</{tag}>"
        if span.link:
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in span.link)
            html = f"<a{attributes}>{html}</a>"
        parts.append(html)
    return "".join(parts)


def _list_html(items: list[Item], depth: int, features: Collection[str]) -> str:
    html: list[str] = []
    position, open_tag = 0, ""
    while position < len(items):
        item = items[position]
        tag = "ol" if item.ordered else "ul"
        end = position + 1
        while end < len(items) and items[end].depth > depth:
            end += 1
        if tag != open_tag:
            html.append((f"</{open_tag}>" if open_tag else "") + f"<{tag}>")
            open_tag = tag
        inner = _list_html(items[position + 1 : end], depth + 1, features)
        html.append(f"<li>{inline_html(item.line, features)}{inner}</li>")
        position = end
    return "".join(html) + (f"</{open_tag}>" if open_tag else "")


# --- from HTML ------------------------------------------------------------------------------------
def blocks_of(html: str) -> list[Block]:
    """The paragraphs, lists and headings of a stored rich text.

    Raises:
        NotSimple: it holds an embedded picture, video or line, which must stay as it is.
    """
    blocks: list[Block] = []
    for child in parse_stored(html).children:
        if isinstance(child, str):
            if child.strip():
                blocks.append(Paragraph((Span(child),)))
        elif child.tag == "p":
            blocks.append(Paragraph(_line(child)))
        elif re.fullmatch(r"h[1-6]", child.tag):
            blocks.append(Heading(int(child.tag[1]), _line(child)))
        elif child.tag in {"ul", "ol"}:
            items: list[Item] = []
            _items(child, 0, items)
            blocks.append(Listing(tuple(items)))
        else:
            raise NotSimple(child.tag)
    return blocks


def _items(node: Node, depth: int, items: list[Item]) -> None:
    for child in node.children:
        if isinstance(child, str) and not child.strip():
            continue
        if isinstance(child, str) or child.tag != "li":
            raise NotSimple("text between items")
        nested = [c for c in child.children if isinstance(c, Node) and c.tag in {"ul", "ol"}]
        own = Node("li", {}, [c for c in child.children if c not in nested])
        items.append(Item(_line(own), node.tag == "ol", depth))
        for inner in nested:
            _items(inner, depth + 1, items)


def _line(node: Node) -> Line:
    spans: list[Span] = []
    _spans(node, frozenset(), None, spans)
    return joined(spans)


def _spans(node: Node, marks: frozenset[Mark], link: Link | None, spans: list[Span]) -> None:
    for child in node.children:
        if isinstance(child, str):
            spans.append(Span(child, marks, link))
        elif child.tag == "br":
            spans.append(Span("\n", marks, link))
        elif child.tag in _MARKS:
            _spans(child, marks | {_MARKS[child.tag]}, link, spans)
        elif child.tag == "a":
            _spans(child, marks, tuple(child.attributes.items()), spans)
        else:
            raise NotSimple(child.tag)
