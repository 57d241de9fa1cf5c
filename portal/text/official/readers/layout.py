"""Placed characters as lines of text: what the margins broke is put together again.

Chinese official documents begin a paragraph two characters in and fill the line to the right
margin. So a line goes on with the one above when that one is full and this one starts at the left
margin. What repeats at the edges of pages, and page numbers, are taken out and named.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median
from typing import Literal

from portal.text.official.model import Finding, Removed, SourceLine

from .lines import cleaned, joined, table
from .placed import Page
from .printed import Line, Piece, Table, pieces_of

_PAGE_NUMBER = re.compile(
    r"[-—–－―~\s·•]*\d{1,4}[-—–－―~\s·•]*|第\s*\d{1,4}\s*页(?:.{0,3}共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}|page\s*\d{1,4}(?:\s*of\s*\d{1,4})?",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,7}[编編章节節条條款]|[一二三四五六七八九十]{1,3}、"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|附件"
)
_ENDS = re.compile(r"[。；：！？;:!?]\Z")
# Shares of a page's height in which headers and footers stand.
_EDGE = 0.12


@dataclass(slots=True)
class Text:
    """``first_line`` is the number that the first line has in its source."""

    first_line: int = 0
    lines: list[SourceLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)


def text_of(pages: list[Page], *, first_page: int = 1, first_line: int = 0) -> Text:
    """The text of pages in reading order; pages and lines of other documents come before."""
    result = Text(first_line)
    printed = [pieces_of(page, number) for number, page in enumerate(pages, start=first_page)]
    edges = _edges(pages, printed)
    joiner = _Joiner(result)
    shapes = _shapes(printed, edges, pages)
    for page, pieces in zip(pages, printed, strict=True):
        for text in page.turned:
            joiner.remove(cleaned(text), "watermark")
        for piece in pieces:
            if isinstance(piece, Table):
                joiner.table(piece)
            elif id(piece) in edges:
                joiner.remove(piece.text, edges[id(piece)])
            else:
                joiner.line(piece, shapes[round(page.width)])
    joiner.finish()
    return result


# --- headers, footers, page numbers ---------------------------------------------------------------
type _EdgeReason = Literal["page_number", "repeated_header"]


def _edges(pages: list[Page], printed: list[list[Piece]]) -> dict[int, _EdgeReason]:
    """The lines at the edges of pages that are no part of the text, by identity."""
    result: dict[int, _EdgeReason] = {}
    repeated: Counter[str] = Counter()
    candidates: list[Line] = []
    for page, pieces in zip(pages, printed, strict=True):
        lines = [piece for piece in pieces if isinstance(piece, Line)]
        top = [line for line in lines[:2] if line.y < page.height * _EDGE]
        bottom = [line for line in lines[-2:] if line.y > page.height * (1 - _EDGE)]
        edge = list({id(line): line for line in [*top, *bottom]}.values())
        for line in edge:
            if _PAGE_NUMBER.fullmatch(line.text):
                result[id(line)] = "page_number"
        edge = [line for line in edge if id(line) not in result]
        candidates += edge
        repeated.update({_key(line.text) for line in edge})
    least = max(2, (len(pages) + 2) // 3)
    for line in candidates:
        if repeated[_key(line.text)] >= least:
            result[id(line)] = "repeated_header"
    return result


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))


# --- paragraphs -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Shape:
    """Margins, size of the letters and distance of the lines of pages of one width."""

    left: float
    right: float
    em: float
    pitch: float
    indents: bool


def _shapes(
    printed: list[list[Piece]], edges: dict[int, _EdgeReason], pages: list[Page]
) -> dict[int, _Shape]:
    by_width: dict[int, list[Line]] = {}
    for page, pieces in zip(pages, printed, strict=True):
        lines = [p for p in pieces if isinstance(p, Line) and id(p) not in edges]
        by_width.setdefault(round(page.width), []).extend(lines)
    return {width: _shape(lines, width) for width, lines in by_width.items()}


def _shape(lines: list[Line], width: float) -> _Shape:
    if not lines:
        return _Shape(0, width, 12, 20, True)
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    em = max(sizes.most_common(1)[0][0], 1.0)
    body = [line for line in lines if abs(line.size - em) <= 0.15 * em] or lines
    skipped = len(body) * 3 // 100
    left = sorted(line.x0 for line in body)[skipped]
    right = sorted((line.x1 for line in body), reverse=True)[skipped]
    if sum(line.x1 > right - 1.2 * em for line in body) < 3:
        # Too few full lines to show the margin: as wide as the left one.
        right = max(right, width - left - 0.5 * em)
    distances = [
        after.y - before.y
        for before, after in pairwise(body)
        if before.page == after.page and 0 < after.y - before.y < 4 * em
    ]
    pitch = median(distances) if distances else 2 * em
    # Lines that follow a short one begin a paragraph: do they stand two characters in?
    starts = [
        after.x0 - left
        for before, after in pairwise(body)
        if before.x1 < right - 3 * em and after.x1 > right - 3 * em
    ]
    indented = sum(1.2 * em < start < 2.8 * em for start in starts)
    return _Shape(left, right, em, pitch, indented * 2 >= len(starts))


class _Joiner:
    """Takes lines one after the other and writes paragraphs."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._open: list[Line] = []
        self._shape = _Shape(0, 0, 12, 20, True)
        self._rows: Table | None = None

    def line(self, line: Line, shape: _Shape) -> None:
        self._close_table()
        if self._open and not (shape == self._shape and self._goes_on(line)):
            self._close()
        self._shape = shape
        self._open.append(line)

    def table(self, found: Table) -> None:
        self._close()
        last = self._rows
        if last and found.page == last.until + 1 and len(last.rows[0]) == len(found.rows[0]):
            # It goes on from the page before; its head is printed again there.
            if found.rows[0] == last.rows[0]:
                self.remove("\t".join(found.rows.pop(0)), "repeated_header")
            last.rows += found.rows
            last.until = found.until
            return
        self._close_table()
        self._rows = found

    def remove(
        self, text: str, reason: Literal["page_number", "repeated_header", "watermark"]
    ) -> None:
        if text:
            at = self._text.first_line + len(self._text.lines)
            begun = 1 if self._open or self._rows else 0
            self._text.removed.append(Removed(text, reason, at + begun))

    def finish(self) -> None:
        self._close()
        self._close_table()

    def _goes_on(self, line: Line) -> bool:
        first, last, shape = self._open[0], self._open[-1], self._shape
        em = shape.em
        if abs(line.size - last.size) > 0.12 * em or self._place(last) != "":
            return False
        if line.page == last.page and line.y - last.y > 1.6 * shape.pitch:
            return False
        # A sign that may not begin a line, or a Latin word, leaves the line before short.
        word = re.match(r"[!-~]+", line.text)
        slack = 1.7 * em + (len(word[0]) * em * 0.6 if word else 0)
        if last.x1 < shape.right - slack:
            return False
        if len(self._open) > 1:
            at_margin = abs(line.x0 - self._open[1].x0) <= 0.8 * em
        elif line.x0 < first.x0 - 0.8 * em:
            at_margin = True
        else:
            same = abs(line.x0 - first.x0) <= 0.8 * em
            at_margin = same and not (shape.indents and first.x0 > shape.left + 1.2 * em)
        if not at_margin:
            return False
        begins = bool(_MARKER.match(line.text)) and bool(_ENDS.search(last.text))
        return shape.indents or not begins

    def _place(self, line: Line) -> Literal["", "center", "right"]:
        shape = self._shape
        before, after = line.x0 - shape.left, shape.right - line.x1
        off = abs(before - after) / 2
        larger = line.size > 1.12 * shape.em
        if off < 1.2 * shape.em and before > (1.2 if larger else 2.7) * shape.em:
            return "center"
        if before > 0.4 * (shape.right - shape.left) and after < 9 * shape.em:
            return "right"
        return ""

    def _close(self) -> None:
        if not self._open:
            return
        text = ""
        for line in self._open:
            text = joined(text, line.text)
        place = self._place(self._open[0]) if len(self._open) == 1 else ""
        self._text.lines.append(SourceLine(text, place=place, page=self._open[0].page))
        self._open = []

    def _close_table(self) -> None:
        if self._rows is None:
            return
        found = table(self._rows.rows, self._rows.page)
        if found:
            if self._rows.guessed:
                at = self._text.first_line + len(self._text.lines)
                first = " ".join(cell for cell in self._rows.rows[0] if cell)
                self._text.findings.append(Finding("table_guessed", first[:60], line=at))
            self._text.lines.append(found)
        self._rows = None


def pages_without_text(pages: list[Page]) -> list[Finding]:
    """Pages of a document with text that show a picture and no character, as page ranges."""
    empty = [n for n, page in enumerate(pages, start=1) if page.images and not page.characters]
    ranges = []
    for _, group in groupby(enumerate(empty), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        ranges.append(f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0]))
    return [Finding("page_without_text", ", ".join(ranges))] if ranges else []
