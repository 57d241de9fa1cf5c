"""The words of clauses that a text cites, as they stand now."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.plugin_api import CitedClauses
from portal.policy_interpretation.clauses import ClauseData, path_to, short_id
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
        self._documents: dict[int, tuple[Words, list[ClauseData]] | None] = {}

    def words(self, cites: Iterable[CitedClauses]) -> list[Words]:
        """The cited clauses with what lies below them, and the data of each cited document."""
        found: dict[str, Words] = {}
        for cited in cites:
            document = self._document(cited.document)
            if document is None:
                continue
            data, clauses = document
            found[data.key] = data
            for clause in _chosen(clauses, cited.clauses):
                words = f"{clause.number} {clause.text}".strip()
                key = f"{cited.document}:{clause.id}"
                found[key] = Words(key, cited.document, clause.id, words)
        return list(found.values())

    def _document(self, pk: int) -> tuple[Words, list[ClauseData]] | None:
        if pk not in self._documents:
            self._documents[pk] = _read(pk)
        return self._documents[pk]


def _read(pk: int) -> tuple[Words, list[ClauseData]] | None:
    page = PolicyPage.objects.filter(pk=pk).first()
    if page is None:
        return None
    if not page.live and page.latest_revision_id:
        page = page.get_latest_revision_as_object()
    dates = [page.issued_on, page.effective_on, page.valid_through]
    words = [page.title, page.document_number, *page.body_names(), *map(_in_words, dates)]
    data = Words(f"{pk}:{DATA}", pk, "", "\n".join(word for word in words if word))
    return data, page.clauses()


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
