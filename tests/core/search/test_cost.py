"""What a search costs, counted in work rather than time."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.backends import get_search_backend

from portal.core.models import Organisation
from portal.core.search import bulk_index, newest_having_words, schema

from .sample import make_unit, make_units

pytestmark = pytest.mark.django_db


def test_a_search_is_one_statement(units: list[Organisation]) -> None:
    for method in (get_search_backend().search, get_search_backend().autocomplete):
        with CaptureQueriesContext(connection) as queries:
            assert list(method("登记", Organisation.objects.all())[:20])
        assert len(queries) == 1


def test_no_search_reads_or_ranks_the_index_again_for_each_match() -> None:
    if connection.vendor == "sqlite":
        ranking_stays_near_finding()
    else:
        plans_use_indexes()


def ranking_stays_near_finding() -> None:
    """Ranked, a search costs about six times its count, at any size.

    The stock backend needs more than a hundred times for 500 matches, and more for 1,000.
    """
    for seed, more in enumerate((300, 1200)):
        bulk_index(Organisation.objects.bulk_create(make_units(more, seed)))
        results = get_search_backend().search("负责", Organisation.objects.all())
        with counted_steps() as finding:
            assert results.count() >= more
        with counted_steps() as ranking:
            assert len(results[:20]) == 20
        assert ranking[0] < 10 * finding[0]


def test_the_ranking_goes_through_the_matches_and_not_through_the_objects() -> None:
    """FTS5 asked for one row at a time costs its whole query each time; steps do not show it.

    SQLite did that for models of one content type: 16 s for 4,600 policy documents.
    """
    if connection.vendor != "sqlite":
        return  # plans_use_indexes holds PostgreSQL to its own
    make_unit("独角兽孵化基地")
    for method in (get_search_backend().search, get_search_backend().autocomplete):
        plan = method("独角兽", Organisation.objects.all()).get_queryset()[:20].explain()
        assert plan.count("SCAN U0 VIRTUAL TABLE") == 2
        assert "VIRTUAL TABLE INDEX 0:=" not in plan


@contextmanager
def counted_steps() -> Iterator[list[int]]:
    """Steps of SQLite's virtual machine, in hundreds: the same on every computer."""
    steps = [0]

    def step() -> None:
        steps[0] += 1

    connection.connection.set_progress_handler(step, 100)
    try:
        yield steps
    finally:
        connection.connection.set_progress_handler(None, 0)


def plans_use_indexes() -> None:
    """What PostgreSQL's planner does in a large table that has been vacuumed."""
    bulk_index(Organisation.objects.bulk_create(make_units(1000, seed=3)))
    make_unit("独角兽孵化基地")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT gin_clean_pending_list(indexname::regclass) FROM pg_indexes "
            "WHERE tablename = 'wagtailsearch_indexentry' AND indexdef LIKE '%USING gin%'"
        )
        cursor.execute("ANALYZE wagtailsearch_indexentry")
    for method, index in [
        (get_search_backend().search, schema.INDEX),
        (get_search_backend().autocomplete, "autocom"),
    ]:
        plan = method("独角兽", Organisation.objects.all()).get_queryset().explain()
        assert index in plan


def test_the_newest_cost_the_same_however_many_have_the_word() -> None:
    make_unit("独角兽孵化基地")
    if connection.vendor != "sqlite":
        # By its own figures PostgreSQL goes backwards or sorts few; it never ranks.
        assert "Limit" in newest_having_words(Organisation, ["独角兽"], 20).explain()
        return
    assert "TEMP B-TREE" not in newest_having_words(Organisation, ["负责"], 20).explain()
    work = []
    for seed, more in enumerate((300, 3000)):
        bulk_index(Organisation.objects.bulk_create(make_units(more, seed)))
        with counted_steps() as steps:
            assert len(newest_having_words(Organisation, ["负责"], 20)) == 20
        work.append(steps[0])
    assert work[1] <= work[0] + 2
