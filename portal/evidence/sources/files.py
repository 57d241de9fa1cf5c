"""Images, documents, videos and sound: the bytes on the disk, and what the tables say of them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from portal.plugin_api import EvidenceItem, OutboxEvent

from .rows import hash_of, read_rows

_SMALLEST = 64 * 1024
_PORTIONS = 64
_MISSING = "missing"


def find(name: str) -> Path | None:
    """Where a file of the media lies: in their folder, or where withheld ones are."""
    withheld: Any = storages["withheld"]
    for folder in (settings.MEDIA_ROOT, withheld.location):
        path = Path(folder) / name
        if path.is_file():
            return path
    return None


def hashes(path: Path) -> tuple[str, dict[int, str]]:
    """A file's SHA-256, and those of its portions by offset; never more than one in memory."""
    portion = max(_SMALLEST, -(-path.stat().st_size // _PORTIONS))
    whole = hashlib.sha256()
    parts: dict[int, str] = {}
    offset = 0
    with path.open("rb") as file:
        while block := file.read(portion):
            whole.update(block)
            parts[offset] = hashlib.sha256(block).hexdigest()
            offset += len(block)
    return whole.hexdigest(), parts


class Files:
    """One kind of uploaded files."""

    def __init__(self, kind: str, label: Any, event: str, fields: Sequence[str]) -> None:
        self.kind, self.label, self._event = kind, label, event
        self._files = fields
        self.events: dict[str, frozenset[str] | None] = {event: None}

    @property
    def table(self) -> str:
        return str(self._model._meta.db_table)

    @property
    def _model(self) -> Any:
        makers = {"document": get_document_model, "image": get_image_model}
        return makers.get(self.kind, get_media_model)()

    def concerned(self, events: Sequence[OutboxEvent]) -> Iterable[int]:
        return {int(event.key.partition(":")[2]) for event in events}

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        rows = self._model._base_manager.filter(pk__gt=after).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    def present(self, pks: Sequence[int]) -> Iterator[EvidenceItem]:
        names = ["id", "title", *self._files, *self._words()]
        for row in read_rows(self._model, names, {"pk__in": list(pks)}):
            fields = {name: hash_of(row[name]) for name in names[1:]}
            details: dict[str, str] = {}
            for name in self._files:
                if not row[name]:
                    continue
                path = find(row[name])
                if path is None:
                    fields[f"{name} on disk"] = _MISSING
                    continue
                whole, parts = hashes(path)
                fields[f"{name} on disk"] = whole
                details |= {f"{name} on disk/{offset}": found for offset, found in parts.items()}
            yield EvidenceItem(row["id"], fields, details)

    def _words(self) -> list[str]:
        known = {field.attname for field in self._model._meta.concrete_fields}
        wanted = ("description", "credit", "is_decorative", "transcript", "speechless_reason")
        return [name for name in wanted if name in known]

    def advice(self, pk: int) -> str:
        return gettext("Copy the file or the row from the backup.")


IMAGES = Files("image", _("Images"), "image.changed", ("file",))
DOCUMENTS = Files("document", _("Documents"), "file.changed", ("file",))
MEDIA = Files("media", _("Videos and audio"), "media.changed", ("file", "captions", "thumbnail"))
