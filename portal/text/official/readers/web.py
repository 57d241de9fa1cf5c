"""Web pages: their visible text, line by line, with tables, headings and alignment.

What the paste cleaner does for articles would be too much here: it makes lists and headings out of
numbered lines, and a clause must stay as it was printed. Every step takes time in proportion to the
page, whatever is in it.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from portal.text.html_tree import FOREIGN_TAGS, Node, collapsed, parse
from portal.text.official.model import Finding, Removed, Source, SourceLine

from .lines import cleaned, counted, split, table
from .plain import decode, findings_of
from .refusals import DocumentFileError, Limits

type _Place = Literal["", "center", "right"]

_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,20})",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    {"article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
     "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "main", "ol", "p",
     "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
# Controls and menus; what else stands around a text is told from it by its words, elsewhere.
_FURNITURE_TAGS = frozenset({"nav", "button", "select", "option", "textarea"})
_MAY_BE_FURNITURE = frozenset(
    {"div", "ul", "ol", "dl", "section", "aside", "footer", "header", "p", "table"}
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|mbx|footer|foot|copyright|share"
    r"|bdsharebuttonbox|sidebar)(?:$|[\s_-])",
    re.IGNORECASE,
)
# A block with as much of its text in links leads elsewhere.
_MOSTLY_LINKS = 0.7
_FEWEST_LINKS = 4
# Links to files are attachments, however many there are.
_FILES = re.compile(r"\.(?:docx?|pdf|ofd|wps|xlsx?|et|pptx?|zip|rar|7z|jpe?g|png)\Z", re.IGNORECASE)
# A menu is no longer than this, whatever the page calls its parts.
_LONGEST_MENU = 400
# A cell with more is a column of the page, not a value.
_LONGEST_CELL = 1000
_MOST_CELLS = 100_000


def read(data: bytes, limits: Limits) -> Source:
    """The text of a web page.

    Raises:
        DocumentFileError: it holds no text, or more than the limits.
    """
    declared = _DECLARED.search(data[:4096])
    decoded = decode(data, declared[1].decode("ascii") if declared else "")
    if len(decoded.text) > 4 * limits.characters:
        raise DocumentFileError("too_much_text", limit=limits.characters)
    root = parse(decoded.text)
    weights = _weigh(root)
    reading = _Reading(weights)
    reading.walk(root, _Look())
    reading.flush(_Look())
    findings = findings_of(decoded)
    hidden = [gone.text for gone in reading.removed if gone.reason == "hidden"]
    if hidden:
        findings.append(Finding("hidden_text", hidden[0]))
    if reading.pictures:
        findings.append(Finding("pictures", str(reading.pictures)))
    if not reading.lines and reading.pictures:
        raise DocumentFileError("only_pictures", kind="html")
    lines = counted(reading.lines, limits)
    return Source(lines, "html", tuple(findings), tuple(reading.removed))


# --- how much of an element leads elsewhere -------------------------------------------------------
@dataclass(slots=True)
class _Weight:
    """Characters in an element, those of them in links, and the number of links."""

    characters: int = 0
    linked: int = 0
    links: int = 0
    tables: int = 0

    def add(self, other: "_Weight") -> None:
        self.characters += other.characters
        self.linked += other.linked
        self.links += other.links
        self.tables += other.tables


def _weigh(root: Node) -> dict[int, _Weight]:
    """The weight of every element, by identity; from the leaves upwards."""
    order = [root, *root.elements()]
    weights = {id(node): _Weight() for node in order}
    for node in reversed(order):
        own = weights[id(node)]
        for child in node.children:
            if isinstance(child, str):
                own.characters += len(child.strip())
            else:
                own.add(weights[id(child)])
        if node.tag == "a" and not _FILES.search(node.attributes.get("href", "")):
            own.linked, own.links = own.characters, 1
        own.tables += node.tag == "table"
    return weights


# --- reading --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Look:
    place: _Place = ""
    heading: int = 0
    keeps_space: bool = False


class _Reading:
    """Walks a tree and writes lines."""

    def __init__(self, weights: dict[int, _Weight]) -> None:
        self._weights = weights
        self.lines: list[SourceLine] = []
        self.removed: list[Removed] = []
        self.pictures = 0
        self._text: list[str] = []

    def flush(self, look: _Look) -> None:
        """Ends the line."""
        text = "".join(self._text)
        self._text = []
        for line in split(text):
            self.lines.append(SourceLine(line, place=look.place, heading=look.heading))

    def walk(self, node: Node, look: _Look) -> None:
        number = _first_number(node)
        for child in node.children:
            if isinstance(child, str):
                self._text.append(child if look.keeps_space else collapsed(child))
                continue
            if self._is_left_out(child):
                continue
            if child.tag == "li":
                self.flush(look)
                if number is not None:
                    self._text.append(f"{number}.")
                    number += 1
                self._inside(child, look)
            else:
                self._element(child, look)

    def _element(self, node: Node, look: _Look) -> None:
        tag = node.tag
        if tag == "br":
            self._text.append("\n")
        elif tag == "hr":
            self.flush(look)
        elif tag == "img":
            self.pictures += 1
        elif tag == "table":
            self.flush(look)
            self._table(node, _look(node, look))
        elif re.fullmatch(r"h[1-6]", tag):
            self.flush(look)
            self._inside(node, replace(look, heading=int(tag[1])))
        elif tag in _BLOCKS or node.style.get("display") in {"block", "flex"}:
            self.flush(look)
            self._inside(node, look)
        elif tag == "rt":
            # Small characters above others: in brackets, where there is no above.
            self._text.append("（")
            self.walk(node, look)
            self._text.append("）")
        elif tag != "rp":
            self.walk(node, look)

    def _inside(self, node: Node, look: _Look) -> None:
        look = _look(node, look)
        self.walk(node, look)
        self.flush(look)

    # --- what is no text ---
    def _is_left_out(self, node: Node) -> bool:
        if node.tag in FOREIGN_TAGS:
            return True
        if _is_hidden(node):
            self._remove(node, "hidden")
            return True
        if self._is_furniture(node):
            self._remove(node, "navigation")
            return True
        return False

    def _remove(self, node: Node, reason: Literal["hidden", "navigation"]) -> None:
        text = " ".join(cleaned(node.text()).split())
        if text:
            self.removed.append(Removed(text, reason, len(self.lines)))

    def _is_furniture(self, node: Node) -> bool:
        if node.tag in _FURNITURE_TAGS:
            return True
        if node.tag not in _MAY_BE_FURNITURE:
            return False
        weight = self._weights[id(node)]
        if weight.links >= _FEWEST_LINKS and weight.linked >= _MOSTLY_LINKS * weight.characters:
            return True
        named = f"{node.attributes.get('class', '')} {node.attributes.get('id', '')}"
        return weight.characters < _LONGEST_MENU and bool(_FURNITURE.search(named))

    # --- tables ---
    def _table(self, node: Node, look: _Look) -> None:
        rows = [_own(row, {"td", "th"}) for row in _own(node, {"tr"})]
        weights = [self._weights[id(cell)] for row in rows for cell in row]
        frames = (
            max(map(len, rows), default=0) <= 1
            or any(weight.tables for weight in weights)
            or any(weight.characters > _LONGEST_CELL for weight in weights)
        )
        if frames:
            # It parts the page, it is no table of anything.
            self._inside(node, look)
            return
        for caption in _own(node, {"caption"}):
            self._inside(caption, look)
        found = table(self._grid(rows))
        if found:
            self.lines.append(found)

    def _grid(self, rows: list[list[Node]]) -> list[list[str]]:
        """Cells by place: the text of a merged cell stands in its first place."""
        grid: list[list[str]] = []
        reserved: dict[int, int] = {}  # column → rows that a cell above still takes
        count = 0
        for row in rows:
            texts: list[str] = []
            last = max(reserved, default=-1)
            cells = iter(row)
            cell = next(cells, None)
            while cell is not None or len(texts) <= last:
                count += 1
                if count > _MOST_CELLS:
                    raise DocumentFileError("too_complex", kind="html")
                column = len(texts)
                if column in reserved:
                    texts.append("")
                    reserved[column] -= 1
                    if not reserved[column]:
                        del reserved[column]
                    continue
                if cell is None:
                    texts.append("")
                    continue
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                for at in range(column, column + across):
                    if down > 1:
                        reserved[at] = max(reserved.get(at, 0), down - 1)
                texts += [self._cell(cell), *[""] * (across - 1)]
                count += across
                cell = next(cells, None)
            grid.append(texts)
        return grid

    def _cell(self, cell: Node) -> str:
        inner = _Reading(self._weights)
        if not self._is_left_out(cell):
            inner.walk(cell, _Look())
            inner.flush(_Look())
        self.removed += inner.removed
        self.pictures += inner.pictures
        return " ".join(line.text for line in inner.lines)


def _first_number(node: Node) -> int | None:
    """The number of the first item of a numbered list."""
    if node.tag != "ol":
        return None
    start = node.attributes.get("start", "")
    return int(start) if start.isascii() and start.isdecimal() and len(start) < 5 else 1


def _own(node: Node, tags: set[str]) -> list[Node]:
    """Elements of a table that belong to it and not to a table in one of its cells."""
    found: list[Node] = []
    for child in node.children:
        if isinstance(child, Node):
            if child.tag in tags:
                found.append(child)
            elif child.tag in {"tbody", "thead", "tfoot", "form", "div", "span"}:
                found += _own(child, tags)
    return found


def _span(cell: Node, name: str) -> int:
    value = cell.attributes.get(name, "")
    if not value.isascii() or not value.isdecimal() or len(value) > 4:
        return 1
    return max(1, min(int(value), 100))


def _look(node: Node, look: _Look) -> _Look:
    look = replace(look, place=_place(node, look.place))
    if node.tag == "pre" or node.style.get("white-space", "").startswith("pre"):
        look = replace(look, keeps_space=True)
    return look


def _place(node: Node, around: _Place) -> _Place:
    align = node.style.get("text-align") or node.attributes.get("align", "").lower()
    if node.tag == "center" or align == "center":
        return "center"
    if align in {"right", "end"}:
        return "right"
    return "" if align else around


def _is_hidden(node: Node) -> bool:
    style = node.style
    return (
        "hidden" in node.attributes
        or style.get("display") == "none"
        # WeChat hides an article until its script has run.
        or (style.get("visibility") == "hidden" and node.attributes.get("id") != "js_content")
        or style.get("mso-hide") == "all"
        or style.get("mso-element") in {"comment", "comment-list"}
        or re.fullmatch(r"0(?:px|pt|em|rem|%)?", style.get("font-size", "")) is not None
        or re.fullmatch(r"0(?:\.0+)?", style.get("opacity", "")) is not None
    )
