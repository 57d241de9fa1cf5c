"""The index follows the objects, one by one and in bulk."""

from contextlib import suppress
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from modelsearch.backends import get_search_backend
from wagtail.search.models import IndexEntry

from portal.core.models import Organisation
from portal.core.search import bulk_index

from .sample import complete, make_unit, make_units, search

pytestmark = pytest.mark.django_db


def test_a_text_too_long_for_the_database_is_cut() -> None:
    words = "".join(chr(0x4E00 + number % 20_900) for number in range(600_000))
    unit = make_unit("长文", f"{words} 末尾")
    assert search("长文") == {unit.pk}
    assert search("末尾") == set()


def test_the_index_follows_saving_and_deleting() -> None:
    unit = make_unit("云湖市档案馆")
    assert search("档案馆") == complete("湖市档") == {unit.pk}
    unit.full_name = "云湖市图书馆"
    unit.save()
    assert search("档案馆") == set()
    assert search("图书馆") == complete("图书") == {unit.pk}
    unit.delete()
    assert not IndexEntry.objects.exists()


def change_and_fail() -> None:
    with suppress(RuntimeError), transaction.atomic():
        make_unit("云湖市档案馆")
        raise RuntimeError


def test_a_rolled_back_change_leaves_no_trace() -> None:
    change_and_fail()
    assert not IndexEntry.objects.exists()


def test_a_queued_change_shares_the_fate_of_its_transaction(settings: Any) -> None:
    """The queue is a table: a task exists when, and only when, its object does."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    change_and_fail()
    assert not DBTaskResult.objects.exists()

    unit = make_unit("云湖市档案馆")
    assert search("档案馆") == set()
    unit.full_name = "云湖市图书馆"
    unit.save()
    for queued in DBTaskResult.objects.all():
        queued.task.call(*queued.args_kwargs["args"])
    assert search("图书馆") == {unit.pk}
    assert search("档案馆") == set()


def test_indexing_again_replaces() -> None:
    units = Organisation.objects.bulk_create(make_units(50))
    for unit in units:
        bulk_index([unit, unit])
    units[0].full_name = "独角兽孵化基地"
    assert bulk_index(iter(units), batch_size=20) == 50
    assert IndexEntry.objects.count() == 50
    assert search("独角兽") == {units[0].pk}


def test_the_rebuild_command_gives_the_same_index() -> None:
    bulk_index(Organisation.objects.bulk_create(make_units(50)))
    before = {q: (search(q), complete(q)) for q in ("居住证", "不动", "云湖市")}
    get_search_backend().reset_indexes()
    assert search("云湖市") == set()
    call_command("wagtail_update_index", verbosity=0)
    assert {q: (search(q), complete(q)) for q in before} == before
