"""The lines and tables that stand on a page, from top to bottom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .grids import Grid, grids_of
from .lines import cleaned, joined
from .placed import Page, Run

type Part = tuple[float, float]

_WIDE_GAP = 1.2
_LONGEST_TABLE = 120  # lines of one page


@dataclass(slots=True)
class Line:
    """A printed line: ``x0`` to ``x1``, on ``y``, of a page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    page: int
    runs: tuple[Run, ...]
    # What wide gaps keep apart: left and right edges.
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Table:
    """``page`` is where it begins, ``until`` where it ends; ``guessed``: without strokes."""

    rows: list[list[str]]
    page: int
    until: int
    guessed: bool = False


type Piece = Line | Table


def pieces_of(page: Page, number: int) -> list[Piece]:
    """Lines and tables of a page from top to bottom."""
    grids = grids_of(page)
    within: dict[int, list[Run]] = {index: [] for index in range(len(grids))}
    outside: list[Run] = []
    for run in page.runs:
        held = next((i for i, grid in enumerate(grids) if grid.holds(run)), None)
        (outside if held is None else within[held]).append(run)
    pieces: list[tuple[float, Piece]] = list(_with_columns(_lines(outside, number)))
    for index, grid in enumerate(grids):
        pieces += [(grid.top, piece) for piece in _table(grid, within[index], number)]
    return [piece for _y, piece in sorted(pieces, key=lambda pair: pair[0])]


def _table(grid: Grid, runs: list[Run], number: int) -> list[Piece]:
    rows = grid.rows(_without_doubles(runs))
    return [Table(rows, number, number)] if any(any(row) for row in rows) else []


def _without_doubles(runs: Iterable[Run]) -> list[Run]:
    """Text drawn twice on one place, as some programs make it bold, counts once."""
    seen: set[tuple[str, int, int]] = set()
    result = []
    for run in runs:
        grain = max(run.size * 0.2, 0.5)
        keys = [
            (run.text, round(run.x0 / grain) + dx, round(run.y / grain) + dy)
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        ]
        if not seen.intersection(keys):
            seen.add(keys[4])
            result.append(run)
    return result


def _lines(runs: list[Run], number: int) -> list[Line]:
    lines: list[list[Run]] = []
    heights: list[tuple[float, float]] = []
    for run in sorted(_without_doubles(runs), key=lambda run: (run.y, run.x0)):
        if not run.text.strip():
            continue
        # A raised figure stands on the line of its neighbours.
        if lines and abs(run.y - heights[-1][0]) <= 0.45 * max(run.size, heights[-1][1]):
            lines[-1].append(run)
            if run.size > heights[-1][1]:
                heights[-1] = (run.y, run.size)
        else:
            lines.append([run])
            heights.append((run.y, run.size))
    result = []
    for line, (y, size) in zip(lines, heights, strict=True):
        line.sort(key=lambda run: run.x0)
        text = cleaned(_spaced(line))
        if text:
            lead = next(run for run in line if run.text.strip())
            indent = len(lead.text) - len(lead.text.lstrip())
            width = (lead.x1 - lead.x0) / max(len(lead.text), 1)
            left = lead.x0 + indent * width
            parts = tuple(_parts(line))
            result.append(Line(text, left, line[-1].x1, y, size, number, tuple(line), parts))
    return result


def _spaced(line: list[Run]) -> str:
    """The text of a line, with a space where there is room for one that is not letter-spacing."""
    gaps = [max(0.0, after.x0 - before.x1) for before, after in pairwise(line)]
    spaced = len(line) > 3 and all(len(run.text.strip()) <= 1 for run in line)
    least = 0.6 * line[0].size
    if spaced and gaps:
        least = max(least, 1.6 * median(gaps))
    text = line[0].text
    for gap, before, after in zip(gaps, line, line[1:], strict=False):
        latin = before.text[-1].isascii() and after.text[0].isascii()
        room = gap > least or (latin and gap > 0.2 * after.size)
        text += (" " if room and not text.endswith(" ") else "") + after.text
    return text


def _parts(line: list[Run]) -> Iterator[Part]:
    """The pieces of a line that wide gaps keep apart."""
    open_runs: list[Run] = []
    for run in line:
        if open_runs and run.x0 - open_runs[-1].x1 > _WIDE_GAP * run.size:
            yield open_runs[0].x0, open_runs[-1].x1
            open_runs = []
        open_runs.append(run)
    if open_runs:
        yield open_runs[0].x0, open_runs[-1].x1


# --- tables without strokes -----------------------------------------------------------------------
def _with_columns(lines: list[Line]) -> Iterator[tuple[float, Piece]]:
    """Lines; neighbours that stand in the same three or more columns become a table.

    Two columns are not enough: so stand the names of bodies that sign together.
    """
    at = 0
    while at < len(lines):
        until = _end_of_columns(lines, at)
        columns = _columns(lines[at:until])
        if columns:
            rows = _rows(lines[at:until], columns)
            page = lines[at].page
            yield lines[at].y, Table(rows, page, page, guessed=True)
        else:
            until = at + 1
            yield lines[at].y, lines[at]
        at = until


def _end_of_columns(lines: list[Line], at: int) -> int:
    """Where lines end that go on from this one in parts, or in one narrow part."""
    if len(lines[at].parts) < 3:
        return at + 1
    until = at + 1
    width = lines[at].x1 - lines[at].x0
    while until < min(len(lines), at + _LONGEST_TABLE):
        line, above = lines[until], lines[until - 1]
        narrow = line.x1 - line.x0 < 0.6 * width and line.x0 > lines[at].x0 + line.size
        if line.y - above.y > 2.6 * line.size or (len(line.parts) < 2 and not narrow):
            break
        until += 1
    return until


def _columns(lines: list[Line]) -> list[tuple[float, float]]:
    """The left and right edges of columns; none where the parts do not agree on them."""
    full = [line for line in lines if len(line.parts) >= 3]
    if len(full) < 2:
        return []
    columns: list[tuple[float, float]] = []
    for left, right in sorted(part for line in full for part in line.parts):
        if columns and left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns if len(columns) == max(len(line.parts) for line in full) else []


def _rows(lines: list[Line], columns: list[tuple[float, float]]) -> list[list[str]]:
    """Cells by column; a line without a first cell goes on with the row above."""
    rows: list[list[str]] = []
    for line in lines:
        within: list[list[Run]] = [[] for _ in columns]
        for run in line.runs:
            distances = [max(a - run.middle, run.middle - b, 0.0) for a, b in columns]
            within[distances.index(min(distances))].append(run)
        cells = [cleaned(_spaced(runs)) if runs else "" for runs in within]
        if rows and not cells[0]:
            rows[-1] = [joined(before, more) for before, more in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return rows
