"""What was found in a page and its files, and which warnings have a reason."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from portal.proofreading.kinds import advice, label, shown
from portal.proofreading.models import Reason
from portal.text.detectors import Finding, Grade, Kind

from .detecting import Platform, platform
from .texts import FieldText, PageTexts, texts_of


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding in a form field, or in a file (``file``: its title, ``document``: its number)."""

    finding: Finding
    field: str
    block: str = ""
    file: str = ""
    document: int = 0

    @property
    def key(self) -> str:
        """The same words of the same kind, wherever they stand on the page."""
        return key_of(self.finding.kind, self.finding.text, self.document)

    @property
    def grade(self) -> Grade:
        return self.finding.grade

    @property
    def words(self) -> str:
        return shown(self.finding)

    @property
    def label(self) -> str:
        return label(self.finding.kind)

    @property
    def advice(self) -> str:
        return advice(self.finding)


@dataclass(frozen=True, slots=True)
class PageScan:
    page_pk: int | None
    found: tuple[Placed, ...]
    characters: int
    documents: tuple[int, ...]
    version: int

    def graded(self, grade: Grade | str) -> list[Placed]:
        return [one for one in self.found if one.grade == grade]


def key_of(kind: str, text: str, document: int = 0) -> str:
    words = "".join(sign for sign in text.lower() if sign.isalnum()) or text
    return hashlib.blake2b(f"{kind}|{document}|{words}".encode(), digest_size=16).hexdigest()


def scan_page(page: Page) -> PageScan:
    """Everything in a page as it is in memory, and in the files that it links to.

    One query for the version of the lists; one more for the files, where there are any.
    """
    now = platform()
    read = texts_of(page)
    found = [placed for text in read.texts for placed in placed_in(text, now)]
    if read.documents:
        from portal.proofreading.services.files import scans_of

        found += scans_of(read.documents, now)
    return PageScan(
        page.pk, tuple(found), read.characters, tuple(sorted(read.documents)), now.version
    )


def placed_in(text: FieldText, now: Platform) -> Iterable[Placed]:
    detectors = now.detectors
    scanned = detectors.scan_html(text.text) if text.is_html else detectors.scan_text(text.text)
    for finding in scanned.findings:
        if finding.kind not in now.off:
            yield Placed(finding, text.field, text.block)


def reasons_for(page_pk: int | None, keys: Iterable[str]) -> dict[str, Reason]:
    """The newest reason for each of the findings; one query, none without findings."""
    wanted = set(keys)
    if not wanted or page_pk is None:
        return {}
    rows = Reason.objects.filter(page_id=page_pk, key__in=wanted).select_related("user")
    return {row.key: row for row in rows.order_by("at", "pk")}


def stored(placed: Placed, reason: Reason | None = None) -> dict[str, Any]:
    """As a record keeps it."""
    entry: dict[str, Any] = {
        "kind": str(placed.finding.kind),
        "grade": str(placed.grade),
        "words": placed.words,
        "field": placed.field,
    }
    if placed.file:
        entry |= {"file": placed.file, "document": placed.document}
    if reason is not None:
        entry |= {"reason": reason.reason, "by": reason.user_name, "at": reason.at.isoformat()}
    return entry


def finding_from(entry: dict[str, Any]) -> Finding:
    return Finding(
        Kind(entry["kind"]), entry["start"], entry["end"], entry["text"], entry.get("code", ""),
        entry.get("suggestion", ""), Grade(entry["grade"]),
    )  # fmt: skip


__all__ = ["PageScan", "PageTexts", "Placed", "key_of", "reasons_for", "scan_page", "stored"]
