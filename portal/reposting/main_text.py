"""The text that a page of another website is about, without what stands around it."""

import re
from collections.abc import Iterator
from html import escape

import nh3

from portal.text.document import texts
from portal.text.html_tree import Node, parse
from portal.text.pasted import from_html

from .feeds import decoded

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
# What the usual systems of government websites call the place of a text.
_NAMED = re.compile(
    r"^(ucap-content|trs_editor|trs_ueditor|zoom|zoomcon|article-?content|article_content|content-?main|"
    r"pages_content|art_con|artical_content|detail-?content|news_content|xl_content|view|"
    r"con_con|conttext|text-?content|main-?text|j-content|entry-content)$",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"(^|[-_ ])(nav|menu|header|footer|foot|side|sidebar|share|crumb|breadcrumbs?|related|comment|"
    r"copyright|pager|banner|toolbar)($|[-_ ])",
    re.IGNORECASE,
)
_AROUND_TAGS = frozenset({"nav", "header", "footer", "aside", "form", "button", "select"})
_PROSE = frozenset({"p", "li", "td", "th", "blockquote", "h2", "h3", "h4", "pre"})
# What holds a text; cells, too, where tables lay a page out.
_PLACES = frozenset({"article", "body", "div", "main", "section", "td"})
_LEAST = 40


def page_html(body: bytes, content_type: str, address: str) -> str:
    """The part of a page that holds its text, as HTML whose links are complete.

    Never raises; "" where there is no text.
    """
    meta = _META.search(body[:4000])
    told = content_type
    if meta and "charset" not in content_type.lower():
        told = f"{content_type}; charset={meta.group(1).decode()}"
    html, _note = decoded(body, told)
    try:
        root = parse(_complete(html, address))
    except ValueError:  # an address that no link can be completed with
        root = parse(html)
    found = _named(root) or _densest(root) or root
    return _html(found)


def plain_lines(html: str) -> list[str]:
    """What a text says, a line for each paragraph, item and row: for comparing."""
    found = []
    for piece in texts(from_html(html).document):
        line = " ".join(piece.split())
        if line:
            found.append(line)
    return found


def _complete(html: str, address: str) -> str:
    return nh3.clean(
        html.replace("\0", ""),
        tags=nh3.ALLOWED_TAGS
        | {"article", "aside", "div", "footer", "form", "header", "main", "nav", "section"},
        clean_content_tags={"script", "style", "title", "template", "noscript"},
        attributes={"*": {"id", "class", "style", "align"}, "a": {"href"}, "img": {"src", "alt"},
                    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        url_relative=("rewrite_with_base", address) if address else None,
        link_rel=None,
    )  # fmt: skip


def _named(root: Node) -> Node | None:
    for node in root.elements():
        names = {node.attributes.get("id", ""), *node.classes}
        if (node.tag == "article" or any(_NAMED.match(name) for name in names)) and (
            len(_words(node)) >= _LEAST
        ):
            return node
    return None


def _densest(root: Node) -> Node | None:
    """The element whose own paragraphs say most, links counted against it."""
    best, most = None, float(_LEAST)
    for node in root.elements():
        if node.tag not in _PLACES or _is_around(node):
            continue
        score = 0.0
        for child in node.children:
            if isinstance(child, str):
                score += len(child.strip())
            elif not _is_around(child) and (
                child.tag in _PROSE or child.tag in ("ul", "ol", "table")
            ):
                score += len(_words(child)) - 2 * sum(len(_words(a)) for a in _links(child))
        if score > most:
            best, most = node, score
    return best


def _links(node: Node) -> Iterator[Node]:
    return (one for one in node.elements() if one.tag == "a")


def _is_around(node: Node) -> bool:
    names = (node.attributes.get("id", ""), *node.classes)
    return node.tag in _AROUND_TAGS or any(_AROUND.search(name) for name in names if name)


def _words(node: Node) -> str:
    return "".join(node.text().split())


def _html(node: Node) -> str:
    parts: list[str] = []
    waiting: list[Node | str] = [*reversed(node.children)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, _End):
            parts.append(one)
        elif isinstance(one, str):
            parts.append(escape(one, quote=False))
        elif not _is_around(one):
            told = "".join(f' {name}="{escape(value)}"' for name, value in one.attributes.items())
            parts.append(f"<{one.tag}{told}>")
            if one.tag not in ("br", "hr", "img", "col", "embed"):
                waiting.append(_End(f"</{one.tag}>"))
                waiting += reversed(one.children)
    return "".join(parts)


class _End(str):
    """An end tag that waits until everything inside is written."""

    __slots__ = ()
