"""Keeps the table that the index is made from in line with what is public.

Called in the transaction that publishes, changes or withdraws. Every change gets the next number;
a worker that sees a newer number than its own reads what changed since.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.models.index import IndexedEntry, IndexGeneration
from assistant.portal_plugin.texts import plain_text
from assistant.portal_plugin.validity import Interval
from portal.plugin_api import site_of_path, take_turn

from . import embedding, serving, tasks
from .changes import next_numbers

# What of a row is compared: a save that changes nothing moves no worker.
_CONTENT = (
    "key", "live", "group", "language", "site", "topic", "audience", "title", "question",
    "phrasings", "answer", "valid_from", "valid_until",
)  # fmt: skip


@transaction.atomic
def follow(*, page: QuestionPage) -> bool:
    """Bring the index in line with a page as it is stored; tell whether anything changed.

    To be called with the page in memory as the public sees it (as from ``save`` where
    ``concerns_public``), also when its validity changed without a new version. An alias is its
    original's business; what is not live is forgotten.
    """
    if not page.live or page.alias_of_id is not None:
        return forget(page=page)
    row = row_of(page)
    stored = IndexedEntry.objects.filter(pk=page.pk).values(*_CONTENT).first()
    if stored == {name: getattr(row, name) for name in _CONTENT}:
        return False
    row.embedded = ""
    if embedding.is_complete(row):  # as a rule: they were made when the draft was saved
        row.embedded = embedding.fingerprint(serving.embedders().models)
    else:
        transaction.on_commit(tasks.embed_soon)
    row.seq = next_numbers(1)
    row.save(force_insert=stored is None, force_update=stored is not None)
    return True


@transaction.atomic
def forget(*, page: QuestionPage | int) -> bool:
    """Take a page (or its primary key) out of the index; tell whether it was in it."""
    pk = page if isinstance(page, int) else page.pk
    if not IndexedEntry.objects.filter(pk=pk, live=True).exists():
        return False
    IndexedEntry.objects.filter(pk=pk).update(
        seq=next_numbers(1), live=False, title="", question="", phrasings=[], answer="", embedded=""
    )
    return True


@transaction.atomic
def follow_many(*, rows: Iterable[IndexedEntry]) -> int:
    """Write the rows of many pages at once (``row_of`` makes them); the number of rows.

    For imports that write pages in bulk; the caller has made them public in this transaction.
    """
    found = list(rows)
    last = next_numbers(len(found))
    for number, row in enumerate(found, last - len(found) + 1):
        row.seq, row.embedded = number, ""
    IndexedEntry.objects.bulk_create(
        found,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["seq", "embedded", *_CONTENT],
    )
    transaction.on_commit(tasks.embed_soon)
    return len(found)


@transaction.atomic
def sweep(*, before: int) -> int:
    """Remove the traces of what was withdrawn up to a change; workers older than it read anew."""
    take_turn()
    removed, _ = IndexedEntry.objects.filter(live=False, seq__lte=before).delete()
    if removed:
        IndexGeneration.objects.filter(pk=1, floor__lt=before).update(floor=before)
    return removed


def row_of(page: QuestionPage, interval: Interval | None = None) -> IndexedEntry:
    """The row of a page as it is in memory, not saved; ``seq`` is missing.

    ``interval``: when it is in force, where that is not what the page itself says.
    """
    valid_from, valid_until = interval or page.validity_interval()
    ends = [moment for moment in (valid_until, page.expire_at) if moment is not None]
    return IndexedEntry(
        page=page.pk,
        key=page.entry_id,
        live=True,
        group=page.translation_of_id or page.pk,
        language=page.language.lower(),
        site=site_of_path(page.path) or 0,
        topic=page.topic.slug if page.topic else "",
        audience=",".join(_words(page.audience)),
        title=page.title,
        question=page.question.strip(),
        phrasings=[text for text in page.phrasings if text.strip()],
        answer=plain_text(page.answer),
        valid_from=valid_from,
        valid_until=min(ends, default=None),
    )


def _words(value: Any) -> list[str]:
    words = value.split(",") if isinstance(value, str) else value or []
    return [word for entry in words if (word := str(entry).strip())]
