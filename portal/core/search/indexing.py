"""Writing index entries, the same on both databases."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model
from modelsearch.utils import get_content_type_pk

from .documents import IndexedTexts, indexed_texts


class WordsIndexMixin:
    """Stores cut words, a batch at a time, without a look at the rest of the table.

    The stock index corrects ``title_norm`` after every addition by an average over all entries; the
    ranks used here allow for the length of a text themselves. The column keeps a constant.
    """

    conflict_sql: ClassVar[str] = """
        ON CONFLICT (content_type_id, object_id) DO UPDATE
        SET title = EXCLUDED.title, body = EXCLUDED.body, autocomplete = EXCLUDED.autocomplete
    """

    def write(self, content_type_id: int, entries: dict[str, IndexedTexts]) -> None:
        """Insert or replace the entries of one model, by object id."""
        raise NotImplementedError

    def add_items(self, model: type[Model], items: Sequence[Model]) -> None:
        fields: list[Any] = model.get_search_fields()  # type: ignore[attr-defined]
        if fields and items:
            entries = {str(item.pk): indexed_texts(item, fields) for item in items}
            self.write(get_content_type_pk(model), entries)

    def _refresh_title_norms(self, full: bool = False) -> None:
        """Not needed; called by the stock rebuilders."""
