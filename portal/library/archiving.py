"""Archive packages: pages as electronic records, with their metadata (after GB/T 42147-2022).

A package is a ZIP: ``records/`` (metadata by the published schema), ``pages/`` (as visitors got
them), ``files/`` (the originals), ``schema/``, ``index.json`` and ``checksums.sha256``.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO, Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex

from .asking import Portal
from .files import KINDS, model_of
from .models import ArchiveState, LibraryRecord, State
from .record_json import VERSION, address_of, as_json, schema

STANDARD = "GB/T 42147-2022"
_PORTION = 200


@dataclass
class Package:
    """What was put in, and what could not be (with why)."""

    records: int = 0
    files: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def records_of_site(site_pk: int) -> Iterator[LibraryRecord]:
    rows = LibraryRecord.objects.filter(site=site_pk, state=State.PUBLIC).order_by("pk")
    return rows.select_related("provider", "site", "page", "column").iterator(chunk_size=_PORTION)


def export(records: Iterable[LibraryRecord], target: IO[bytes], *, mark: bool = False) -> Package:
    """Write the package. ``mark``: the records are archived from now on."""
    done = Package()
    writer = _Writer(target, done)
    archived = [record.pk for record in records if writer.add(record)]
    writer.finish()
    if mark:
        for start in range(0, len(archived), _PORTION):
            LibraryRecord.objects.filter(pk__in=archived[start : start + _PORTION]).update(
                archive_state=ArchiveState.ARCHIVED, archived_at=timezone.now()
            )
    return done


class _Writer:
    def __init__(self, target: IO[bytes], done: Package) -> None:
        self.zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self.done = done
        self.sums: list[tuple[str, str]] = []
        self.index: list[dict[str, Any]] = []
        self._portal = Portal()
        self._put: set[str] = set()

    def add(self, record: LibraryRecord) -> bool:
        name = record.item.replace(":", "-")
        try:
            content = self._content(record, name)
        except Exception as error:  # one page that cannot be rendered must not lose the others
            self.done.failed.append((record.index_no, f"{type(error).__name__}: {error}"))
            return False
        path = f"records/{name}.json"
        self._write(path, _dumped(as_json(record)))
        self.index.append(
            {
                "index_no": record.index_no,
                "title": record.title,
                "record": path,
                "content": content,
            }
        )
        self.done.records += 1
        return True

    def _content(self, record: LibraryRecord, name: str) -> list[str]:
        if record.page is None:
            kind, _colon, pk = record.item.partition(":")
            return [self._file(kind, pk)]
        path = f"pages/{name}.html"
        self._write(path, self._portal.page(address_of(record)))
        return [path, *self._files_of(record.page)]

    def _files_of(self, page: Page) -> Iterator[str]:
        kinds = {ContentType.objects.get_for_model(model_of(kind)).pk: kind for kind in KINDS}
        rows = ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id=str(page.pk),
            to_content_type__in=kinds,
        )
        for to_type, pk in sorted(set(rows.values_list("to_content_type", "to_object_id"))):
            yield self._file(kinds[to_type], pk)

    def _file(self, kind: str, pk: str) -> str:
        file = model_of(kind).objects.get(pk=pk)
        suffix = re.sub(r"[^A-Za-z0-9.]", "", PurePath(file.file.name).suffix)[:10]
        path = f"files/{kind}-{file.pk}{suffix}"
        if path not in self._put:
            with file.file.open("rb") as stream:
                self._copy(path, stream)
            self.done.files += 1
        return path

    def _copy(self, path: str, stream: IO[bytes]) -> None:
        digest = hashlib.sha256()
        with self.zip.open(path, "w", force_zip64=True) as out:
            for chunk in iter(lambda: stream.read(1 << 20), b""):
                digest.update(chunk)
                out.write(chunk)
        self._put.add(path)
        self.sums.append((digest.hexdigest(), path))

    def _write(self, path: str, data: bytes) -> None:
        self._copy(path, io.BytesIO(data))

    def finish(self) -> None:
        self._write(f"schema/{VERSION}.json", _dumped(schema()))
        head = {
            "standard": STANDARD,
            "schema": VERSION,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "records": self.index,
            "failed": self.done.failed,
        }
        self._write("index.json", _dumped(head))
        lines = "".join(f"{digest}  {path}\n" for digest, path in self.sums)
        self.zip.writestr("checksums.sha256", lines)
        self.zip.close()


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
