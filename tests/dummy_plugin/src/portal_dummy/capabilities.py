"""What this plugin can do for the portal and for other plugins."""

import datetime
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.plugin_api import (
    AskPlace,
    CitedClauses,
    ClauseText,
    DirectAnswer,
    DisclosureRequestFigures,
    DraftKind,
    DraftRefused,
    ErrorReportDraft,
    Letter,
    LetterDraft,
    LetterReceipt,
    LetterStanding,
    Passage,
    PolicyStanding,
    PreparedPage,
    QADraftsMade,
    QASource,
    SearchPlace,
    ServiceGuide,
    StoredPage,
    TrustLabel,
    ask_places,
    clauses,
    counter_cards,
    direct_answers,
    disclosure_requests,
    error_reports,
    language_teams,
    letters,
    page_store,
    passages,
    policy_standing,
    qa_drafts,
    search_places,
    service_guides,
    signature_provider,
    translator,
    trusts,
    visits,
)


class MirrorTranslator:
    """Translates by writing backwards: needs no other host."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        return [text[::-1] for text in texts]


class HashedSignatures:
    """Signs with a hash that anybody can make: shows the shape of a provider, protects nothing."""

    algorithm = "dummy"

    def public_key(self) -> str:
        return "dummy"

    def sign(self, statement: bytes) -> bytes:
        return hashlib.sha256(statement).digest()

    def verify(self, statement: bytes, signature: bytes, public_key: str) -> bool:
        return signature == self.sign(statement)

    def prepare_key(self) -> str:
        return "dummy"

    def adopt_key(self, public_key: str) -> None:
        """There is only one."""


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


class NoLetters:
    """Takes no letters: whoever asks is told so, and nothing is offered."""

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        return ()

    def prepare(self, draft: LetterDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        return DraftRefused(_("No letters are taken."))

    def outcome(self, token: str, *, site: int | None) -> LetterReceipt | None:
        return None

    def send(
        self, letter: Letter, *, site: int | None, visitor: str
    ) -> LetterReceipt | DraftRefused:
        return DraftRefused(_("No letters are taken."))

    def status(
        self, *, number: str, code: str, site: int | None, language: str, visitor: str
    ) -> LetterStanding | None:
        return None


class NoErrorReports:
    """Takes no reports."""

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        return ()

    def prepare(self, draft: ErrorReportDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        return DraftRefused(_("No reports are taken."))


class NoGuides:
    """Knows no services."""

    def find(
        self, text: str, *, site: int | None, language: str, count: int = 5
    ) -> Sequence[ServiceGuide]:
        return ()


class NoStandings:
    """Knows no documents."""

    def find(
        self, words: str, *, site: int | None, language: str, day: datetime.date, count: int = 5
    ) -> Sequence[PolicyStanding]:
        return ()

    def read(self, document: int, *, day: datetime.date) -> PolicyStanding | None:
        return None


class NoTrusts:
    """Knows no translations."""

    def trust_labels(self, pages: Sequence[int]) -> Mapping[int, TrustLabel]:
        return {}


class NoCards:
    """Makes no cards."""

    def card_url(self, source: str, key: str, *, language: str) -> str:
        return ""


class NoQuestions:
    """Answers no questions."""

    def ask_place(self, *, site: int | None, language: str) -> AskPlace | None:
        return None


class DummySearch:
    """Searches notes, if anybody should ask for it."""

    def search_place(self, *, site: int | None, language: str) -> SearchPlace:
        return SearchPlace("/dummy/")


class NoTeams:
    """Nobody translates for the dummy."""

    def languages_of(self, user: Any) -> Collection[tuple[int, str]]:
        return ()


class NothingStored:
    """Keeps no pages."""

    def stored_pages(self) -> Iterator[StoredPage]:
        yield from ()

    def discard(self, address: str) -> bool:
        return False

    def strangers(self) -> Iterator[Path]:
        yield from ()


class NoVisits:
    """Counts nobody."""

    def most_visited(
        self, *, site: int | None, days: int, limit: int, language: str = ""
    ) -> Sequence[tuple[str, int, int | None]]:
        return ()

    def of_pages(self, pages: Sequence[int], *, days: int) -> Mapping[int, int]:
        return {}


ask_places.provide(NoQuestions())
search_places.provide(DummySearch())
clauses.provide(NoClauses())
counter_cards.provide(NoCards())
direct_answers.provide(NoDirectAnswers())
disclosure_requests.provide(NoRequests())
error_reports.provide(NoErrorReports())
language_teams.provide(NoTeams())
letters.provide(NoLetters())
page_store.provide(NothingStored())
passages.provide(NoPassages())
policy_standing.provide(NoStandings())
service_guides.provide(NoGuides())
signature_provider.provide(HashedSignatures())
translator.provide(MirrorTranslator())
trusts.provide(NoTrusts())
qa_drafts.provide(CountedDrafts())
visits.provide(NoVisits())
