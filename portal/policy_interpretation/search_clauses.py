"""The clauses of documents, each found by itself: entered in ``search_sources``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

from django.utils import timezone

from portal.plugin_api import (
    OutboxEvent,
    SearchEntry,
    Standing,
    page_entries,
    page_event_kinds,
    pages_of_events,
)

from .clauses import ClauseData
from .models import PolicyPage
from .models.documents import midnight

# Headings and signatures say nothing by themselves.
_FOUND = frozenset(
    {"article", "paragraph", "item", "subitem", "heading1", "heading2", "heading3", "heading4"}
)
_SHORTEST = 8  # characters; less is a heading
WEIGHT = 0.7  # of equals the document comes before its clauses
_TITLE = 300
_ENDED = (Standing.REPEALED, Standing.EXPIRED)


class ClauseSource:
    """Keys: ``clause:17`` for all of a document, ``clause:17#c-0f1e2d3c4b`` for one."""

    word = "clause"
    kinds: Sequence[str] = page_event_kinds

    def keys(self, events: Sequence[OutboxEvent]) -> Iterable[str]:
        """Of what is or was a document: of deleted ones the rows of their clauses are removed with
        theirs."""
        for pks in batched(pages_of_events(events), 500):
            documents = PolicyPage.objects.filter(pk__in=pks).order_by("pk")
            for pk in documents.values_list("pk", flat=True):
                yield f"clause:{pk}"

    def entries(self, keys: Sequence[str]) -> Iterable[SearchEntry]:
        pks = {int(key.partition(":")[2].partition("#")[0]) for key in keys}
        documents = PolicyPage.objects.filter(pk__in=pks, live=True, alias_of=None)
        pages = {page.pk: page for page in documents.select_related("policy_record")}
        for whole in page_entries(pages):
            page = pages.get(int(whole.key.partition(":")[2]))
            if page is not None:
                yield from _clauses_of(page, whole)

    def all_keys(self) -> Iterator[str]:
        live = PolicyPage.objects.filter(live=True, alias_of=None).order_by("pk")
        for pk in live.values_list("pk", flat=True).iterator(chunk_size=2000):
            yield f"clause:{pk}"


def _clauses_of(page: Any, whole: SearchEntry) -> Iterator[SearchEntry]:
    today = timezone.localdate()
    clauses = {clause.id: clause for clause in page.clauses()}
    for clause in clauses.values():
        text = clause.text.strip()
        if clause.level not in _FOUND or len(text) < _SHORTEST:
            continue
        ended = clause.invalid_from is not None and clause.invalid_from <= today
        number = _full_number(clause, clauses)
        yield replace(
            whole,
            key=f"clause:{page.pk}#{clause.anchor}",
            kind="clause",
            url=f"{whole.url}#{clause.anchor}",
            title=f"{whole.title} {number}".strip()[:_TITLE],
            body=text,
            summary="",
            parent=whole.key,
            aliases=(),
            number="",
            standing=Standing.REPEALED
            if ended and whole.standing not in _ENDED
            else whole.standing,
            valid_until=midnight(clause.invalid_from) or whole.valid_until,
            weight=WEIGHT,
            extra={
                "document": whole.title,
                "document_number": whole.number,
                "clause": number,
                "unit": (unit := _unit(clause, clauses)).id,
                "unit_anchor": unit.anchor,
                "page": page.pk,
            },
        )


def _unit(clause: ClauseData, clauses: dict[str, ClauseData]) -> ClauseData:
    """What one reads as a whole: the article that a clause lies in, or itself."""
    at = clause
    while (above := clauses.get(at.parent)) is not None and above.level in _FOUND:
        at = above
    return at


def _full_number(clause: ClauseData, clauses: dict[str, ClauseData]) -> str:
    """Such as 第三条（二）: the numbers of what it lies below, from the article down."""
    parts: list[str] = []
    at: ClauseData | None = clause
    while at is not None and at.level in _FOUND:
        parts.insert(0, at.number.strip())
        at = clauses.get(at.parent)
    return "".join(parts)
