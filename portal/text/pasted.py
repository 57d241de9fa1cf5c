"""What Word, WPS, WeChat, Excel and web pages put on the clipboard, as a clean text.

Only structure and words come through: paragraphs, headings, lists, tables, pictures, links, bold,
raised and lowered characters. What is left out is counted or named in the report.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit, urlunsplit

from .document import (
    Block,
    Document,
    Heading,
    Item,
    Line,
    Link,
    Listing,
    Mark,
    Paragraph,
    Picture,
    Place,
    Quote,
    Span,
    Table,
    joined,
    text_of,
)
from .html_tree import FOREIGN_TAGS, Node, collapsed, parse
from .numbering import level_of
from .typesetting import STRUCTURE_ONLY, typeset


@dataclass(slots=True)
class Report:
    """What did not come through.

    ``removed`` counts what nobody misses (styles, scripts, trackers); ``hidden``, ``foreign`` and
    ``comments`` quote what was on the clipboard, so that an editor can look after it.
    """

    removed: Counter[str] = field(default_factory=Counter)
    hidden: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    merged_cells: int = 0


@dataclass(frozen=True, slots=True)
class Pasted:
    document: Document
    report: Report


def from_html(html: str) -> Pasted:
    """A clean text from any HTML. Never raises; loses no visible character."""
    blocks, report = blocks_from_html(html)
    return Pasted(typeset(tuple(blocks), STRUCTURE_ONLY).document, report)


def blocks_from_html(html: str) -> tuple[list[Block], Report]:
    """As above, before numbers make headings; a heading of level 1 has the style of a title."""
    report = Report()
    _count_what_goes(html, report)
    reader = _Reader(report)
    reader.walk(parse(html))
    blocks = _bold_titles(_captions(_levels(_lists(reader.finished()))))
    return _meaningful_bold(blocks), report


# --- characters -----------------------------------------------------------------------------------
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ue000-\uf8ff"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)


def visible(text: str) -> str:
    """A text without characters that nobody sees, and with ordinary spaces."""
    return _INVISIBLE.sub("", text).replace("\u00a0", " ")


_SCRIPT = re.compile(r"<script\b|\son\w+\s*=|javascript:", re.IGNORECASE)
_STYLE = re.compile(r"\s(?:style|class)\s*=|<style\b|<(?:o|w|v|m|st1):", re.IGNORECASE)


def _count_what_goes(html: str, report: Report) -> None:
    report.removed["scripts"] += len(_SCRIPT.findall(html))
    report.removed["styles"] += len(_STYLE.findall(html))
    report.removed["invisible"] += len(re.findall("[\u00ad\u200b\u2060\ufeff]", html))


# --- reading --------------------------------------------------------------------------------------
_BLOCK_TAGS = frozenset(
    {"article", "aside", "blockquote", "body", "button", "center", "dd", "details", "div", "dl",
     "dt", "fieldset", "figure", "footer", "form", "header", "label", "legend", "main", "nav",
     "option", "p", "pre", "section", "summary", "textarea"}
)  # fmt: skip
_HOLDERS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "table", "ul"})
_MARKS: dict[str, Mark] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "sup": "superscript",
    "sub": "subscript",
}  # fmt: skip
_SAYS_NOTHING = re.compile(
    r"(?:图片|图像|图|image|img|picture|photo)?[\s_-]*\d*(?:\.(?:png|jpe?g|gif|webp|bmp))?",
    re.IGNORECASE,
)
_TRACKING = re.compile(r"(?:utm_\w+|spm|fbclid|gclid|chksm)\Z")
_DECIMAL = re.compile(r"(\d{1,3})[.．、)]?\Z")


@dataclass(frozen=True, slots=True)
class _Look:
    marks: frozenset[Mark] = frozenset()
    link: Link | None = None
    keeps_space: bool = False


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the line being read will become."""

    name: str = "paragraph"
    level: int = 0
    ordered: bool = False
    number: int | None = None  # as printed, of items that a word processor numbered
    marker: str = ""
    place: Place = ""


@dataclass(frozen=True, slots=True)
class _NumberedItem(Item):
    number: int | None = None
    marker: str = ""


