"""Which rows a SELECT can have seen: its tables, and the values that their columns must have.

A page depends on what its statements read. From ``WHERE "a"."id" = 17`` follows that a change of
any other row of ``a`` cannot matter; from a condition that is not understood follows nothing, and
the table counts as a whole: a page is looked at once too often rather than once too seldom.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

_PARAMETER = re.compile(r"%%|%s")
_DIALECTS = {"postgresql": "postgres", "sqlite": "sqlite"}

# A condition is one of ("=", parameter numbers and constants) and ("prefix", parameter number).
type _Source = int | str
type _Condition = tuple[str, tuple[_Source, ...]]
# The alias of a table and a column.
type _Column = tuple[str, str]
type _LinkShape = tuple[str, str, tuple[tuple[str, _Condition], ...]]


class NotUnderstood(Exception):
    """A statement that the parser cannot read."""


@dataclass(frozen=True, slots=True)
class Link:
    """A column of another table; of its rows those that have these values."""

    table: str
    column: str
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of one table: those whose columns have one of these values, or begin with this one.

    Values are compared as texts. Without conditions every row of the table counts. ``links`` says
    of a column where its value must stand as well for the row to be read: what it is joined to.
    """

    table: str
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)

    def may_see(self, row: Mapping[str, Any] | None) -> bool:
        """Whether a row, of which some columns are known, can be among those that were read."""
        if row is None:
            return False
        for column, wanted in self.values.items():
            if column in row and text_of(row[column]) not in wanted:
                return False
        for column, prefix in self.prefixes.items():
            # SQLite compares LIKE without regard to case.
            if column in row and not text_of(row[column]).upper().startswith(prefix.upper()):
                return False
        return True


