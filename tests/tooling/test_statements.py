"""A second database runs the tests that together make each statement."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.statements import Made, Recorder, covering, read, shape


def made(test: str, *statements: str, seconds: float = 1.0) -> Made:
    return Made(test, seconds, frozenset(statements))


def test_values_and_their_number_make_no_other_statement() -> None:
    few = 'SELECT "a"."x" FROM "a" WHERE "a"."id" IN (%s, %s) LIMIT 21'
    many = 'SELECT "a"."x" FROM "a" WHERE "a"."id" IN (%s, %s, %s, %s) LIMIT 5'
    assert shape(few) == shape(many)
    row, rows = "INSERT INTO a VALUES (%s, NULL)", "INSERT INTO a VALUES (%s, %s), (DEFAULT, %s)"
    assert shape(row) == shape(rows)
    assert shape(few) != shape(few.replace('"x"', '"y"'))
    assert shape("SELECT MAX(x) FROM a") != shape("SELECT MIN(x) FROM a")


def test_the_cheaper_of_two_is_taken_and_what_adds_nothing_is_left() -> None:
    record = [
        made("dear", "one", "two", seconds=9),
        made("cheap", "one", "two", seconds=1),
        made("part", "one", seconds=1),
        made("other", "three", seconds=60),
    ]
    assert covering(record) == {"cheap", "other"}
    assert covering(record, {"dear"}) == {"dear", "other"}
    assert covering([], {"unknown"}) == {"unknown"}


_RECORDS = st.lists(
    st.tuples(st.frozensets(st.sampled_from("abcdefgh")), st.floats(0, 9)), max_size=12
)


@given(_RECORDS, st.sets(st.integers(0, 11)))
def test_every_statement_is_made(rows: list[tuple[frozenset[str], float]], kept: set[int]) -> None:
    record = [Made(f"t{n}", seconds, found) for n, (found, seconds) in enumerate(rows)]
    always = {f"t{n}" for n in kept}
    chosen = covering(record, always)
    everything = {one for row in record for one in row.statements}
    assert {one for row in record if row.test in chosen for one in row.statements} == everything
    assert always <= chosen


def test_what_processes_wrote_side_by_side_is_read(tmp_path: Path, db: None) -> None:
    from wagtail.models import Page, Site

    first, second = Recorder(tmp_path, "gw0"), Recorder(tmp_path, "gw1")
    with first.of("a"):
        assert Page.objects.count()
    with first.of("b"):
        assert Page.objects.count()
        list(Site.objects.filter(pk__in=[1, 2]))
    with second.of("c"):
        list(Site.objects.filter(pk__in=[1]))
    with second.of("nothing"):
        pass
    with second.of("b"):
        assert Page.objects.exists()
    found = {one.test: one for one in read(tmp_path)}
    assert sorted(found) == ["a", "b", "c"]
    assert found["a"].statements < found["b"].statements
    assert len(found["a"].statements) == len(found["c"].statements) == 1
    assert found["b"].statements > found["a"].statements | found["c"].statements
    assert covering(list(found.values())) == {"b"}
