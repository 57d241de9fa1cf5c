"""What is stored of a text beside its record, a moment after: likeness, checksum, links."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from wagtail.models import Page

from portal.library.likeness import bands, signature
from portal.library.models import LibraryRecord, PrintBand, TextPrint
from portal.library.services import links, pairs
from portal.library.services.records import take_number
from portal.library.telling import tell_changed
from portal.library.texts import checksum
from portal.plugin_api import page_text

_PORTION = 200


def follow_pages(*, page_pks: Collection[int]) -> int:
    """Bring the prints of pages in line with their texts; how many were written."""
    done = 0
    wanted = sorted(page_pks)
    for start in range(0, len(wanted), _PORTION):
        done += _follow(wanted[start : start + _PORTION])
    return done


def missing(*, limit: int = 2000) -> int:
    """Prints of public records that have none, such as after a bulk import."""
    rows = LibraryRecord.objects.filter(text_print=None, page__live=True, checksum="")
    return follow_pages(page_pks=list(rows.values_list("page_id", flat=True)[:limit]))


@transaction.atomic
def _follow(pks: Sequence[int]) -> int:
    records = {
        record.page_id: record
        for record in LibraryRecord.objects.filter(page__in=pks).only(
            "page", "checksum", "validity", "index_no", "links_read"
        )
    }
    new_texts: dict[int, str] = {}
    changed: list[LibraryRecord] = []
    pages = list(Page.objects.filter(pk__in=list(records)).specific())
    links.follow({pk: record for pk, record in records.items() if pk is not None}, pages)
    for page in pages:
        record: Any = records[page.pk]
        text = page_text(page)
        digest, standing = checksum(text), page.standing()
        numbered = take_number(record, page, page.library_values().get("index_no") or "")
        if not numbered and (record.checksum, record.validity) == (digest, standing):
            continue
        if record.checksum != digest:
            new_texts[record.pk] = text
        record.checksum, record.validity = digest, standing
        changed.append(record)
    LibraryRecord.objects.bulk_update(
        changed, ["checksum", "validity", "index_no"], batch_size=_PORTION
    )
    tell_changed(record.pk for record in changed)
    _print_anew(new_texts)
    return len(changed)


def _print_anew(texts: Mapping[int, str]) -> None:
    """By record. A text that has become too short to compare has no print any more."""
    pairs.forget(texts)
    PrintBand.objects.filter(record__in=texts).delete()
    TextPrint.objects.filter(record__in=texts).delete()
    found = {pk: print_ for pk, text in texts.items() if (print_ := signature(text))}
    TextPrint.objects.bulk_create(
        [
            TextPrint(record_id=pk, signature=print_, length=len(texts[pk]))
            for pk, print_ in found.items()
        ]
    )
    PrintBand.objects.bulk_create(
        [
            PrintBand(record_id=pk, value=value)
            for pk, print_ in found.items()
            for value in bands(print_)
        ],
        batch_size=2000,
    )
