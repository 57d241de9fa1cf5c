"""What a statement can have read: never less than it did, and no other row by its key."""

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.publishing.reading.statements import NotUnderstood, Read, reads_of

JOINED = (
    'SELECT "a"."id" FROM "page" "a" '
    'INNER JOIN "article" ON ("article"."page_ptr_id" = "a"."id") '
    'LEFT OUTER JOIN "locale" T4 ON ("a"."locale_id" = T4."id") '
    'WHERE ("a"."id" IN (%s, %s) AND "a"."live" AND "a"."path" LIKE %s ESCAPE \'\\\')'
)


def by_table(sql: str, parameters: list[object], vendor: str = "sqlite") -> dict[str, Read]:
    return {read.table: read for read in reads_of(sql, parameters, vendor)}


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_keys_hold_for_what_is_joined_by_them(vendor: str) -> None:
    found = by_table(JOINED, [1, 2, "0001\\_%"], vendor)
    assert found["page"].values == {"id": {"1", "2"}}
    assert found["page"].prefixes == {"path": "0001_"}
    assert found["article"].values == {"page_ptr_id": {"1", "2"}}
    assert found["locale"].values == {}


def test_a_row_is_seen_by_its_values_and_by_what_is_not_known_of_it() -> None:
    read = Read("page", {"id": frozenset({"1"})}, {"path": "0001"})
    assert read.may_see({"id": 1, "path": "00010002"})
    assert read.may_see({"title": "x"})
    assert not read.may_see({"id": 2, "path": "00010002"})
    assert not read.may_see({"id": 1, "path": "0002"})
    assert not read.may_see(None)


@pytest.mark.parametrize(
    "condition",
    [
        '"t"."a" = %s OR "t"."b" = 1',
        'NOT ("t"."a" = %s)',
        '"t"."a" > %s',
        'COALESCE("t"."a", 0) = %s',
        '"t"."a" IN (SELECT "u"."x" FROM "u" WHERE "u"."y" = %s)',
        'CASE WHEN "t"."a" = %s THEN TRUE ELSE TRUE END',
    ],
)
def test_from_a_condition_that_is_not_plain_follows_nothing(condition: str) -> None:
    assert by_table(f'SELECT "t"."id" FROM "t" WHERE {condition}', [5])["t"].values == {}


def test_an_outer_join_says_nothing_of_the_rows_that_it_keeps() -> None:
    sql = 'SELECT 1 FROM "t" LEFT JOIN "u" ON ("u"."t_id" = "t"."id" AND "t"."kind" = %s)'
    found = by_table(sql, ["x"])
    assert found["t"].values == found["u"].values == {}


def test_tables_in_unions_subqueries_and_names_of_parts() -> None:
    sql = (
        "WITH part AS (SELECT id FROM b WHERE k = %s) SELECT * FROM part JOIN c ON c.id = part.id "
        "UNION SELECT id FROM d WHERE EXISTS (SELECT 1 FROM e WHERE e.id = d.id)"
    )
    found = by_table(sql, ["x"], "postgresql")
    assert set(found) == {"b", "c", "d", "e"}
    assert found["b"].values == {"k": {"x"}}


@pytest.mark.parametrize("sql", ["SELECT FROM WHERE", "SELECT ((1"])
def test_what_cannot_be_parsed_is_said(sql: str) -> None:
    with pytest.raises(NotUnderstood):
        reads_of(sql, [], "sqlite")


