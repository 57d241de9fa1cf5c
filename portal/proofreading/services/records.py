"""What was found is kept with the publication, in the transaction that made it public."""

from threading import local
from typing import Any

from portal.proofreading.models import ScanRecord
from portal.proofreading.selectors.findings import PageScan, reasons_for, stored

_seen = local()
_MOST_KEPT = 200


def remember(scan: PageScan) -> None:
    """The gate looked at a page; what follows in this thread is its publication, or nothing."""
    _seen.scan = scan


def forget() -> None:
    _seen.scan = None


def record(*, publication: Any) -> ScanRecord | None:
    """Keep what the gate found; nothing where it did not look (plugin off, aliases)."""
    scan: PageScan | None = getattr(_seen, "scan", None)
    if scan is None or scan.page_pk not in (publication.page_id, None):
        return None
    forget()
    keys = [one.key for one in scan.found if one.grade == "warning"]
    reasons = reasons_for(publication.page_id, keys)
    entries = [stored(one, reasons.get(one.key)) for one in scan.found[:_MOST_KEPT]]
    return ScanRecord.objects.create(
        publication=publication,
        page_id=publication.page_id,
        lists_version=scan.version,
        characters=scan.characters,
        files=len(scan.documents),
        findings=entries,
    )
