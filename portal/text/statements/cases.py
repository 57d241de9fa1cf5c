"""What the clauses give in the case that a text names: 60元 for 缴费500元的."""

from collections.abc import Sequence
from typing import NamedTuple

from .conditions import is_between, nearest_bounds, same_case
from .index import Figure
from .model import Statement
from .reading import Reading

_NEAR = 10


class Cased(NamedTuple):
    """A figure of a clause, the case that the text names, and the one that the clause gives."""

    figure: Figure
    told: Statement
    ruled: Statement


def figures_of_case(reading: Reading, statement: Statement) -> list[Figure]:
    """The clauses' figures of a statement's unit that hold in the case that the text names."""
    cased = _cased(reading, statement)
    exact = [one.figure for one in cased if same_case(one.told, one.ruled)]
    if exact or not cased or any(_is_tariff(one.figure) for one in cased):
        return exact
    # 150张床位 is a case of 100张以上的.
    bounds = nearest_bounds(cased[0].told, [one.ruled for one in cased])
    return [one.figure for one in cased if one.ruled in bounds]


def is_of_another_case(
    reading: Reading, statement: Statement, figure: Figure, ruled: Sequence[Figure]
) -> bool:
    """Whether a figure has a case of the sort that the text names, and is none of ``ruled``."""
    return _told(reading, statement, figure) is not None and figure not in ruled


def is_on_a_scale(reading: Reading, statement: Statement) -> bool:
    """Whether a figure is the case of another one: 床位150张, where a clause has bounds."""
    for one in reading.statements:
        if statement not in reading.cases.get(one, ()):
            continue
        cased = [found for found in _cased(reading, one) if found.told == statement]
        if nearest_bounds(statement, [found.ruled for found in cased]) or any(
            is_between(statement, found.ruled) for found in cased
        ):
            return True
    return False


def _cased(reading: Reading, statement: Statement) -> list[Cased]:
    return [
        Cased(figure, told, figure.case)
        for figure in reading.index.of_unit(statement.kind, statement.unit)
        if (told := _told(reading, statement, figure)) is not None and figure.case is not None
    ]


def _told(reading: Reading, statement: Statement, figure: Figure) -> Statement | None:
    """The case that the text names, of the sort that a clause gives for a figure."""
    ruled = figure.case
    if ruled is None:
        return None
    told = reading.cases.get(statement, ())
    return next((one for one in told if (one.kind, one.unit) == (ruled.kind, ruled.unit)), None)


def _is_tariff(figure: Figure) -> bool:
    """每小时2元 after the first two hours: what is paid for three is a sum of steps."""
    case, start = figure.case, figure.statement.span[0]
    before = figure.clause.plain[max(0, start - _NEAR) : start]
    if case is None or "每" not in before:
        return False
    return (case.unit if case.kind == "count" else "时") in before.partition("每")[2]
