"""The database notes each written row, whoever writes it, in the transaction that writes it."""

import json
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from portal.core.models import Organisation
from portal.publishing import triggers
from portal.publishing.followed import followed_tables
from portal.publishing.models import RowChange
from tests.factories import ArticleFactory, OrganisationFactory, World

pytestmark = pytest.mark.django_db


def noted(work: Callable[[], object]) -> list[tuple[str, str, object]]:
    """(table, kind of change, key) of what a piece of work leaves."""
    newest = RowChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    work()
    found = []
    # Saving by the models renews versions that plugins and the structure keep as well.
    changes = RowChange.objects.filter(pk__gt=newest).exclude(table__endswith="version")
    for change in changes.order_by("pk"):
        old, new = (json.loads(row) if row else None for row in (change.old, change.new))
        kind = "new" if old is None else "gone" if new is None else "changed"
        found.append((change.table, kind, (new or old or {}).get("id")))
    return found


def test_a_row_is_noted_when_it_comes_changes_and_goes() -> None:
    made = OrganisationFactory()
    table = Organisation._meta.db_table
    assert noted(lambda: OrganisationFactory(pk=987_654)) == [(table, "new", 987_654)]
    rename = Organisation.objects.filter(pk=made.pk).update
    assert noted(lambda: rename(full_name="改名")) == [(table, "changed", made.pk)]
    assert noted(lambda: rename(full_name="改名")) == []
    gone = Organisation.objects.filter(pk=987_654).delete
    assert noted(gone) == [(table, "gone", 987_654)]


def test_what_is_written_past_the_models_is_noted_as_well() -> None:
    made = OrganisationFactory()
    table = Organisation._meta.db_table

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET full_name = 'x' WHERE id = %s", [made.pk])

    assert noted(write) == [(table, "changed", made.pk)]


def test_what_a_transaction_takes_back_is_not_noted() -> None:
    def fail() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            OrganisationFactory()
            raise RuntimeError

    assert noted(fail) == []


def test_how_far_the_work_on_a_page_has_come_is_nobodys_business(world: World) -> None:
    article = ArticleFactory(parent=world.column)
    page = Page.objects.filter(pk=article.pk)
    assert noted(lambda: page.update(has_unpublished_changes=True, draft_title="x")) == []
    assert noted(lambda: page.update(title="x")) == [("wagtailcore_page", "changed", article.pk)]


def test_sessions_are_not_followed() -> None:
    assert Session._meta.db_table not in followed_tables()
    assert noted(lambda: Session.objects.create(session_key="k", expire_date=timezone.now())) == []


def test_every_followed_table_has_its_triggers_and_making_them_again_makes_none() -> None:
    assert triggers.install(connection) == 0
    tables = [table for _name, table in triggers._present(connection)]
    assert sorted(tables) == sorted(3 * list(followed_tables()))


def test_lost_and_foreign_ones_are_mended_by_the_next_migration() -> None:
    name, table = next(triggers._present(connection))
    with connection.cursor() as cursor:
        triggers._drop(connection, cursor, name, table)
    assert triggers.install(connection) == 1
    assert triggers.remove(connection) == 3 * len(followed_tables())
    assert noted(OrganisationFactory) == []
    triggers.install(connection)
    assert noted(OrganisationFactory) != []
