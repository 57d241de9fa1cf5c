"""A record as the published schema says (``schema/1.0.json``)."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from portal.plugin_api import just_seen

from .files import KINDS, model_of
from .models import LibraryRecord

VERSION = "1.0"
FOLDER = Path(__file__).parent / "schema"


def versions() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@cache
def schema(version: str = VERSION) -> dict[str, Any]:
    """A published version of the schema.

    Raises:
        KeyError: there is no such version.
    """
    if version not in versions():
        raise KeyError(version)
    found: dict[str, Any] = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    return found


def address_of(record: LibraryRecord) -> str:
    """The absolute public address of the item; "" where it has none."""
    if record.page is not None:
        found = just_seen()
        root = found.root_for_url_path(record.page.url_path)
        origin = root.origin if root is not None else settings.BASE_URL
        return urljoin(origin, found.url(record.page.url_path))
    kind, _colon, pk = record.item.partition(":")
    file = model_of(kind).objects.filter(pk=pk).first() if kind in KINDS else None
    if file is None:
        return ""
    url = file.url if kind == "document" else file.file.url
    return urljoin(settings.BASE_URL, url)


def as_json(record: LibraryRecord) -> dict[str, Any]:
    """Ready for ``json.dumps``; the record with provider, site, page and column at hand."""
    return {
        "schema": VERSION,
        "id": record.item,
        "index_no": record.index_no,
        "type": record.record_type,
        "title": record.title,
        "summary": record.summary,
        "keywords": [w for w in record.keywords.replace("，", ",").split(",") if w.strip()],
        "language": record.language,
        "format": record.file_format,
        "url": address_of(record),
        "provider": {
            "name": record.provider_text,
            "code": record.provider.code if record.provider is not None else "",
        },
        "producer": record.producer,
        "site": record.site.code if record.site is not None else "",
        "column": record.column.title if record.column is not None else "",
        "source": {"name": record.source_name, "url": record.source_url},
        "publication_kind": record.pub_kind,
        "made_on": _day(record.made_on),
        "published_at": _moment(record.published_at),
        "updated_at": _moment(record.updated_at),
        "effective_on": _day(record.effective_on),
        "ends_on": _day(record.ends_on),
        "validity": record.validity,
        "themes": [code for code in [record.theme, *record.codes("more_themes")] if code],
        "genre": record.genre,
        "five_open": record.codes("five_open"),
        "audience": record.codes("audience"),
        "region": record.region,
        "document_number": record.doc_no,
        "sharing": {
            "type": record.sharing,
            "condition": record.sharing_condition,
            "method": record.sharing_method,
        },
        "openness": record.openness,
        "update_period_days": record.update_period_days,
        "rights": record.rights,
        "related": list(record.related),
        "archive_state": record.archive_state,
        "checksum": f"sha256:{record.checksum}" if record.checksum else "",
        "version": record.version,
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _moment(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
