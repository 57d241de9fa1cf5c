"""Answers as the knowledge base stores them: a little HTML, clean."""

import re
from html import escape

import nh3

TAGS = {"p", "ul", "ol", "li", "a", "b", "i", "br"}
_RENAMED = {"strong": "b", "em": "i", "div": "p", "h1": "p", "h2": "p", "h3": "p", "h4": "p",
            "h5": "p", "h6": "p"}  # fmt: skip
_IS_HTML = re.compile(
    r"<(?:p|div|ul|ol|li|br|a|b|i|strong|em|span|h[1-6]|table|script|style|img)\b[^<>]*/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)(strong|em|div|h[1-6])\b[^<>]*>", re.IGNORECASE)
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "template", "iframe", "object"},
    attributes={"a": {"href"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
_BLOCK = re.compile(r"(</?(?:p|ul|ol)>)")
_EMPTY = re.compile(r"<p>(?:\s|<br/?>|&nbsp;|\xa0)*</p>")


def answer_html(text: str) -> str:
    """Plain text as paragraphs, HTML without what an answer may not hold. Applied twice: the same.

    Returns "" for what says nothing.
    """
    if not _IS_HTML.search(text):
        lines = (line.strip() for line in text.splitlines())
        return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)
    renamed = _TAG.sub(lambda m: f"<{m[1]}{_RENAMED[m[2].lower()]}>", text)
    html = _in_paragraphs(_CLEANER.clean(renamed).replace("<br>", "<br/>"))
    html = _EMPTY.sub("", html)
    return html if re.sub(r"<[^>]*>|&nbsp;|\s", "", html) else ""


def _in_paragraphs(html: str) -> str:
    """Text between blocks becomes a paragraph, as the editor would make it."""
    parts: list[str] = []
    depth = 0
    for piece in _BLOCK.split(html):
        if _BLOCK.fullmatch(piece):
            depth += -1 if piece.startswith("</") else 1
            parts.append(piece)
        elif depth > 0:
            parts.append(piece)
        elif piece.strip():
            parts.append(f"<p>{piece.strip()}</p>")
    return "".join(parts)
