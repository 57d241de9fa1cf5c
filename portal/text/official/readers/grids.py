"""Tables on pages, found by the strokes around their cells."""

from collections.abc import Iterable
from dataclasses import dataclass

from .lines import joined
from .placed import Page, Rule, Run

_NEAR = 3.0
# More than this on one page are a drawing, not a table.
_MOST_RULES = 3000
_MOST_CELLS = 5000
_SHORTEST = 4.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The edges of columns and rows, and the strokes that stand between cells."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: tuple[Rule, ...]
    level: tuple[Rule, ...]

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    def holds(self, run: Run) -> bool:
        middle = run.y - run.size * 0.35
        inside_across = self.xs[0] - _NEAR <= run.middle <= self.xs[-1] + _NEAR
        return inside_across and self.top - _NEAR <= middle <= self.bottom + _NEAR

    def rows(self, runs: Iterable[Run]) -> list[list[str]]:
        """The texts of the cells; the text of a merged cell stands in its first place."""
        width, height = len(self.xs) - 1, len(self.ys) - 1
        first = _Cells(self).first
        cells: list[list[list[Run]]] = [[[] for _ in range(width)] for _ in range(height)]
        for run in runs:
            x = _place(self.xs, run.middle)
            y = _place(self.ys, run.y - run.size * 0.35)
            y, x = first(y, x)
            cells[y][x].append(run)
        return [[_text(cell) for cell in row] for row in cells]


class _Cells:
    """Which places of a grid are one cell, since no stroke parts them."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._upright = [[r for r in grid.upright if abs(r.x0 - x) <= _NEAR] for x in grid.xs]
        self._level = [[r for r in grid.level if abs(r.y0 - y) <= _NEAR] for y in grid.ys]
        self._known: dict[tuple[int, int], tuple[int, int]] = {}

    def first(self, y: int, x: int) -> tuple[int, int]:
        """The upper left place of the cell that a place belongs to."""
        if (y, x) not in self._known:
            self._known[y, x] = self._look(y, x)
        return self._known[y, x]

    def _look(self, y: int, x: int) -> tuple[int, int]:
        xs, ys = self._grid.xs, self._grid.ys
        middle = (ys[y] + ys[y + 1]) / 2
        while x and not any(r.y0 <= middle <= r.y1 for r in self._upright[x]):
            x -= 1
        middle = (xs[x] + xs[x + 1]) / 2
        while y and not any(r.x0 <= middle <= r.x1 for r in self._level[y]):
            y -= 1
        return y, x


def grids_of(page: Page) -> list[Grid]:
    """The tables of a page from top to bottom; frames around a single cell are none."""
    if not 4 <= len(page.rules) <= _MOST_RULES:
        return []
    upright = [r for r in page.rules if r.y1 - r.y0 > _SHORTEST and r.x1 - r.x0 <= _NEAR]
    level = [r for r in page.rules if r.x1 - r.x0 > _SHORTEST and r.y1 - r.y0 <= _NEAR]
    grids = []
    for group in _touching([*upright, *level]):
        xs = _edges(r.x0 for r in upright if id(r) in group)
        ys = _edges(r.y0 for r in level if id(r) in group)
        if len(xs) >= 2 and len(ys) >= 2 and 1 < (len(xs) - 1) * (len(ys) - 1) <= _MOST_CELLS:
            own_upright = tuple(r for r in upright if id(r) in group)
            own_level = tuple(r for r in level if id(r) in group)
            grids.append(Grid(xs, ys, own_upright, own_level))
    return sorted(grids, key=lambda grid: grid.top)


def _touching(rules: list[Rule]) -> list[set[int]]:
    """Strokes that touch each other, by identity. From left to right, so that few are compared."""
    parents = list(range(len(rules)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    order = sorted(range(len(rules)), key=lambda at: rules[at].x0)
    open_ones: list[int] = []
    for at in order:
        rule = rules[at]
        open_ones = [other for other in open_ones if rules[other].x1 + _NEAR >= rule.x0]
        for other in open_ones:
            one = rules[other]
            if one.y0 - _NEAR <= rule.y1 and rule.y0 - _NEAR <= one.y1:
                parents[root(other)] = root(at)
        open_ones.append(at)
    groups: dict[int, set[int]] = {}
    for at, rule in enumerate(rules):
        groups.setdefault(root(at), set()).add(id(rule))
    return list(groups.values())


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    """Places in order; those nearer than a stroke is wide count once."""
    result: list[float] = []
    for place in sorted(places):
        if not result or place - result[-1] > _NEAR:
            result.append(place)
    return tuple(result)


def _place(edges: tuple[float, ...], at: float) -> int:
    for index, edge in enumerate(edges[1:-1]):
        if at < edge:
            return index
    return len(edges) - 2


def _text(runs: list[Run]) -> str:
    """The text of a cell, its lines put together."""
    text = ""
    for line in _lines(runs):
        text = joined(text, "".join(run.text for run in line).strip())
    return text


def _lines(runs: list[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.y):
        if lines and abs(run.y - lines[-1][0].y) <= 0.5 * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.x0) for line in lines]