class _Reader:
    """Walks a tree and writes blocks; ``kind`` is what the current line belongs to."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.blocks: list[Block] = []
        self._line: list[Span] = []
        self._kind = _Kind()

    def finished(self) -> list[Block]:
        self._flush()
        return self.blocks

    # --- lines ---
    def _say(self, text: str, look: _Look) -> None:
        text = visible(text if look.keeps_space else collapsed(text))
        if text:
            self._line.append(Span(text, look.marks, look.link))

    def _flush(self) -> None:
        line, kind = _stripped(joined(self._line)), self._kind
        self._line = []
        if not line:
            return
        block: Block
        match kind.name:
            case "heading":
                plain = joined(replace(s, marks=s.marks - {"bold"}) for s in line)
                block = Heading(kind.level, plain)
            case "item":
                item = _NumberedItem(line, kind.ordered, kind.level, kind.number, kind.marker)
                if self.blocks and isinstance(self.blocks[-1], Listing):
                    self.blocks[-1] = Listing((*self.blocks[-1].items, item))
                else:
                    self.blocks.append(Listing((item,)))
                # More paragraphs of the same item go on without a number.
                self._kind = replace(kind, name="more")
                return
            case "more":
                last = self.blocks[-1] if self.blocks else None
                if isinstance(last, Listing):
                    longer = joined([*last.items[-1].line, Span("\n"), *line])
                    items = (*last.items[:-1], replace(last.items[-1], line=longer))
                    self.blocks[-1] = Listing(items)
                    return
                block = Paragraph(line)
            case "quote":
                last = self.blocks[-1] if self.blocks else None
                if isinstance(last, Quote) and kind.number:
                    self.blocks[-1] = Quote(joined([*last.line, Span("\n"), *line]))
                    return
                self._kind = replace(kind, number=1)
                block = Quote(line)
            case "caption":
                last = self.blocks[-1] if self.blocks else None
                if isinstance(last, Picture) and not last.caption:
                    self.blocks[-1] = replace(last, caption=_one_line(text_of(line)))
                    return
                block = Paragraph(line)
            case _:
                block = Paragraph(line, kind.place)
        self.blocks.append(block)

    # --- elements ---
    def walk(self, node: Node, look: _Look = _Look()) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._say(child, look)
            elif not self._is_left_out(child):
                self._element(child, look)

    def _is_left_out(self, node: Node) -> bool:
        style = node.style
        if node.tag in FOREIGN_TAGS:
            source = node.attributes.get("src") or node.attributes.get("data-src") or ""
            self.report.foreign.append(f"{node.tag} {source}".strip())
            # What a player shows where it cannot play is no text of the page.
            return True
        if style.get("mso-element") in {"comment", "comment-list"} or node.classes & {
            "MsoCommentReference", "MsoCommentText",
        }:  # fmt: skip
            self._note(self.report.comments, node)
            return True
        if "mso-special-character" in style and style["mso-special-character"] == "comment":
            return True
        hidden = (
            style.get("display") == "none"
            or (style.get("visibility") == "hidden" and node.attributes.get("id") != "js_content")
            or style.get("mso-hide") == "all"
            or re.match(r"0(?:px|pt|em|rem|%)?\Z", style.get("font-size", "")) is not None
            or re.match(r"0(?:\.0+)?\Z", style.get("opacity", "")) is not None
            or "hidden" in node.attributes
        )
        if hidden:
            self.report.removed["hidden"] += 1
            self._note(self.report.hidden, node)
        return hidden

    @staticmethod
    def _note(notes: list[str], node: Node) -> None:
        text = _one_line(visible(node.text()))
        if text and text not in notes:
            notes.append(text)

    def _element(self, node: Node, look: _Look) -> None:
        look = _look_of(node, look)
        tag = node.tag
        if tag == "br":
            self._line.append(Span("\n", look.marks, look.link))
        elif tag == "img":
            self._picture(node)
        elif tag == "hr":
            self._flush()
        elif tag == "table":
            self._flush()
            self._table(node, look)
        elif tag in {"ul", "ol"}:
            self._list(node, look)
        elif tag == "li":  # without a list around it
            self._list(Node("ul", {}, [node]), look)
        elif tag == "figcaption":
            self._inside(node, look, _Kind("caption"))
        elif re.fullmatch(r"h[1-6]", tag):
            self._heading(node, look, int(tag[1]))
        elif tag in _BLOCK_TAGS or node.style.get("display") in {"block", "flex"}:
            self._block(node, look)
        elif tag in {"tr", "td", "th", "tbody", "thead", "tfoot", "caption"}:
            self._inside(node, look, self._kind)  # pieces of a table that lost the table
        elif tag == "rt":
            # Small characters above others: in brackets, where there is no above.
            self._say("（", look)
            self.walk(node, look)
            self._say("）", look)
        elif tag == "rp" or "mso-tab-count" in node.style:
            self._say(" ", look)
        else:
            self.walk(node, look)

    def _inside(self, node: Node, look: _Look, kind: _Kind) -> None:
        self._flush()
        around, self._kind = self._kind, kind
        self.walk(node, look)
        self._flush()
        if around.name == "item" and self._kind.name == "more":
            around = replace(around, name="more")
        self._kind = around

    def _block(self, node: Node, look: _Look) -> None:
        kind = self._kind
        if kind.name in {"item", "more", "quote"}:
            self._flush()
            self.walk(node, look)
            self._flush()
            return
        if node.tag == "blockquote":
            self._inside(node, look, _Kind("quote"))
            return
        marker = _take_marker(node)
        listed = re.search(r"level(\d)", node.style.get("mso-list", ""))
        outline = node.style.get("mso-outline-level", "")
        if outline.isdecimal() and int(outline) <= 6 and not listed:
            self._heading(node, look, int(outline), marker)
        elif marker or listed:
            self._listed(node, look, marker, int(listed[1]) - 1 if listed else 0)
        else:
            own = _place_of(node)
            place = own if own is not None else kind.place
            self._inside(node, look, replace(kind, place=place))

    def _heading(self, node: Node, look: _Look, level: int, marker: str = "") -> None:
        marker = marker or _take_marker(node)
        if marker:
            node.children.insert(0, marker)
        if "title" in node.classes:
            level = 1
        else:
            level += 1
        if self._kind.name in {"item", "more", "quote"}:
            self._block(Node("p", node.attributes, node.children), look)
            return
        self._inside(node, look, _Kind("heading", level))

    def _listed(self, node: Node, look: _Look, marker: str, depth: int) -> None:
        """A paragraph that Word or WPS lists: what its number says decides what it becomes."""
        number = _DECIMAL.match(marker)
        if level_of(marker + "字") in (2, 3) or (marker and not number and len(marker) > 2):
            node.children.insert(0, marker)
            self._inside(node, look, _Kind())
            return
        kind = _Kind("item", min(depth, 4), number is not None, marker=marker)
        self._inside(node, look, replace(kind, number=int(number[1]) if number else None))

    def _list(self, node: Node, look: _Look) -> None:
        self._flush()
        around = self._kind
        nested = around.name in {"item", "more"}
        depth = around.level + 1 if nested else 0
        ordered = node.tag == "ol"
        start = node.attributes.get("start", "")
        number = int(start) if ordered and start.isdecimal() and len(start) < 4 else 1
        for child in node.children:
            if isinstance(child, str):
                self._say(child, look)
                continue
            if self._is_left_out(child):
                continue
            if child.tag != "li":
                self._flush()
                if child.tag in {"ul", "ol"}:  # nested without an item, as old editors write
                    self._kind = _Kind("more", depth)
                self._element(child, look)
                continue
            note = re.match(r"(foot|end)note-(\d+)\Z", child.attributes.get("id", ""))
            if note:
                self._flush()
                self._kind = around
                first = next((c for c in child.children if isinstance(c, Node)), child)
                first = first if first.tag in _BLOCK_TAGS else child
                first.children.insert(0, f"[{number}] ")
                self._inside(child, _look_of(child, look), _Kind())
            else:
                self._flush()
                self._kind = _Kind("item", min(depth, 4), ordered, number if ordered else None)
                self.walk(child, _look_of(child, look))
                self._flush()
            number += 1
        self._flush()
        self._kind = replace(around, name="more") if nested else around

    def _picture(self, node: Node) -> None:
        attributes = node.attributes
        source = attributes.get("src", "")
        lazy = attributes.get("data-src") or attributes.get("data-original") or ""
        if lazy and (not source or source.startswith("data:image/gif") or "svg" in source[:24]):
            source = lazy
        sizes = [attributes.get(name, "") for name in ("width", "height")]
        tiny = any(size.isdecimal() and int(size) <= 2 for size in sizes)
        if tiny or "__bg_gif" in node.classes:
            self.report.removed["trackers"] += 1
            return
        if not source:
            self.report.foreign.append("img " + attributes.get("alt", ""))
            return
        kind = self._kind
        self._flush()
        alt = _one_line(visible(attributes.get("alt", "")))
        self.blocks.append(Picture(source, "" if _SAYS_NOTHING.fullmatch(alt) else alt))
        if kind.name == "more":
            self._kind = replace(kind, name="item")

    # --- tables ---
    def _table(self, node: Node, look: _Look) -> None:
        rows = [row for row in _own(node, "tr") if not self._is_left_out(row)]
        cells = [[c for c in _own(row, "td", "th") if not self._is_left_out(c)] for row in rows]
        widest = max((len(row) for row in cells), default=0)
        inner = any(element.tag == "table" for element in node.elements())
        if widest <= 1 or (inner and len(rows) <= 1):
            # A frame around a text, not a table of anything.
            for row in cells:
                for cell in row:
                    self._inside(cell, look, _Kind(place=_place_of(cell) or ""))
            self._rest_of_table(node, look)
            return
        grid, pictures = self._grid(cells)
        caption = " ".join(_one_line(visible(c.text())) for c in _own(node, "caption"))
        head = bool(cells[0]) and all(cell.tag == "th" for cell in cells[0])
        self.blocks.append(Table(grid, head, caption.strip()))
        self.blocks += pictures
        self._rest_of_table(node, look, but=("caption",))

    def _rest_of_table(self, node: Node, look: _Look, but: tuple[str, ...] = ()) -> None:
        """Text that stands in a table and in none of its cells; browsers show it before."""
        for child in node.children:
            if isinstance(child, str):
                self._say(child, look)
            elif child.tag == "caption" and child.tag not in but:
                self._inside(child, look, _Kind())
        self._flush()

    def _grid(self, rows: list[list[Node]]) -> tuple[tuple[tuple[str, ...], ...], list[Picture]]:
        """Cells by place. A merged cell's text stands in its first place, the others are empty."""
        filled: dict[tuple[int, int], str] = {}
        pictures: list[Picture] = []
        for y, row in enumerate(rows):
            x = 0
            for cell in row:
                while (y, x) in filled:
                    x += 1
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                down = min(down, len(rows) - y)
                self.report.merged_cells += int(across * down > 1)
                text, found = self._cell(cell)
                pictures += found
                for dy in range(down):
                    for dx in range(across):
                        filled.setdefault((y + dy, x + dx), "")
                filled[y, x] = text
                x += across
        width = max((x for _y, x in filled), default=0) + 1
        grid = tuple(tuple(filled.get((y, x), "") for x in range(width)) for y in range(len(rows)))
        return grid, pictures

    def _cell(self, cell: Node) -> tuple[str, list[Picture]]:
        reader = _Reader(self.report)
        reader.walk(cell)
        pieces, pictures = [], []
        for block in _lists(reader.finished()):
            match block:
                case Heading() | Paragraph() | Quote():
                    pieces.append(text_of(block.line))
                case Listing():
                    pieces += [text_of(item.line) for item in block.items]
                case Table():
                    pieces += [block.caption, *(c for row in block.rows for c in row if c)]
                case Picture():
                    pictures.append(block)
                    pieces.append(block.caption)
        return _one_line(" ".join(piece for piece in pieces if piece)), pictures


