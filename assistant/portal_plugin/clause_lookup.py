"""Clauses of cited documents, where a plugin offers them; nothing where none does."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as an answer cites it: 第三条, its words, its address, when it is in force."""

    id: str
    label: str
    text: str
    url: str
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None

    def holds(self, at: datetime.datetime) -> bool:
        """Whether it is in force at a moment."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or self.valid_until > at
        )


def clauses_of(
    document_pk: int, ids: Sequence[str], *, at: datetime.datetime | None = None
) -> list[Clause]:
    """The clauses of a document with these ids (as of a moment), as far as somebody knows them."""
    del document_pk, ids, at
    return []
