"""What is stored of a text beside its record: likeness, checksum, standing; a moment after."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from wagtail.models import Page

from portal.library.likeness import bands, signature
from portal.library.models import LibraryRecord, PrintBand, TextPrint
from portal.library.services.records import take_number
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
            "page", "checksum", "validity", "index_no"
        )
    }
    prints: list[TextPrint] = []
    parts: list[PrintBand] = []
    changed: list[LibraryRecord] = []
    pages = Page.objects.filter(pk__in=list(records)).specific()
    for page in pages:
        record: Any = records[page.pk]
        text = page_text(page)
        digest, standing = checksum(text), page.standing()
        numbered = take_number(record, page, page.library_values().get("index_no") or "")
        if not numbered and (record.checksum, record.validity) == (digest, standing):
            continue
        is_new_text = record.checksum != digest
        record.checksum, record.validity = digest, standing
        changed.append(record)
        if is_new_text and (found := signature(text)):
            prints.append(TextPrint(record=record, signature=found, length=len(text)))
            parts += [PrintBand(record=record, value=value) for value in bands(found)]
    LibraryRecord.objects.bulk_update(
        changed, ["checksum", "validity", "index_no"], batch_size=_PORTION
    )
    keys = [row.record_id for row in prints]
    PrintBand.objects.filter(record__in=keys).delete()
    TextPrint.objects.filter(record__in=keys).delete()
    TextPrint.objects.bulk_create(prints)
    PrintBand.objects.bulk_create(parts, batch_size=2000)
    return len(changed)
