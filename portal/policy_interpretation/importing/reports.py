"""The report of ``portal import_policies``: a contract that other programs read."""

from collections.abc import Sequence
from typing import Any

from portal.text.official.model import Parsed


def entry(
    file: str,
    status: str,
    *,
    parsed: Parsed | None = None,
    ids: Sequence[str] = (),
    warnings: Sequence[str] = (),
    removed: Sequence[str] = (),
    theme: str = "",
) -> dict[str, Any]:
    """One document: ``status`` is imported, flagged or refused. Dates are YYYY-MM-DD or ""."""
    return {
        "file": file,
        "status": status,
        "title": parsed.title if parsed else "",
        "document_number": parsed.document_number if parsed else "",
        "issuing_bodies": list(parsed.issuing_bodies) if parsed else [],
        "issued_on": _day(parsed.issued_on) if parsed else "",
        "published_on": _day(parsed.published_on) if parsed else "",
        "theme": theme,
        "clauses": [
            {
                "id": ids[position],
                "parent": ids[clause.parent] if clause.parent is not None else None,
                "level": clause.level,
                "number": clause.number,
                "text": clause.text,
            }
            for position, clause in enumerate(parsed.clauses if parsed else ())
        ],
        "relations": [
            {
                "kind": relation.kind,
                "title": relation.title,
                "document_number": relation.document_number,
            }
            for relation in (parsed.relations if parsed else ())
        ],
        "warnings": list(warnings),
        "removed": list(removed),
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
