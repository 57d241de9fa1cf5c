"""What this plugin can do for others."""

import datetime
from collections.abc import Sequence
from typing import Any

from portal.plugin_api import (
    CitedClauses,
    ClauseText,
    Passage,
    PolicyStanding,
    clauses,
    passages,
    policy_standing,
)

from .clause_choice import ClauseInput
from .selectors import clause_texts
from .selectors.passages import find_passages
from .selectors.standing import find_standing, read_standing


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


class PassagesOfPolicies:
    """Clauses of policy documents in force."""

    def passages(
        self,
        text: str,
        *,
        site: int | None,
        language: str,
        at: datetime.datetime | None = None,
        count: int = 5,
    ) -> Sequence[Passage]:
        return find_passages(text, site=site, language=language, at=at, count=count)


class StandingOfPolicies:
    """Whether policy documents are in force."""

    def find(
        self, words: str, *, site: int | None, language: str, day: datetime.date, count: int = 5
    ) -> Sequence[PolicyStanding]:
        return find_standing(words, site=site, language=language, day=day, count=count)

    def read(self, document: int, *, day: datetime.date) -> PolicyStanding | None:
        return read_standing(document, day=day)


clauses.provide(ClausesOfPolicies())
passages.provide(PassagesOfPolicies())
policy_standing.provide(StandingOfPolicies())
