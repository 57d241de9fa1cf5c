"""Files that public pages show: found by their names and by what stands in them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import batched
from pathlib import PurePath
from typing import Any

from wagtail.documents import get_document_model

from portal.plugin_api import (
    OutboxEvent,
    SearchEntry,
    all_documents_in_pages,
    documents_in,
    page_entries,
    page_event_kinds,
    pages_of_events,
    public_documents,
)
from portal.search.indexing.file_texts import texts_of
from portal.search.models import Document

from .pages import page_key

WEIGHT = 0.8  # of equals the page comes before the file that it shows


class FileSource:
    """Entered in ``search_sources``. Keys: ``file:8``, of the uploaded document.

    A file is as public as the page that shows it: place, dates and standing are that page's.
    """

    word = "file"
    kinds: Sequence[str] = (*page_event_kinds, "file.changed")

    def keys(self, events: Sequence[OutboxEvent]) -> Iterable[str]:
        for event in events:
            if event.kind == "file.changed":
                yield file_key(event.payload["file"])
        for pages in batched(pages_of_events(events), 500):
            for pk in sorted(documents_in(pages)):
                yield file_key(pk)
            # What a page showed until now.
            shown_in = Document.objects.filter(parent__in=[page_key(pk) for pk in pages])
            yield from shown_in.filter(kind="file").values_list("key", flat=True)

    def entries(self, keys: Sequence[str]) -> Iterable[SearchEntry]:
        shown_by = public_documents([int(key.partition(":")[2]) for key in keys])
        pages = {entry.key: entry for entry in page_entries(set(shown_by.values()))}
        files = list(get_document_model().objects.filter(pk__in=shown_by).order_by("pk"))
        texts = texts_of(files)
        for file in files:
            page = pages.get(page_key(shown_by[file.pk]))
            if page is not None:
                yield _entry(file, texts.get(file.pk, ""), page)

    def all_keys(self) -> Iterator[str]:
        for pk in all_documents_in_pages():
            yield file_key(pk)


def file_key(pk: int) -> str:
    return f"file:{pk}"


def _entry(file: Any, text: str, page: SearchEntry) -> SearchEntry:
    return replace(
        page,
        key=file_key(file.pk),
        kind="file",
        url=file.url,
        title=file.title,
        body=text,
        summary="",
        parent=page.key,
        aliases=[PurePath(file.filename).stem],
        number="",
        weight=WEIGHT,
        extra={
            "format": file.file_extension.lower(),
            "size": file.file_size,
            "page_title": page.title,
            "page_url": page.url,
        },
    )
