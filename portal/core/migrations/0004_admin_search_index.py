"""The admin's search on PostgreSQL: an index over title and text together."""

from typing import Any

from django.db import migrations

from portal.core.search.schema import create_indexes, drop_indexes


def forwards(apps: Any, schema_editor: Any) -> None:
    create_indexes(schema_editor)


def backwards(apps: Any, schema_editor: Any) -> None:
    drop_indexes(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_structure_version"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]
    operations = [migrations.RunPython(forwards, backwards, elidable=False)]
