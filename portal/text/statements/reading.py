"""One text while it is compared: what it states, in which words, and what the clauses have."""

from collections.abc import Sequence
from dataclasses import dataclass

from .conditions import Cases
from .index import Figure, Index
from .model import Statement
from .roles import Roles


@dataclass(frozen=True)
class Reading:
    """``plain`` is the folded text. ``own`` are its words by figure, None where the language is not
    read; ``cases`` what each of its figures depends on."""

    plain: str
    own: Roles | None
    cases: Cases
    index: Index
    language: str
    statements: Sequence[Statement]

    def is_named(self, statement: Statement, figure: Figure) -> bool:
        """Whether the words that say whose a figure is are those of a clause's figure."""
        if self.own is None:
            return True
        return self.own.share(statement, figure.clause.roles, figure.statement)
