"""What of an object goes into the index: three texts of words separated by spaces."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Manager, Model
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from portal.text.segmentation import search_tokens

from .words import autocomplete_words

MAX_CHARACTERS = 200_000
MAX_BYTES = 500_000
"""Bounds of one text; words behind them are not found.

PostgreSQL refuses a tsvector over 1 MB. A word and its first position take at most twice their
bytes here (single Hanzi: 3 and a space become 8), so texts within this bound always fit.
"""


@dataclass(frozen=True, slots=True)
class IndexedTexts:
    title: str
    body: str
    autocomplete: str


def is_heading(field: SearchField) -> bool:
    """Whether a field counts as title: by its name, or because its model boosts it (names, tags).

    Finer boosts have no meaning here: an entry has one heading and one body.
    """
    return field.field_name == "title" or (field.boost or 1) > 1


def indexed_texts(obj: Model, fields: list[Any]) -> IndexedTexts:
    """The texts of one object by its model's search fields; each field is read once."""
    titles: list[str] = []
    bodies: list[str] = []
    completions: list[str] = []
    for field, text in _values(obj, fields):
        if isinstance(field, AutocompleteField):
            completions.append(text)
        elif is_heading(field):
            titles.append(text)
        else:
            bodies.append(text)
    return IndexedTexts(
        title=_join(search_tokens(_cut(titles))),
        body=_join(search_tokens(_cut(bodies))),
        autocomplete=_join(autocomplete_words(_cut(completions))),
    )


def _values(obj: Any, fields: list[Any]) -> Iterator[tuple[Any, str]]:
    for field in fields:
        if isinstance(field, SearchField | AutocompleteField):
            yield field, _text(field.get_value(obj))
        elif isinstance(field, RelatedFields):
            related = field.get_value(obj)
            if isinstance(related, Manager):
                for item in related.all():
                    yield from _values(item, field.fields)
            elif related is not None:
                yield from _values(related, field.fields)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_text(item) for item in value)
    return str(value)


def _cut(texts: list[str]) -> str:
    return "\n".join(texts)[:MAX_CHARACTERS]


def _join(words: list[str]) -> str:
    text = " ".join(words)
    if len(text) * 4 <= MAX_BYTES or len(encoded := text.encode()) <= MAX_BYTES:
        return text
    return encoded[:MAX_BYTES].decode(errors="ignore").rpartition(" ")[0]
