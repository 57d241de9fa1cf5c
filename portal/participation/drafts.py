"""The clauses of a draft: those of the page, or those of a linked document."""

import uuid
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from portal.plugin_api import CitedClauses, capability, clauses
from portal.text.official.model import Source, SourceLine
from portal.text.official.parsing import parse

_LEVELS = {"part": "chapter", "section": "chapter", "subitem": "item", "heading1": "article",
           "heading2": "item", "heading3": "item", "heading4": "item"}  # fmt: skip
_KEPT = ("chapter", "article", "item", "paragraph")


@dataclass(frozen=True, slots=True)
class DraftClause:
    """``can_be_named``: opinions may be about it; chapters only divide."""

    id: str
    level: str
    number: str
    text: str

    @property
    def can_be_named(self) -> bool:
        return self.level != "chapter" and bool(self.id)

    @property
    def label(self) -> str:
        return self.number or (self.text[:18] + "…" if len(self.text) > 18 else self.text)


def blocks_of(pasted: str) -> list[dict[str, Any]]:
    """Raw blocks of pasted text. No line is lost: what is no clause becomes a paragraph."""
    lines = tuple(SourceLine(line.strip()) for line in pasted.splitlines() if line.strip())
    parsed = parse(Source(lines, "txt"))
    found = [
        {
            "type": "clause",
            "id": str(uuid.uuid4()),
            "value": {
                "level": _level(clause.level),
                "number": clause.number[:40],
                "text": clause.text,
            },
        }
        for clause in parsed.clauses
        if clause.text or clause.number
    ]
    if found:
        return found
    return [
        {"type": "clause", "id": str(uuid.uuid4()),
         "value": {"level": "paragraph", "number": "", "text": line.text}}
        for line in lines
    ]  # fmt: skip


def _level(level: str) -> str:
    return level if level in _KEPT else _LEVELS.get(level, "paragraph")


def clauses_of(page: Any, site_pk: int | None) -> list[DraftClause]:
    """What opinions can be about, in the order of reading."""
    if page.draft:
        return [
            DraftClause(
                str(raw["id"]),
                raw["value"].get("level") or "article",
                raw["value"].get("number") or "",
                raw["value"].get("text") or "",
            )
            for raw in page.draft.raw_data
            if raw["type"] == "clause"
        ]
    provider = capability(clauses, site_pk) if page.draft_page_id else None
    if provider is None:
        return []
    named = tuple(page.draft_clauses) or _all_of(page.draft_page)
    found: list[DraftClause] = []
    for text in provider.read([CitedClauses(page.draft_page_id, named)]) if named else ():
        # The words of a clause hold those of all that lies below it.
        if not found or text.text not in found[-1].text:
            found.append(DraftClause(text.clause[:40], "article", text.label, text.text))
    return found


def _all_of(document: Page) -> tuple[str, ...]:
    """The ids of all clauses that a document's body holds, whatever plugin it is from."""
    body = getattr(document.specific, "body", None)
    raw = body.raw_data if body is not None else ()
    return tuple(str(block["id"]) for block in raw if block["type"] == "clause")[:600]
