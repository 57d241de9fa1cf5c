"""Files are looked through once for each content: at upload, or when a page has them."""

import hashlib
import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from portal.proofreading.kinds import shown
from portal.proofreading.models import FileScan
from portal.proofreading.selectors.detecting import Platform, platform
from portal.proofreading.selectors.findings import Placed
from portal.text.detectors import DEFAULT_GRADES, Finding, Grade, Kind, ScanError
from portal.text.file_text import LIMITS, file_text

logger = logging.getLogger(__name__)
_MOST_KEPT = 100
State = FileScan.State


def scans_of(documents: Iterable[int], now: Platform) -> list[Placed]:
    """What was found in files; those that nobody has looked through yet are looked through now."""
    rows = get_document_model().objects.filter(pk__in=list(documents))
    found: list[Placed] = []
    scans = {scan.document_id: scan for scan in FileScan.objects.filter(document__in=[*documents])}
    for document in rows:
        scan = scans.get(document.pk)
        if scan is None or not is_fresh(scan, document, now):
            scan = scan_file(document=document)
        found += placed_of(scan, document.title, now)
    return found


def is_fresh(scan: FileScan, document: Any, now: Platform) -> bool:
    if scan.state == State.WAITING:
        return False
    if scan.file_hash and document.file_hash and scan.file_hash != document.file_hash:
        return False
    return scan.lists_version == now.version or scan.state == State.OTHER


def placed_of(scan: FileScan, title: str, now: Platform) -> list[Placed]:
    found = [
        Placed(
            Finding(
                Kind(entry["kind"]), 0, 0, entry["words"], entry.get("code", ""),
                entry.get("suggestion", ""), Grade(entry["grade"]),
            ),
            "", file=title, document=scan.document_id,
        )
        for entry in scan.findings
    ]  # fmt: skip
    if scan.state == State.UNREADABLE or scan.reason == "old_format":
        found.append(_unread(scan, title, now))
    return [one for one in found if one.finding.kind not in now.off]


def _unread(scan: FileScan, title: str, now: Platform) -> Placed:
    """A file that is locked or too large may hold anything; a damaged one holds nothing."""
    at_most = None if scan.reason in _MAY_HOLD else Grade.NOTE
    words = reason_text(scan.reason)
    finding = Finding(Kind.UNREAD_FILE, 0, 0, words, scan.reason, at_most=at_most)
    graded = finding.graded(now.detectors.grades)
    return Placed(graded, "", file=title, document=scan.document_id)


_MAY_HOLD = frozenset(
    {"encrypted", "password", "too_large", "unpacked_too_large", "too_many_pages", "too_much_text",
     "too_slow", "too_complex", "scanned_pdf", "only_pictures"}
)  # fmt: skip


def scan_file(*, document: Any) -> FileScan:
    """Look through a file and keep what was found; one that cannot be read says so."""
    now = platform()
    digest, read = _read(document)
    values: dict[str, Any] = {
        "file_hash": digest,
        "lists_version": now.version,
        "characters": len(read.text),
        "reason": read.reason,
        "findings": [],
        "state": State.OTHER if read.other else State.UNREADABLE if read.reason else State.DONE,
    }
    if values["state"] == State.DONE:
        try:
            values["findings"] = _findings(read.text, now)
        except ScanError:
            values |= {"state": State.UNREADABLE, "reason": "too_much_text"}
    with transaction.atomic():
        scan, _created = FileScan.objects.update_or_create(document=document, defaults=values)
    return scan


def _read(document: Any) -> tuple[str, Any]:
    from portal.text.file_text import FileText

    try:
        with document.open_file() as file:
            data = file.read(LIMITS.file_size + 1)
    except OSError:
        logger.warning("The file of document %s cannot be opened", document.pk)
        return "", FileText(reason="missing")
    # Wagtail's own digest of a file.
    digest = document.file_hash or hashlib.sha1(data, usedforsecurity=False).hexdigest()
    if len(data) > LIMITS.file_size:
        return digest, FileText(reason="too_large")
    return digest, file_text(data, document.filename)


def _findings(text: str, now: Platform) -> list[dict[str, Any]]:
    order = {Grade.BLOCKING: 0, Grade.WARNING: 1, Grade.NOTE: 2}
    found = [
        one for one in now.detectors.scan_text(text).findings
        if one.kind not in _NOT_IN_FILES and one.grade is not Grade.NOTE
    ]  # fmt: skip
    found.sort(key=lambda one: order[one.grade])
    entries = [
        {
            "kind": str(one.kind),
            "grade": str(one.grade),
            "words": shown(one),
            "code": one.code,
            "suggestion": one.suggestion,
        }
        for one in found
    ]
    return list({(one["kind"], one["words"]): one for one in entries}.values())[:_MOST_KEPT]


# Lines of a file break anywhere and its text is nobody's to mend here.
_NOT_IN_FILES = frozenset(
    {Kind.LOST_TEXT, Kind.SCRAPE_RESIDUE, Kind.INVISIBLE, Kind.WRONG_WORD, Kind.CONVERTED_SCRIPT}
)


def waiting(*, most: int = 20) -> int:
    """Look through some files that were never looked through; how many it were."""
    missing = get_document_model().objects.exclude(
        pk__in=FileScan.objects.exclude(state=State.WAITING).values("document")
    )
    done = 0
    for document in missing.order_by("-pk")[:most]:
        scan_file(document=document)
        done += 1
    return done


def reason_text(reason: str) -> str:
    """Why a file gives no text, for its editor."""
    texts = {
        "encrypted": _("it is protected by a password"),
        "password": _("it is protected by a password"),
        "too_large": _("it is too large"),
        "unpacked_too_large": _("it is too large"),
        "too_many_pages": _("it has too many pages"),
        "too_much_text": _("it holds too much text"),
        "too_slow": _("reading it takes too long"),
        "too_complex": _("reading it takes too long"),
        "scanned_pdf": _("it holds pictures of pages and no text"),
        "only_pictures": _("it holds pictures of pages and no text"),
        "missing": _("the file is not there"),
        "old_format": _("this kind of file is not read: look through it yourself"),
    }
    return texts.get(reason, _("it is damaged"))


__all__ = ["DEFAULT_GRADES", "placed_of", "reason_text", "scan_file", "scans_of", "waiting"]
