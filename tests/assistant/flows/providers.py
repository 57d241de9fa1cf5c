"""Whoever takes letters and reports, in memory: says what it was given, and fails when told to."""

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.plugin_api import (
    DraftKind,
    DraftRefused,
    ErrorReportDraft,
    Letter,
    LetterDraft,
    LetterReceipt,
    LetterStanding,
    PreparedPage,
    ServiceGuide,
)

_KINDS = {
    "zh-hans": (("consult", "咨询"), ("complaint", "投诉"), ("advice", "建议")),
    "en": (("consult", "Question"), ("complaint", "Complaint"), ("advice", "Suggestion")),
}


@dataclass
class LettersInMemory:
    """``sent``: letters that were sent on the page, by token; ``letters``: from other forms."""

    drafts: dict[str, LetterDraft] = field(default_factory=dict)
    sent: dict[str, LetterReceipt] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuses: str = ""
    fails: bool = False

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        return [DraftKind(*pair) for pair in _KINDS.get(language, _KINDS["en"])]

    def prepare(self, draft: LetterDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        if self.fails:
            raise RuntimeError("the provider is broken")
        if self.refuses:
            return DraftRefused(self.refuses)
        token = secrets.token_urlsafe(16)
        self.drafts[token] = draft
        return PreparedPage(f"/letters/new/{token}/", token)

    def outcome(self, token: str, *, site: int | None) -> LetterReceipt | None:
        return self.sent.get(token)

    def send(
        self, letter: Letter, *, site: int | None, visitor: str
    ) -> LetterReceipt | DraftRefused:
        if self.fails:
            raise RuntimeError("the provider is broken")
        if self.refuses:
            return DraftRefused(self.refuses)
        self.letters.append(letter)
        return LetterReceipt("YH20261126001", "482913", "/letters/1/")

    def status(
        self, *, number: str, code: str, site: int | None, language: str, visitor: str
    ) -> LetterStanding | None:
        self.asked.append((number, code))
        if (number, code) != ("YH20261126001", "482913"):
            return None
        return LetterStanding(
            number,
            "办理中",
            "/letters/1/",
            since=datetime.date(2026, 11, 20),
            due=datetime.date(2026, 12, 1),
        )

    def send_prepared(self, token: str, number: str = "YH20261126001") -> None:
        """What the writer does on the prepared page."""
        self.sent[token] = LetterReceipt(number, "482913", "/letters/1/")


@dataclass
class ReportsInMemory:
    drafts: list[ErrorReportDraft] = field(default_factory=list)

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        return [DraftKind("typo", "错别字"), DraftKind("link", "链接打不开")]

    def prepare(self, draft: ErrorReportDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        self.drafts.append(draft)
        return PreparedPage("/report/1/", secrets.token_urlsafe(16))


@dataclass
class GuidesInMemory:
    guides: Sequence[ServiceGuide] = ()

    def find(
        self, text: str, *, site: int | None, language: str, count: int = 5
    ) -> Sequence[ServiceGuide]:
        return [guide for guide in self.guides if guide.key in text][:count]