def _own(node: Node, *tags: str) -> Iterator[Node]:
    """Elements of a table that belong to it and not to a table in one of its cells."""
    for child in node.children:
        if isinstance(child, Node):
            if child.tag in tags:
                yield child
            elif child.tag in {"tbody", "thead", "tfoot", "span", "div", "form", "font", "center"}:
                yield from _own(child, *tags)


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "")
    return max(1, min(int(value), 200)) if value.isdecimal() and len(value) < 5 else 1


def _look_of(node: Node, look: _Look) -> _Look:
    marks = look.marks
    mark = _MARKS.get(node.tag)
    if mark:
        marks |= {mark}
    weight = node.style.get("font-weight", "")
    if weight in {"bold", "bolder"} or (weight.isdecimal() and int(weight) >= 600):
        marks |= {"bold"}
    elif weight:
        marks -= {"bold"}
    raised = node.style.get("vertical-align", "")
    if raised == "super" or node.classes & {"MsoFootnoteReference", "MsoEndnoteReference"}:
        marks |= {"superscript"}
    elif raised == "sub":
        marks |= {"subscript"}
    if {"superscript", "subscript"} <= marks:
        marks -= {"subscript"}
    keeps = (
        look.keeps_space
        or node.tag in {"pre", "textarea"}
        or node.style.get("white-space", "").startswith("pre")
    )
    link = look.link
    if node.tag == "a":
        link = link_to(node.attributes.get("href", ""))
    return _Look(marks, link, keeps)


