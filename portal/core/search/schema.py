"""What the search needs beyond Wagtail's migrations; called by a migration of core."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

INDEX = "core_search_text_gin"


def create_indexes(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """PostgreSQL: the index for a search over title and text together.

    Wagtail's index model names it in a comment, but no migration of Wagtail makes it; without it
    each search reads the whole table.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {INDEX} "
            "ON wagtailsearch_indexentry USING gin ((title || body))"
        )


def drop_indexes(schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")
