"""From rows of documents to what engines store."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from portal.search.engine.contract import Field, IndexedDocument
from portal.search.models import Document
from portal.text.searching import Analyser


def cut(row: Document, analyser: Analyser) -> IndexedDocument:
    """A row as an index holds it: the same for every engine."""
    return cut_document(row, analyser.document(**said(row)))


def said(row: Document) -> dict[str, Any]:
    """The arguments of ``Analyser.document``."""
    return {
        "title": row.title,
        "body": searched_body(row),
        "language": row.language,
        "aliases": row.aliases,
        "number": row.number,
    }


def cut_document(row: Document, texts: Mapping[str, str]) -> IndexedDocument:
    """A row and its texts as they were cut."""
    return IndexedDocument(
        key=row.key,
        texts={Field(name): text for name, text in texts.items()},
        kind=row.kind,
        language=row.language,
        site=_text(row.site),
        more_sites=[str(pk) for pk in row.more_sites],
        columns=[str(pk) for pk in row.columns],
        theme=row.theme,
        agencies=[str(pk) for pk in row.agencies],
        year=str(timezone.localtime(row.date).year) if row.date else "",
        form=row.form,
        standing=row.standing,
        date=row.date,
        public_from=row.public_from,
        public_until=row.public_until,
        weight=row.weight,
    )


def searched_body(row: Document) -> str:
    """The body, with the number as it is printed and the summary where it says something else."""
    parts = [row.number, row.summary if row.summary not in row.body else "", row.body]
    return "\n".join(part for part in parts if part)


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