@settings(suppress_health_check=[HealthCheck.too_slow])  # loading the parser counts as the first
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["", "x", "xy", "z"])),
        max_size=6,
    ),
    keys=st.lists(st.integers(0, 3), min_size=1, max_size=3),
    second=st.integers(0, 3),
    prefix=st.sampled_from(["", "x", "xy"]),
    either=st.booleans(),
)
def test_every_row_that_sqlite_finds_may_be_seen(
    rows: list[tuple[int, int, str]], keys: list[int], second: int, prefix: str, either: bool
) -> None:
    """Whatever the condition: a row that the database gives is one that the analysis knows of."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE t (a INTEGER, b INTEGER, c TEXT)")
    database.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    marks = ", ".join(["%s"] * len(keys))
    word = "OR" if either else "AND"
    sql = (
        f'SELECT "t"."a", "t"."b", "t"."c" FROM "t" '
        f'WHERE ("t"."a" IN ({marks}) {word} "t"."b" = %s) AND "t"."c" LIKE %s'
    )
    parameters = [*keys, second, f"{prefix}%"]
    (read,) = reads_of(sql, parameters, "sqlite")
    for a, b, c in database.execute(sql.replace("%s", "?"), parameters):
        assert read.may_see({"a": a, "b": b, "c": c})


JOINS = {
    "plain": '"t" JOIN "u" ON ("t"."a" = "u"."x") WHERE "u"."y" = %s',
    "outer": '"u" LEFT OUTER JOIN "t" ON ("u"."x" = "t"."a") WHERE "u"."y" = %s',
    "third": '"t" JOIN "v" ON ("t"."a" = "v"."x") JOIN "u" ON ("v"."x" = "u"."x") WHERE "u"."y" = %s',
    "listed": '"t" WHERE "t"."b" = %s AND "t"."a" IN (SELECT U0."x" FROM "u" U0 WHERE U0."y" > 0)',
    "either": '"t" JOIN "u" ON ("t"."a" = "u"."x") WHERE ("u"."y" = %s OR "u"."x" = 1)',
}


@pytest.mark.parametrize("sql", JOINS.values(), ids=JOINS)
def test_a_row_is_linked_to_what_it_is_joined_with(sql: str) -> None:
    links = by_table(f"SELECT 1 FROM {sql}", [1])["t"].links["a"]
    assert ("u", "x") in {(link.table, link.column) for link in links}


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT 1 FROM "t" LEFT OUTER JOIN "u" ON ("u"."x" = "t"."a")',
        'SELECT 1 FROM "t" WHERE NOT ("t"."a" IN (SELECT "u"."x" FROM "u"))',
        'SELECT 1 FROM "t" WHERE "t"."b" = 1 OR "t"."a" IN (SELECT "u"."x" FROM "u")',
        'SELECT 1 FROM "t", "u" WHERE "t"."a" > "u"."x"',
    ],
)
def test_rows_that_stand_without_another_are_not_linked(sql: str) -> None:
    assert by_table(sql, [])["t"].links == {}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    t=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5),
    u=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5),
    v=st.lists(st.integers(0, 3), max_size=3),
    wanted=st.integers(0, 3),
    sql=st.sampled_from(sorted(JOINS.values())),
)
def test_every_row_that_is_found_has_its_counterparts(
    t: list[tuple[int, int]],
    u: list[tuple[int, int]],
    v: list[int],
    wanted: int,
    sql: str,
) -> None:
    database = sqlite3.connect(":memory:")
    for name in ("t (a INTEGER, b INTEGER)", "u (x INTEGER, y INTEGER)", "v (x INTEGER)"):
        database.execute(f"CREATE TABLE {name}")
    database.executemany("INSERT INTO t VALUES (?, ?)", t)
    database.executemany("INSERT INTO u VALUES (?, ?)", u)
    database.executemany("INSERT INTO v VALUES (?)", [(x,) for x in v])
    asked = f'SELECT "t"."a" FROM {sql}'
    rows = {
        "t": [{"a": a, "b": b} for a, b in t],
        "u": [{"x": x, "y": y} for x, y in u],
        "v": [{"x": x} for x in v],
    }
    for (a,) in database.execute(asked.replace("%s", "?"), [wanted]):
        for link in by_table(asked, [wanted])["t"].links.get("a", ()):
            assert a is None or any(
                row[link.column] == a
                and all(str(row[name]) in values for name, values in link.values.items())
                for row in rows[link.table]
            ), link