def link_to(address: str) -> Link | None:
    """A link to an address that a reader can follow; None for places inside the source."""
    address = re.sub(r"[\x00-\x20\x7f]", "", address)
    try:
        parts = urlsplit(address)
        if parts.scheme in {"mailto", "tel"}:
            return (("href", address),)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
    except ValueError:
        return None
    query = "&".join(
        part for part in parts.query.split("&") if not _TRACKING.match(part.partition("=")[0])
    )
    return (("href", urlunsplit(parts._replace(query=query))),)


def _place_of(node: Node) -> Place | None:
    if node.tag == "center":
        return "center"
    align = node.style.get("text-align") or node.attributes.get("align", "").lower()
    if align in {"right", "end"}:
        return "right"
    if align == "center":
        return "center"
    return "" if align else None


def _take_marker(node: Node) -> str:
    """The number or bullet that a word processor wrote before a paragraph; it is taken out."""
    for parent in _inline(node):
        for index, child in enumerate(parent.children):
            if isinstance(child, Node) and child.style.get("mso-list") == "ignore":
                del parent.children[index]
                text = _one_line(visible(child.text()))
                fonts = [e.style.get("font-family", "") for e in (parent, child, *child.elements())]
                if any(re.search("wingdings|symbol|webdings", font) for font in fonts):
                    return "•"  # the letters of such fonts are pictures
                return text
    return ""


