"""The visible text of HTML, and what in it visitors do not see: words, scripts, frames."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from .findings import Finding, Kind
from .lists import WordLists
from .markup import VOID, Comment, EndTag, Tag, Words, pieces
from .styles import PAPER, Colour, are_alike, background, colour, declarations, hides, length

_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd",
    "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol",
    "option", "p", "pre", "section", "select", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "ul", "marquee", "iframe",
})  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})
# For screen readers only: good, as long as no link to elsewhere is in it.
_FOR_READERS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-hidden|screen-reader-text|visuallyhidden|skip-link|element-invisible)(?:\s|$)"
)
_FRAMES: Final = frozenset({"iframe", "frame", "object", "embed", "applet"})
_HANDLER = re.compile(r"on[a-z]{3,}$")
_SCRIPT_LINK = re.compile(r"[\s\x00-\x20]*(?:javascript|vbscript|data:text/html)", re.IGNORECASE)
_ENCODED = re.compile(r"(?:&#x?[0-9a-f]{1,6};?){3,}", re.IGNORECASE)
_LINK_IN_COMMENT = re.compile(r"<a\s|href\s*=|https?://", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,400}>")
_DEEPEST = 400
_LONGEST_QUOTE = 120


@dataclass(slots=True)
class _Open:
    """An element that is open: whether it hides what is in it, and its colours."""

    tag: str
    why: str
    start: int
    ink: Colour | None
    paper: Colour
    for_readers: bool
    has_link: bool = False
    own: bool = False  # this very element hides, not one around it


@dataclass(frozen=True, slots=True)
class Visible:
    """``text``: all words of the HTML, hidden ones included, a block a line, cells apart by tabs.

    ``comments``: the words of comments with links, each with the place where it stands.
    """

    text: str
    findings: tuple[Finding, ...]
    comments: tuple[tuple[int, str], ...] = ()


def read(source: str, lists: WordLists) -> Visible:
    reader = _Reader(lists)
    for piece in pieces(source):
        if isinstance(piece, Words):
            reader.words(piece.text)
        elif isinstance(piece, Tag):
            reader.tag(piece)
        elif isinstance(piece, EndTag):
            reader.end(piece.name)
        else:
            reader.comment(piece)
    reader.close()
    return Visible("".join(reader.parts), tuple(reader.found), tuple(reader.comments))


class _Reader:
    def __init__(self, lists: WordLists) -> None:
        self.lists = lists
        self.parts: list[str] = []
        self.size = 0
        self.found: list[Finding] = []
        self.open: list[_Open] = [_Open("", "", 0, None, PAPER, for_readers=False)]
        self.comments: list[tuple[int, str]] = []
        self.counts: dict[str, int] = {}
        self.last = "\n"

    # --- text ---------------------------------------------------------------------------------
    def words(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.size += len(text)
            self.last = text[-1]

    def _apart(self, sign: str) -> None:
        if self.last not in "\n\t" or (sign == "\n" and self.last == "\t"):
            self.words(sign)

    # --- elements -----------------------------------------------------------------------------
    def tag(self, tag: Tag) -> None:
        name, attributes = tag.name, tag.attributes
        if name in _BLOCKS:
            self._apart("\n")
        elif name in _CELLS and self.last != "\n":
            self.words("\t")
        self._acting(tag)
        leads_out = "href" in attributes and name in ("a", "area") and self._leads_out(tag)
        self.open[-1].has_link |= leads_out
        if name in VOID or tag.raw.endswith("/"):
            return
        around = self.open[-1]
        if len(self.open) > _DEEPEST:
            return
        self.counts[name] = self.counts.get(name, 0) + 1
        style = declarations(attributes["style"]) if "style" in attributes else {}
        ink = self._ink(name, attributes, style) or around.ink
        paper = background(style) or colour(attributes.get("bgcolor", "")) or around.paper
        why = hides(style)
        if not why and "hidden" in attributes and attributes["hidden"] != "until-found":
            why = "attribute"
        if not why and name == "marquee" and _is_small(attributes):
            why = "size"
        if not why and name == "font" and attributes.get("size") == "0" and "font-size" in style:
            why = "font_size"
        own_colours = "color" in style or "color" in attributes or background(style) is not None
        if not why and own_colours and ink is not None and are_alike(ink, paper):
            why = "colour"
        for_readers = bool(_FOR_READERS.search(attributes.get("class", "")))
        self.open.append(
            _Open(
                name, why or around.why, self.size, ink, paper,
                for_readers=for_readers, has_link=leads_out,
                own=bool(why) and not around.why,
            )
        )  # fmt: skip

    def _ink(self, name: str, attributes: dict[str, str], style: dict[str, str]) -> Colour | None:
        if "color" in style:
            return colour(style["color"])
        return colour(attributes["color"]) if name == "font" and "color" in attributes else None

    def end(self, name: str) -> None:
        if self.counts.get(name, 0):
            while self.open[-1].tag != name:
                self._leave(self.open.pop())
            self._leave(self.open.pop())
        if name in _BLOCKS:
            self._apart("\n")

    def close(self) -> None:
        while len(self.open) > 1:
            self._leave(self.open.pop())

    def _leave(self, element: _Open) -> None:
        self.counts[element.tag] -= 1
        if element.has_link:
            self.open[-1].has_link = True
        hides_link = element.for_readers and element.has_link
        if not (element.own or hides_link):
            return
        text = self._since(element.start)
        if not text.strip():
            return
        start = element.start + len(text) - len(text.lstrip())
        end = element.start + len(text.rstrip())
        self.found.append(
            Finding(
                Kind.HIDDEN, start, end, text.strip()[:_LONGEST_QUOTE],
                element.why if element.own else "for_readers",
            )
        )  # fmt: skip

    def _since(self, start: int) -> str:
        """What was read from a place on; only looked at where something hides."""
        pieces_back: list[str] = []
        at = self.size
        for part in reversed(self.parts):
            if at <= start:
                break
            pieces_back.append(part)
            at -= len(part)
        text = "".join(reversed(pieces_back))
        return text[start - at :] if at < start else text

    # --- what acts ----------------------------------------------------------------------------
    def _acting(self, tag: Tag) -> None:
        name, attributes = tag.name, tag.attributes
        if name == "script" and "json" not in attributes.get("type", ""):
            self._script(
                attributes.get("src") or tag.content[:_LONGEST_QUOTE] or "<script>", "script"
            )
        elif name in _FRAMES and "embedtype" not in attributes:
            address = attributes.get("src") or attributes.get("data") or ""
            if not self._is_allowed(address):
                self._script(address or f"<{name}>", "frame")
        elif name == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            self._script(attributes.get("content", ""), "refresh")
        elif name == "base":
            self._script(attributes.get("href", ""), "base")
        for attribute, value in attributes.items():
            if _HANDLER.match(attribute):
                self._script(f"{attribute}={value[:60]}", "handler")
            elif attribute in ("href", "src", "action") and _SCRIPT_LINK.match(value):
                self._script(value[:_LONGEST_QUOTE], "address")

    def _script(self, text: str, code: str) -> None:
        self.found.append(Finding(Kind.SCRIPT, self.size, self.size, text[:_LONGEST_QUOTE], code))

    def _leads_out(self, tag: Tag) -> bool:
        """Whether a link leads to a host that is not on the list of allowed ones."""
        address = tag.attributes["href"]
        host = host_of(address)
        if host and _below(host, self.lists.forbidden_hosts):
            self.found.append(Finding(Kind.LINK, self.size, self.size, address[:200], "forbidden"))
        if host and _ENCODED.search(tag.raw):
            self.found.append(
                Finding(Kind.HIDDEN, self.size, self.size, address[:_LONGEST_QUOTE], "encoded")
            )
        return bool(host) and not _below(host, self.lists.allowed_hosts)

    def _is_allowed(self, address: str) -> bool:
        host = host_of(address)
        return (
            bool(address)
            and (not host or _below(host, self.lists.allowed_hosts))
            and not (_SCRIPT_LINK.match(address))
        )

    def comment(self, comment: Comment) -> None:
        text = comment.text
        if text.startswith(("[if ", "[endif")):
            return
        if _LINK_IN_COMMENT.search(text):
            words = " ".join(_TAGS.sub(" ", text).split())
            self.comments.append((self.size, words))
            self.found.append(
                Finding(
                    Kind.HIDDEN, self.size, self.size, words[:_LONGEST_QUOTE] or "<!--", "comment"
                )
            )  # fmt: skip


def _is_small(attributes: dict[str, str]) -> bool:
    sizes = [length(attributes[name]) for name in ("width", "height") if name in attributes]
    return any(size is not None and size <= 2 for size in sizes)


def host_of(address: str) -> str:
    """The host of an address outside; "" for one within the site or none at all."""
    address = address.strip()[:2000]
    if address.startswith("//"):
        address = f"http:{address}"
    if not re.match(r"https?:", address, re.IGNORECASE):
        return ""
    try:
        return (urlsplit(address.replace("\\", "/")).hostname or "").lower()
    except ValueError:
        return ""


def _below(host: str, hosts: frozenset[str]) -> bool:
    """Whether a host is one of the named ones or below one of them."""
    parts = host.split(".")
    return any(".".join(parts[place:]) in hosts for place in range(len(parts)))
