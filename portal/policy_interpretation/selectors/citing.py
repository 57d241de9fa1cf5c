"""Citations of a document and its clauses, as pages offer them for copying."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from portal.policy_interpretation.clauses import ClauseData, to_text
from portal.text.official.citing import Quoted, Step, gb7714, official, paths_of, place

_NOT_CITED = frozenset({"preamble", "signature"})


@dataclass(frozen=True, slots=True)
class Citation:
    """How one clause is cited. ``place`` such as 第十二条第二款; ``url`` is its short address."""

    place: str
    official: str
    reference: str
    url: str
    code_url: str


@dataclass(frozen=True)
class Citer:
    """Makes the citations of one document.

    ``document`` has the canonical address of the page; ``clause_address`` is the beginning of
    those of its clauses (``…/policies/c/17``), absolute.
    """

    document: Quoted
    clauses: Sequence[ClauseData]
    clause_address: str
    today: datetime.date

    @property
    def official(self) -> str:
        """《title》（number）, as documents cite each other."""
        return official(self.document)

    @property
    def reference(self) -> str:
        """As GB/T 7714 has it for an official document online."""
        return gb7714(self.document, accessed_on=self.today)

    @cached_property
    def by_id(self) -> Mapping[str, Citation]:
        """The citation of each clause that can be cited, by its id."""
        paths = paths_of(to_text(self.clauses))
        return {
            clause.id: self._citation(clause, path)
            for clause, path in zip(self.clauses, paths, strict=True)
            if clause.level not in _NOT_CITED
        }

    def _citation(self, clause: ClauseData, path: tuple[Step, ...]) -> Citation:
        url = f"{self.clause_address}-{clause.short_id}"
        return Citation(
            place=place(path) or clause.text,
            official=official(self.document, path),
            reference=gb7714(
                replace(self.document, url=f"{url}/"), path, accessed_on=self.today
            ),
            url=f"{url}/",
            code_url=f"{url}.svg",
        )  # fmt: skip