def _inline(node: Node) -> Iterator[Node]:
    """An element and the inline ones in it; not the paragraphs that stand inside."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += [
            child
            for child in reversed(found.children)
            if isinstance(child, Node) and child.tag not in _BLOCK_TAGS | _HOLDERS
        ]


def _stripped(line: Line) -> Line:
    """Without space at the ends and around breaks, and without a break at either end."""
    text = text_of(line)
    kept = text.strip()
    if kept == text and " \n" not in text and "\n " not in text:
        return line
    start = len(text) - len(text.lstrip())
    end = start + len(kept)
    spans, position = [], 0
    for span in line:
        part = span.text[max(0, start - position) : max(0, end - position)]
        spans.append(replace(span, text=re.sub(r" *\n *", "\n", part)))
        position += len(span.text)
    return joined(spans)


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- the text as a whole --------------------------------------------------------------------------
def _lists(blocks: list[Block]) -> list[Block]:
    """Numbered lists that do not count from one are printed as they were: as paragraphs."""
    result: list[Block] = []
    listings = [block for block in blocks if isinstance(block, Listing)]
    after = dict(zip(map(id, listings), listings[1:], strict=False))
    for block in blocks:
        if not isinstance(block, Listing):
            result.append(block)
            continue
        if _counts_from_one(block.items) and not _goes_on(block, after.get(id(block))):
            result.append(Listing(tuple(Item(i.line, i.ordered, i.depth) for i in block.items)))
            continue
        for item in block.items:
            assert isinstance(item, _NumberedItem)
            printed = item.marker or (f"{item.number}." if item.number is not None else "•")
            result.append(Paragraph(joined([Span(f"{printed} "), *item.line])))
    return result


def _goes_on(listing: Listing, following: Listing | None) -> bool:
    """Whether a first item stands alone and the second comes later, behind other text."""
    number = getattr(following.items[0], "number", None) if following else None
    return len(listing.items) == 1 and listing.items[0].ordered and number == 2


def _counts_from_one(items: tuple[Item, ...]) -> bool:
    counts: list[tuple[bool, int]] = []  # of each depth: ordered, and how many in a row
    for item in items:
        del counts[item.depth + 1 :]
        counts += [(item.ordered, 0)] * (item.depth + 1 - len(counts))
        ordered, count = counts[item.depth]
        count = count + 1 if ordered == item.ordered else 1
        counts[item.depth] = (item.ordered, count)
        number = getattr(item, "number", None)
        if item.ordered and number is not None and number != count:
            return False
    return True


def _levels(blocks: list[Block]) -> list[Block]:
    """The levels in use become 2, 3, 4; a lone first heading above the others is the title."""
    used = sorted({b.level for b in blocks if isinstance(b, Heading) and b.level > 1})
    headings = [b for b in blocks if isinstance(b, Heading) and b.level > 1]
    if (
        len(used) > 1
        and sum(h.level == used[0] for h in headings) == 1
        and headings[0] is blocks[0]
    ):
        used = used[1:]
    level = {old: min(new, 4) for new, old in enumerate(used, start=2)}
    return [
        replace(b, level=level.get(b.level, 2)) if isinstance(b, Heading) and b.level > 1 else b
        for b in blocks
    ]


def _bold_titles(blocks: list[Block]) -> list[Block]:
    """A short bold line in the middle is how people without styles write a heading."""

    def is_title(block: Block) -> bool:
        if not isinstance(block, Paragraph) or block.place != "center":
            return False
        text = text_of(block.line)
        bold = all("bold" in span.marks or not span.text.strip() for span in block.line)
        return bold and len(text) <= 40 and not re.search(r"[。；：，\n]", text)

    return [
        Heading(2, joined(replace(s, marks=s.marks - {"bold"}) for s in b.line))
        if isinstance(b, Paragraph) and is_title(b)
        else b
        for b in blocks
    ]


_CAPTION = re.compile(r"(?:附?表|Table)\s*[\d一二三四五六七八九十]*[-.\d]*[\s:：]?.{0,60}")
_PICTURE_CAPTION = re.compile(r"(?:图|Figure)\s*[\d一二三四五六七八九十]+.{0,80}|[▲△↑].{1,80}")


def _captions(blocks: list[Block]) -> list[Block]:
    """The line above a table and the line below a picture that name them."""
    result: list[Block] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, Table) and not block.caption and isinstance(last, Paragraph):
            text = _one_line(text_of(last.line))
            if _CAPTION.fullmatch(text) and not text.endswith(("。", "：", "；", "，")):
                result[-1] = replace(block, caption=text)
                continue
        if isinstance(block, Paragraph) and isinstance(last, Picture) and not last.caption:
            text = _one_line(text_of(block.line))
            if _PICTURE_CAPTION.fullmatch(text) and not text.endswith("。"):
                result[-1] = replace(last, caption=text)
                continue
        result.append(block)
    return result


def _meaningful_bold(blocks: list[Block]) -> list[Block]:
    """Bold that covers most of a text stresses nothing; it goes."""
    spans = [s for b in blocks if isinstance(b, Paragraph | Quote) for s in b.line]
    total = sum(len(span.text) for span in spans)
    bold = sum(len(span.text) for span in spans if "bold" in span.marks)
    if total < 40 or bold * 10 < total * 6:
        return blocks

    def plain(line: Line) -> Line:
        return joined(replace(span, marks=span.marks - {"bold"}) for span in line)

    return [
        replace(b, line=plain(b.line)) if isinstance(b, Paragraph | Quote) else b for b in blocks
    ]
