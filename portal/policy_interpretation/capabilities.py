"""What this plugin can do for others."""

import datetime
from collections.abc import Sequence
from typing import Any

from portal.plugin_api import CitedClauses, ClauseText, clauses

from .clause_choice import ClauseInput
from .selectors import clause_texts


class ClausesOfPolicies:
    """Clauses of policy documents."""

    def read(
        self, cites: Sequence[CitedClauses], *, at: datetime.datetime | None = None
    ) -> Sequence[ClauseText]:
        return clause_texts.read(cites, at=at)

    def find(self, *, document: int, words: str) -> str:
        return clause_texts.find(document=document, words=words)

    def widget(self, *, document: str) -> Any:
        return ClauseInput(document=document)


clauses.provide(ClausesOfPolicies())
