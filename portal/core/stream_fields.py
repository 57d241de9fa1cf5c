"""A stream field whose migrations are about the column alone."""

from typing import Any

from wagtail.fields import StreamField


class BlocksField(StreamField):
    """Wagtail's stream field; its blocks are no part of migrations.

    The stock field writes every block, with every function that a block names, into migrations:
    plugins would depend on the insides of what they use, and each new block would be a migration.
    """

    def deconstruct(self) -> Any:
        name, _path, _args, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], kwargs | {"block_lookup": {}}
