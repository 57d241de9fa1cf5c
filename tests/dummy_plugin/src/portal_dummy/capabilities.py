"""What this plugin can do for the portal and for other plugins."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from portal.plugin_api import (
    CitedClauses,
    ClauseText,
    DirectAnswer,
    DisclosureRequestFigures,
    Passage,
    QADraftsMade,
    QASource,
    clauses,
    direct_answers,
    disclosure_requests,
    passages,
    qa_drafts,
    translator,
)


class MirrorTranslator:
    """Translates by writing backwards: needs no other host."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        return [text[::-1] for text in texts]


class CountedDrafts:
    """Makes no drafts, and says how many it would have made."""

    def draft(
        self, sources: Sequence[QASource], *, page: Any, site: int | None, user: Any
    ) -> QADraftsMade:
        return QADraftsMade(len(sources), "/admin/")


class NoRequests:
    """Takes no requests for information, and has none to count."""

    def form_url(self, *, site: int, unit: int | None) -> str:
        return ""

    def figures(self, *, site: int, unit: int | None, year: int) -> DisclosureRequestFigures | None:
        return None


class NoClauses:
    """Knows no documents."""

    def read(
        self, cites: Sequence[CitedClauses], *, at: datetime.datetime | None = None
    ) -> Sequence[ClauseText]:
        return ()

    def find(self, *, document: int, words: str) -> str:
        return ""

    def widget(self, *, document: str) -> Any:
        return forms.HiddenInput()


class NoDirectAnswers:
    """Is never sure."""

    def direct_answer(self, query: str, *, site: int | None, language: str) -> DirectAnswer | None:
        return None


class NoPassages:
    """Knows no texts."""

    def passages(
        self,
        text: str,
        *,
        site: int | None,
        language: str,
        at: datetime.datetime | None = None,
        count: int = 5,
    ) -> Sequence[Passage]:
        return ()


clauses.provide(NoClauses())
direct_answers.provide(NoDirectAnswers())
disclosure_requests.provide(NoRequests())
passages.provide(NoPassages())
translator.provide(MirrorTranslator())
qa_drafts.provide(CountedDrafts())