def text_of(value: Any) -> str:
    """A value as both databases and both ways of asking write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def reads_of(sql: str, parameters: Sequence[Any], vendor: str) -> tuple[Read, ...]:
    """What a statement reads, one entry for each place in which a table stands.

    Args:
        sql: with ``%s`` for each parameter, as Django gives it to a cursor.
        parameters: their values.
        vendor: of the connection, ``sqlite`` or ``postgresql``.

    Raises:
        NotUnderstood: the statement cannot be parsed.
    """
    return tuple(_filled(shape, parameters) for shape in _shapes(sql, vendor))


@dataclass(frozen=True, slots=True)
class _Shape:
    table: str
    conditions: tuple[tuple[str, _Condition], ...]
    # Of a column: (table, column, the conditions that are known of that table).
    links: tuple[tuple[str, tuple[_LinkShape, ...]], ...] = ()


def _filled(shape: _Shape, parameters: Sequence[Any]) -> Read:
    values, prefixes = _given(shape.conditions, parameters)
    links = {
        name: tuple(
            Link(table, column, _given(conditions, parameters)[0])
            for table, column, conditions in found
        )
        for name, found in shape.links
    }
    return Read(shape.table, values, prefixes, links)


def _given(
    conditions: Sequence[tuple[str, _Condition]], parameters: Sequence[Any]
) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """Values and prefixes that conditions demand."""
    values: dict[str, frozenset[str]] = {}
    prefixes: dict[str, str] = {}
    for column, (kind, sources) in conditions:
        found = [
            text_of(parameters[source]) if isinstance(source, int) else source for source in sources
        ]
        if kind == "=":
            wanted = frozenset(found)
            values[column] = values[column] & wanted if column in values else wanted
        else:
            prefix = _prefix_of(found[0])
            if len(prefix) > len(prefixes.get(column, "")):
                prefixes[column] = prefix
    return (values, prefixes)


def _prefix_of(pattern: str) -> str:
    """What a LIKE pattern demands at the beginning."""
    found = []
    signs = iter(pattern)
    for sign in signs:
        if sign == "\\":
            sign = next(signs, "")
        elif sign in "%_":
            break
        found.append(sign)
    return "".join(found)


@lru_cache(maxsize=4096)
def _shapes(sql: str, vendor: str) -> tuple[_Shape, ...]:
    count = -1

    def named(match: re.Match[str]) -> str:
        nonlocal count
        if match.group() == "%%":
            return "%"
        count += 1
        return f":p{count}"

    try:
        tree = sqlglot.parse_one(_PARAMETER.sub(named, sql), read=_DIALECTS[vendor])
    except sqlglot.errors.SqlglotError as error:
        raise NotUnderstood(str(error).splitlines()[0]) from error
    made = {cte.alias for cte in tree.find_all(exp.CTE)}
    found: list[_Shape] = []
    for select in tree.find_all(exp.Select):
        found += _shapes_of(select, made)
    # Tables that stand in no SELECT of their own (a function, a bare FROM of another form).
    seen = {shape.table for shape in found}
    for table in tree.find_all(exp.Table):
        if table.name and table.name not in made and table.name not in seen:
            found.append(_Shape(table.name, ()))
    return tuple(dict.fromkeys(found))


def _shapes_of(select: exp.Select, made: set[str]) -> Iterator[_Shape]:
    tables: dict[str, str] = {}
    source = select.args.get("from_") or select.args.get("from")
    joins: list[exp.Join] = select.args.get("joins") or []
    for part in [source, *joins]:
        table = part.this if part is not None else None
        if isinstance(table, exp.Table) and table.name and table.name not in made:
            tables[table.alias_or_name] = table.name
    known: dict[_Column, list[_Condition]] = {}
    equal: list[tuple[_Column, _Column]] = []
    listed: list[tuple[_Column, _LinkShape]] = []
    where = select.args.get("where")
    only = next(iter(tables)) if len(tables) == 1 and not joins else ""
    if where is not None:
        _collect(where.this, only, known, equal, both=True)
        listed += _listed_elsewhere(where.this, only, made)
    for join in joins:
        condition = join.args.get("on")
        if condition is None:
            continue
        side = (join.args.get("side") or "").upper()
        if side in ("", "LEFT"):
            joined = join.this.alias_or_name
            _collect(condition, only, known, equal, both=side == "", joined=joined)
    _spread(known, equal)
    conditions = {
        alias: tuple(
            (column, condition)
            for (of, column), found in sorted(known.items(), key=lambda item: item[0])
            if of == alias
            for condition in found
        )
        for alias in tables
    }
    links = _links(equal, listed, tables, conditions)
    for alias, table in tables.items():
        yield _Shape(
            table,
            conditions[alias],
            tuple(
                (column, tuple(sorted(found, key=repr)))
                for (of, column), found in sorted(links.items(), key=lambda item: item[0])
                if of == alias
            ),
        )


def _links(
    equal: Sequence[tuple[_Column, _Column]],
    listed: Sequence[tuple[_Column, _LinkShape]],
    tables: Mapping[str, str],
    conditions: Mapping[str, tuple[tuple[str, _Condition], ...]],
) -> dict[_Column, set[_LinkShape]]:
    """Where the value of a column must stand too: in what it equals, and in what that equals."""
    found: dict[_Column, set[_LinkShape]] = {}
    for column, link in listed:
        found.setdefault(column, set()).add(link)
    for source, target in equal:
        if source[0] in tables:
            place = (tables[source[0]], source[1], conditions[source[0]])
            found.setdefault(target, set()).add(place)
    for _round in range(len(equal)):
        before = sum(map(len, found.values()))
        for source, target in equal:
            found.setdefault(target, set()).update(found.get(source, ()))
        if sum(map(len, found.values())) == before:
            break
    return found


def _listed_elsewhere(node: Any, only: str, made: set[str]) -> Iterator[tuple[_Column, _LinkShape]]:
    """``a.id IN (SELECT b.a_id FROM b …)``: the value of the column stands in that of ``b``."""
    node = node.unnest()
    if isinstance(node, exp.And):
        for part in (node.this, node.expression):
            yield from _listed_elsewhere(part, only, made)
        return
    query = node.args.get("query") if isinstance(node, exp.In) else None
    column = _column(node.this, only) if query is not None else None
    inner = query.unnest() if query is not None else None
    if column is None or not isinstance(inner, exp.Select) or len(inner.expressions) != 1:
        return
    source = inner.args.get("from_") or inner.args.get("from")
    tables = {
        part.this.alias_or_name: part.this.name
        for part in (source, *(inner.args.get("joins") or ()))
        if part is not None and isinstance(part.this, exp.Table) and part.this.name not in made
    }
    alone = next(iter(tables)) if len(tables) == 1 and not inner.args.get("joins") else ""
    chosen = _column(inner.expressions[0].unalias(), alone)
    if chosen is not None and chosen[0] in tables:
        yield (column, (tables[chosen[0]], chosen[1], ()))


def _collect(
    node: Any,
    only: str,
    known: dict[_Column, list[_Condition]],
    equal: list[tuple[_Column, _Column]],
    *,
    both: bool,
    joined: str = "",
) -> None:
    """Conditions that must all hold; of an outer join they say something of the joined table only.

    ``equal`` gets pairs (from, to): what is known of the first holds for the second.
    """
    node = node.unnest()
    if isinstance(node, exp.And):
        for part in (node.this, node.expression):
            _collect(part, only, known, equal, both=both, joined=joined)
        return
    found = _condition(node, only)
    if found is not None:
        column, condition = found
        if both or column[0] == joined:
            known.setdefault(column, []).append(condition)
        return
    if isinstance(node, exp.EQ):
        left, right = _column(node.this, only), _column(node.expression, only)
        if left is None or right is None:
            return
        if both or right[0] == joined:
            equal.append((left, right))
        if both or left[0] == joined:
            equal.append((right, left))


def _condition(node: Any, only: str) -> tuple[_Column, _Condition] | None:
    if isinstance(node, exp.EQ):
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            column, value = _column(one, only), _value(other)
            if column is not None and value is not None:
                return (column, ("=", (value,)))
        return None
    if isinstance(node, exp.In) and node.args.get("query") is None:
        column = _column(node.this, only)
        values = [_value(value) for value in node.expressions]
        if column is not None and values and all(value is not None for value in values):
            return (column, ("=", tuple(value for value in values if value is not None)))
        return None
    like = node.this if isinstance(node, exp.Escape) else node
    if isinstance(like, exp.Like):
        subject = like.this.this if isinstance(like.this, exp.Cast) else like.this
        column, value = _column(subject, only), _value(like.expression)
        if column is not None and isinstance(value, int):
            return (column, ("prefix", (value,)))
    return None


def _column(node: Any, only: str) -> _Column | None:
    node = node.unnest()
    if not isinstance(node, exp.Column):
        return None
    alias = node.table or only
    return (alias, node.name) if alias else None


def _value(node: Any) -> _Source | None:
    """The number of a parameter, or a constant as text."""
    node = node.unnest()
    if isinstance(node, exp.Cast):
        node = node.this
    if isinstance(node, exp.Placeholder) and re.fullmatch(r"p\d+", str(node.this)):
        return int(str(node.this)[1:])
    if isinstance(node, exp.Literal):
        return str(node.this)
    return None


def _spread(
    known: dict[_Column, list[_Condition]],
    equal: Sequence[tuple[_Column, _Column]],
) -> None:
    """``a.id = b.a_id``: what is known of the one column holds for the other."""
    for _round in range(len(equal) + 1):
        changed = False
        for source, target in equal:
            for condition in known.get(source, ()):
                if condition not in known.setdefault(target, []):
                    known[target].append(condition)
                    changed = True
        if not changed:
            return
