"""The words of clauses that a text cites, as they stand now."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.plugin_api import CitedClauses
from portal.policy_interpretation.clauses import ClauseData, figures_of, path_to, short_id
from portal.policy_interpretation.models import PolicyPage

# The document's own data beside its clauses: number, dates, bodies.
DATA = "data"


@dataclass(frozen=True, slots=True)
class Words:
    """One cited clause: ``key`` is what the comparison knows it by."""

    key: str
    document: int
    clause: str
    text: str


class Library:
    """Documents, each read once for as long as a check lasts."""

    def __init__(self) -> None:
        self._documents: dict[int, _Document | None] = {}

    def words(self, cites: Iterable[CitedClauses]) -> list[Words]:
        """The cited clauses with what lies below them, and the data of each cited document."""
        found: dict[str, Words] = {}
        for cited in cites:
            document = self._document(cited.document)
            if document is None:
                continue
            data, clauses, tables = document
            found[data.key] = data
            for clause in _chosen(clauses, cited.clauses):
                words = f"{clause.number} {clause.text}".strip()
                key = f"{cited.document}:{clause.id}"
                found[key] = Words(key, cited.document, clause.id, words)
                for number, table in enumerate(tables.get(clause.id, ())):
                    place = f"{key}:{number}"
                    found[place] = Words(place, cited.document, clause.id, table)
        return list(found.values())

    def _document(self, pk: int) -> "_Document | None":
        if pk not in self._documents:
            self._documents[pk] = _read(pk)
        return self._documents[pk]


# Its data, its clauses, and the tables after each of these.
type _Document = tuple[Words, list[ClauseData], dict[str, list[str]]]


def _read(pk: int) -> _Document | None:
    page = PolicyPage.objects.filter(pk=pk).first()
    if page is None:
        return None
    if not page.live and page.latest_revision_id:
        page = page.get_latest_revision_as_object()
    # The day on which it was made public is not the one that it bears.
    public = timezone.localdate(page.date) if page.date else None
    dates = [page.issued_on, page.effective_on, page.valid_through, public]
    words = [page.title, page.document_number, *page.body_names(), *map(_in_words, dates)]
    data = Words(f"{pk}:{DATA}", pk, "", "\n".join(word for word in words if word))
    clauses = page.clauses()
    return data, clauses, _tables(page.body.raw_data, clauses)


def _tables(raw: Iterable[dict[str, Any]], clauses: Sequence[ClauseData]) -> dict[str, list[str]]:
    """The tables of a body by the clause that they follow."""
    found: dict[str, list[str]] = {}
    for figure in figures_of(raw):
        block, after = figure["block"], max(figure["after"] - 1, 0)
        if block["type"] == "table" and after < len(clauses):
            words = table_words(block["value"])
            if words:
                found.setdefault(clauses[after].id, []).append(words)
    return found


_UNIT = re.compile(r"[（(](?:单位[：:])?([^（()）]{1,8})[）)]\s*$")


def table_words(value: Mapping[str, Any]) -> str:
    """A table as sentences, so that its figures have a unit and words that say whose they are.

    The row 住宅 with 80 below 标准（元） becomes 住宅；标准：80元.
    """
    table = value.get("table") or {}
    caption = str(value.get("caption") or "")
    headings = [str(column.get("heading") or "") for column in table.get("columns") or ()]
    common = _UNIT.search(caption)
    lines = [caption]
    for row in table.get("rows") or ():
        cells = ["" if cell is None else str(cell).strip() for cell in row.get("values") or ()]
        words: list[str] = []
        for heading, cell in zip(headings, cells, strict=False):
            if not cell:
                continue
            unit = _UNIT.search(heading) or (common if words else None)
            name = _UNIT.sub("", heading)
            is_bare = bool(re.fullmatch(r"[\d.,]+", cell))
            printed = f"{cell}{unit[1]}" if unit and is_bare else cell
            words.append(printed if not words or not name else f"{name}：{printed}")
        lines.append("；".join(words))
    return "\n".join(line for line in lines if line)


def _in_words(day: datetime.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _chosen(clauses: Sequence[ClauseData], ids: Sequence[str]) -> list[ClauseData]:
    if not ids:
        return list(clauses)
    wanted = {short_id(clause_id) for clause_id in ids}
    return [
        clause
        for clause in clauses
        if any(above.short_id in wanted for above in path_to(clauses, clause.id))
    ]
