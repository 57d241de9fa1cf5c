"""One-click typesetting (一键排版): a text by the rules of a house, in one step that can be undone.

``typeset`` is a pure function, and doing it twice changes nothing more. It loses no character but
spaces, empty rows and the marks that ``punctuation`` sets right.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from . import numbering
from .document import (
    Block,
    Document,
    Heading,
    Item,
    Line,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    joined,
    text_of,
)
from .punctuation import HANZI, IS_DOCUMENT_NUMBER, half_width, punctuated, substituted

type Rule = Literal[
    "breaks", "spaces", "empty", "widths", "punctuation", "latin_spacing", "headings", "places",
    "tables",
]  # fmt: skip
type LatinSpacing = Literal["keep", "add", "remove"]


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """Which rules are on."""

    headings: bool = True
    spaces: bool = True
    empty: bool = True
    breaks: bool = True
    punctuation: bool = True
    widths: bool = True
    places: bool = True
    tables: bool = True
    latin_spacing: LatinSpacing = "keep"


# What comes in from outside gets its structure at once; its words stay as they were written.
STRUCTURE_ONLY = HouseStyle(breaks=False, punctuation=False, widths=False)


@dataclass(frozen=True, slots=True)
class Typeset:
    """``changes``: how often each rule changed something, for the report to the editor."""

    document: Document
    changes: Counter[str] = field(default_factory=Counter)


def typeset(document: Document, style: HouseStyle | None = None) -> Typeset:
    style = style or HouseStyle()
    changes: Counter[str] = Counter()
    # A rule may make work for an earlier one (a joined line that is a heading); few rounds do.
    for _round in range(8):
        before = document
        document = _once(document, style, changes)
        if document == before:
            break
    return Typeset(document, changes)


def _once(document: Document, style: HouseStyle, changes: Counter[str]) -> Document:
    if style.breaks:
        document = _break_rightly(document, changes)
    if style.spaces:
        document = _each_line(document, changes, "spaces", _trimmed)
    if style.empty:
        document = _without_empty(document, changes)
    if style.widths:
        document = _each_line(document, changes, "widths", half_width)
    if style.punctuation:
        document = _each_line(document, changes, "punctuation", punctuated)
    if style.latin_spacing != "keep":
        spacing = _spaced if style.latin_spacing == "add" else _closed_up
        document = _each_line(document, changes, "latin_spacing", spacing)
    if style.headings:
        document = _counted(document, numbering.with_headings(document), changes, "headings")
    if style.places:
        document = _counted(document, _placed(document), changes, "places")
    if style.tables:
        document = tuple(
            _tidy_table(block, changes) if isinstance(block, Table) else block
            for block in document
        )
    return document


def _counted(old: Document, new: Document, changes: Counter[str], rule: Rule) -> Document:
    changes[rule] += sum(before != after for before, after in zip(old, new, strict=True))
    return new


# --- lines ----------------------------------------------------------------------------------------
def _each_line(
    document: Document,
    changes: Counter[str],
    rule: Rule,
    change: Callable[[Line], tuple[Line, int]],
) -> Document:
    def changed(line: Line) -> Line:
        new, count = change(line)
        changes[rule] += count
        return new

    def cell(text: str) -> str:
        return text_of(changed((Span(text),))) if text else text

    result: list[Block] = []
    for block in document:
        match block:
            case Heading() | Paragraph() | Quote():
                result.append(replace(block, line=changed(block.line)))
            case Listing():
                items = tuple(replace(item, line=changed(item.line)) for item in block.items)
                result.append(Listing(items))
            case Table():
                rows = tuple(tuple(cell(text) for text in row) for row in block.rows)
                result.append(replace(block, rows=rows, caption=cell(block.caption)))
            case Picture():
                result.append(replace(block, caption=cell(block.caption)))
            case _:
                result.append(block)
    return tuple(result)


# Where laws set one on purpose: 第一条　为了…
_AFTER_NUMBER = re.compile(r"第[一二三四五六七八九十百千零〇\d]+[编章节条]\Z")
_SPACE = re.compile(r"[^\S\n]+")
_EDGE_SPACE = re.compile(r"\A\s+|\s+\Z|[^\S\n]+(?=\n)|(?<=\n)[^\S\n]+")
_BY_MARK = re.compile(r"(?<=[，。、；：？！“‘《（〔”’》）〕])[^\S\n]+|[^\S\n]+(?=[，。、；：？！”’》）〕])")


def _trimmed(line: Line) -> tuple[Line, int]:
    """Indents are the style sheet's work; a space next to a Chinese mark is none of anybody's."""
    new = substituted(line, _EDGE_SPACE, lambda _match: "")
    new = substituted(new, _BY_MARK, lambda _match: "")

    def single(match: re.Match[str]) -> str:
        wide = "\u3000" in match[0]
        if wide and _AFTER_NUMBER.search(match.string[: match.start()]):
            return "\u3000"
        return "\u3000" if wide and len(match[0]) == 1 else " "

    new = substituted(new, _SPACE, single)
    return new, int(new != line)


_UNSPACED = re.compile(r"〕第?\d{1,5}号|\d+[年月日时点分]")  # dates and document numbers are one word


def _spaced(line: Line) -> tuple[Line, int]:
    edge = re.compile(rf"(?<=[{HANZI}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HANZI}])")
    text, position, spans = text_of(line), 0, []
    words = [match.span() for match in _UNSPACED.finditer(text)]
    at = {
        match.start()
        for match in edge.finditer(text)
        if not any(start < match.start() < end for start, end in words)
    }
    if not at:
        return line, 0
    for span in line:
        characters = []
        for character in span.text:
            characters.append(f" {character}" if position in at else character)
            position += 1
        spans.append(replace(span, text="".join(characters)))
    return joined(spans), len(at)


def _closed_up(line: Line) -> tuple[Line, int]:
    gap = re.compile(rf"(?<=[{HANZI}]) +(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%]) +(?=[{HANZI}])")
    count = len(gap.findall(text_of(line)))
    return substituted(line, gap, lambda _match: ""), count


# --- paragraphs -----------------------------------------------------------------------------------
_ENDS = "。！？；：…”."
_LONG_LINE = 15  # shorter ones are addresses or verse


def _break_rightly(document: Document, changes: Counter[str]) -> Document:
    """A break inside a sentence is closed, one after a sentence starts a paragraph."""
    result: list[Block] = []
    for block in document:
        if not isinstance(block, Paragraph) or "\n" not in text_of(block.line):
            result.append(block)
            continue
        parts = _parts(block.line)
        changes["breaks"] += int(parts != [block.line])
        result += [replace(block, line=part) for part in parts]
    return tuple(result)


def _parts(line: Line) -> list[Line]:
    text, cuts, closed = text_of(line), [], {}
    for match in re.finditer(r"[^\S\n]*\n\s*", text):
        before = text[: match.start()].rsplit("\n", 1)[-1].strip()
        after = text[match.end() :].split("\n", 1)[0].strip()
        if not before or not after or before[-1] in _ENDS or numbering.level_of(after):
            cuts.append(match.span())
        elif len(before) >= _LONG_LINE and not numbering.level_of(before):
            latin = before[-1].isascii() and after[0].isascii()
            closed[match.span()] = " " if latin else ""
    parts, start = [], 0
    for begin, end in [*cuts, (len(text), len(text))]:
        part = _slice(line, start, begin)
        for (first, last), glue in sorted(closed.items(), reverse=True):
            if start <= first and last <= begin:
                head, tail = _slice(part, 0, first - start), _slice(part, last - start, None)
                part = joined([*head, *([Span(glue)] if glue else []), *tail])
        if text_of(part).strip():
            parts.append(part)
        start = end
    return parts or [line_without_breaks(line)]


def line_without_breaks(line: Line) -> Line:
    return substituted(line, re.compile(r"\n"), lambda _match: "")


def _slice(line: Line, start: int, end: int | None) -> Line:
    end = len(text_of(line)) if end is None else end
    spans, position = [], 0
    for span in line:
        part = span.text[max(0, start - position) : max(0, end - position)]
        spans.append(replace(span, text=part))
        position += len(span.text)
    return joined(spans)


def _without_empty(document: Document, changes: Counter[str]) -> Document:
    result: list[Block] = []
    for block in document:
        if isinstance(block, Heading | Paragraph | Quote) and not text_of(block.line).strip():
            changes["empty"] += 1
            continue
        if isinstance(block, Listing):
            items = tuple(item for item in block.items if text_of(item.line).strip())
            changes["empty"] += len(block.items) - len(items)
            if not items:
                continue
            block = Listing(items)
        result.append(block)
    return tuple(result)


# --- what official documents place ----------------------------------------------------------------
_DATE = re.compile(
    r"(?:\d{4}|[一二三四五六七八九零〇○]{4})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_SIGNATORY = re.compile(
    rf"[{HANZI} \u3000（）]{{2,30}}"
    r"(?:政府|委员会|管委会|办公室|办公厅|局|厅|部|委|院|会|站|所|处|科|中心|公司|学校|医院|街道|大队)"
    r"(?:（[^（）]*章[^（）]*）)?"
)
_TOP = 4


def _placed(document: Document) -> Document:
    """The number under the title goes to the middle, signatures and their date to the right."""
    result = list(document)
    for position, block in enumerate(result[:_TOP]):
        if isinstance(block, Paragraph) and IS_DOCUMENT_NUMBER.fullmatch(_bare(block)):
            result[position] = replace(block, place="center")
            break
    for position, block in enumerate(result):
        if not isinstance(block, Paragraph) or not _DATE.fullmatch(_bare(block)):
            continue
        signed, above = [position], position - 1
        while above >= 0 and len(signed) < 5:
            candidate = result[above]
            if not isinstance(candidate, Paragraph) or not _SIGNATORY.fullmatch(_bare(candidate)):
                break
            signed.append(above)
            above -= 1
        if len(signed) > 1 or position == len(result) - 1 > 0:
            for place in signed:
                result[place] = Paragraph(_paragraph_line(result[place]), "right")
    return tuple(result)


def _bare(block: Paragraph) -> str:
    return text_of(block.line).strip()


def _paragraph_line(block: Block) -> Line:
    assert isinstance(block, Paragraph)
    return block.line


# --- tables ---------------------------------------------------------------------------------------
_FIGURE = re.compile(r"[-+−]?[\d,，. ]*\d%?")


def _tidy_table(table: Table, changes: Counter[str]) -> Table:
    """Without empty rows and columns; a first row of words above figures or words is the header."""
    rows = [row for row in table.rows if any(cell.strip() for cell in row)]
    columns = [
        index for index in range(len(rows[0]) if rows else 0)
        if any(row[index].strip() for row in rows)
    ]  # fmt: skip
    tidy = tuple(tuple(row[index] for index in columns) for row in rows)
    # An empty first row that was marked as header says nothing about the next.
    has_header = table.has_header or _looks_like_header(tidy)
    new = Table(tidy, has_header, table.caption)
    changes["tables"] += int(new != table)
    return new


def _looks_like_header(rows: tuple[tuple[str, ...], ...]) -> bool:
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    named = all(first) and len(set(first)) == len(first)
    return named and all(len(cell) <= 20 and not _FIGURE.fullmatch(cell) for cell in first)


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, which stands at the right."""
    return bool(_FIGURE.fullmatch(text.strip()))


def items_of(lines: list[str], *, ordered: bool = False) -> Listing:
    return Listing(tuple(Item((Span(line),), ordered) for line in lines))
