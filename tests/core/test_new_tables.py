"""Many tables in one step of a migration: the same tables, and only tables that it creates itself."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState

from portal.core.new_tables import NewTables

BOOK = migrations.CreateModel(
    "Book",
    [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=20))],
)
SHELF = migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))])
PLACE = migrations.AddField(
    "Book", "shelf", models.ForeignKey("fresh.Shelf", on_delete=models.CASCADE)
)
TITLES = migrations.AddConstraint(
    "book", models.UniqueConstraint(fields=["title"], name="fresh_one_title")
)
TABLES = NewTables([BOOK, SHELF, PLACE, TITLES])


def table_names() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


@pytest.mark.django_db(transaction=True)
def test_tables_come_with_what_is_added_later_and_go_again() -> None:
    before, after = ProjectState(), ProjectState()
    TABLES.state_forwards("fresh", after)
    with connection.schema_editor() as editor:
        TABLES.database_forwards("fresh", editor, before, after)
    try:
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "fresh_book")
        assert found["fresh_one_title"]["unique"]
        (link,) = (one for one in found.values() if one["foreign_key"])
        assert link["columns"] == ["shelf_id"]
        assert link["foreign_key"] == ("fresh_shelf", "id")
    finally:
        with connection.schema_editor() as editor:
            TABLES.database_backwards("fresh", editor, after, before)
    assert not {"fresh_book", "fresh_shelf"} & table_names()


def test_the_state_is_that_of_the_single_operations() -> None:
    together, single = ProjectState(), ProjectState()
    TABLES.state_forwards("fresh", together)
    for operation in TABLES.operations:
        operation.state_forwards("fresh", single)
    assert together == single


def test_models_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = ModelState.render

    def counting(self: ModelState, apps: object) -> object:
        rendered.append(self.name)
        return render(self, apps)  # type: ignore[arg-type]

    state = ProjectState()
    _ = state.apps  # as while migrating, where it stands already
    monkeypatch.setattr(ModelState, "render", counting)
    TABLES.state_forwards("fresh", state)
    _ = state.apps
    assert sorted(rendered) == ["Book", "Shelf"]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("Reader", "name", models.CharField(max_length=20)),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.DeleteModel("Reader"),
    ],
)
def test_what_concerns_other_tables_is_refused(operation: migrations.AddField) -> None:
    with pytest.raises(ValueError, match="not created here"):
        NewTables([BOOK, operation])
