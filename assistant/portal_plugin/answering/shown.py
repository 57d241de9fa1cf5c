"""An answer as the page shows it: from the receipt, in the visitor's language."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from assistant.dialogue.prompts import Prompt
from assistant.dialogue.statuses import BLOCKED, DECLINED, Status, Words
from assistant.portal_plugin.cards import SOURCE
from assistant.portal_plugin.selectors.receipts import Receipt, State
from portal.plugin_api import Standing, card_url, mark_text

from . import languages, wording
from .numbers import with_numbers
from .translations import made_by_label, original_label, prevails


@dataclass(frozen=True, slots=True)
class TranslationShown:
    """Who made a translation. ``reviewer`` is in the words that were given, of language
    ``reviewer_tag``; ``original`` "" where it cannot be opened."""

    label: str
    reviewer: str
    reviewer_tag: str
    date: str
    prevails: str
    original: str
    original_tag: str
    original_label: str

    @property
    def text(self) -> str:
        """All of it as one line."""
        role = gettext("Reviewed by: %(role)s.") % {"role": self.reviewer} if self.reviewer else ""
        return " · ".join(part for part in (self.label, role, self.date, self.prevails) if part)


@dataclass(frozen=True, slots=True)
class CitationShown:
    """A source: ``validity`` is a line such as "in force since 2026-01-01"; ``mark`` names what is
    not in force, as of now."""

    title: str
    label: str
    url: str
    passage: str
    validity: str
    mark: str = ""
    digest: str = ""
    version: int | None = None
    is_entry: bool = False
    translation: TranslationShown | None = None


class AnswerShown:
    """What the template reads. ``is_kept`` False: there is no receipt to come back to; else
    ``address`` is the receipt's."""

    def __init__(
        self, receipt: Receipt, language: str, *, is_kept: bool = True, address: str = ""
    ) -> None:
        self.receipt = receipt
        self.address = address
        self.record = receipt.record
        self.language = language
        self.is_kept = is_kept
        self.status = Status(self.record.status)

    # --- what kind it is --------------------------------------------------------------------------
    @property
    def is_answered(self) -> bool:
        return self.status is Status.ANSWERED

    @property
    def is_clarify(self) -> bool:
        return self.status is Status.CLARIFY

    @property
    def is_declined(self) -> bool:
        return self.status in DECLINED

    @property
    def is_smalltalk(self) -> bool:
        return self.status is Status.SMALLTALK

    @property
    def needs_person(self) -> bool:
        """The way to a person stands open, not folded."""
        return self.is_declined or self.status in (Status.HANDED_OVER, Status.UNAVAILABLE)

    @property
    def is_to_be_mended(self) -> bool:
        """The question goes back into the field, to be asked again without what stopped it."""
        return self.status in BLOCKED or self.status is Status.RATE_LIMITED

    @property
    def has_feedback(self) -> bool:
        return self.is_kept and (self.is_answered or self.is_declined or self.is_clarify)

    # --- words ------------------------------------------------------------------------------------
    @property
    def heading(self) -> str:
        match self.status:
            case Status.ANSWERED:
                return gettext("The answer")
            case Status.CLARIFY:
                return gettext("Which of these do you mean?")
            case Status.DECLINED_NO_SOURCE:
                return gettext("No approved answer found")
            case Status.DECLINED_OUT_OF_SCOPE:
                return gettext("This is beyond what I know")
            case Status.BLOCKED_PERSONAL_DATA:
                return gettext("Please leave out personal numbers")
            case Status.RATE_LIMITED:
                return gettext("One moment, please")
            case Status.HANDED_OVER:
                return gettext("Ask a person")
            case Status.FORM:
                return self.prompt.step.title if self.prompt and self.prompt.step else ""
            case Status.UNAVAILABLE:
                return gettext("Answers are not available at the moment")
        return gettext("The answer")

    @property
    def text(self) -> str:
        """The assistant's own words, in the language of the page; approved text is ``body``."""
        if self.record.words and self.record.words in Words:
            return wording.said(Words(self.record.words))
        return self.record.text

    @property
    def body(self) -> SafeString:
        """The approved text, as it was given (cleaned when its editors wrote it), with numbers
        that lead to its sources."""
        numbered = with_numbers(self.record.html, self.sources, anchor=f"source-{self.record.pk}")
        return mark_safe(numbered)  # noqa: S308 - rich text of the knowledge base

    @property
    def text_tag(self) -> str:
        return languages.html_tag(self.record.text_language or self.record.language)

    @property
    def text_direction(self) -> str:
        return "rtl" if self.text_tag.startswith(("ar", "he", "fa", "ur")) else "ltr"

    @cached_property
    def notes(self) -> list[str]:
        return wording.notes(self.record.content.get("notes", []))

    @property
    def translation(self) -> TranslationShown | None:
        """Who made the text of the answer, where it is a translation."""
        return self.entry.translation if self.entry is not None else None

    @cached_property
    def card_url(self) -> str:
        """The answer as a bilingual card; "" for what has no Chinese beside it, or is over."""
        made = self.translation
        if made is None or not made.original_tag.startswith("zh") or self.record.page_id is None:
            return ""
        if self.receipt.state in (State.SUPERSEDED, State.ENDED):
            return ""
        language, key = self.record.text_language, str(self.record.page_id)
        return card_url(SOURCE, key, language=language, site=self.record.site_id)

    @property
    def trust(self) -> str:
        """A word for what a machine had a part in; ``translation`` says more where it is there."""
        if self.translation is not None:
            return self.translation.label
        match self.record.trust:
            case "machine":
                return gettext("Machine translation")
            case "reviewed_machine":
                return gettext("Machine translation, reviewed by people")
        return ""

    # --- how it stands ----------------------------------------------------------------------------
    @property
    def state_line(self) -> str:
        """A sentence about an answer that no longer holds; "" for one that does."""
        since = day_text(self.receipt.since)
        match self.receipt.state:
            case State.SUPERSEDED if since:
                return gettext("This answer was replaced on %(date)s. It no longer holds.") % {
                    "date": since
                }
            case State.SUPERSEDED:
                return gettext("This answer was replaced. It no longer holds.")
            case State.ENDED if since:
                return gettext("This answer has not been in force since %(date)s.") % {
                    "date": since
                }
            case State.ENDED:
                return gettext("This answer is no longer in force.")
            case State.SOURCE_AMENDED if since:
                return gettext(
                    "What this answer rests on was changed on %(date)s. Compare it with the source."
                ) % {"date": since}
            case State.SOURCE_AMENDED:
                return gettext("What this answer rests on was changed. Compare it with the source.")
        return ""

    @property
    def state_name(self) -> str:
        match self.receipt.state:
            case State.VALID:
                return gettext("Holds now as it was given")
            case State.SUPERSEDED:
                return gettext("Replaced")
            case State.ENDED:
                return gettext("No longer in force")
            case State.SOURCE_AMENDED:
                return gettext("A source was changed")
        return ""

    @property
    def code(self) -> str:
        """The number to read out, in groups."""
        digits = self.record.code
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"

    # --- parts ------------------------------------------------------------------------------------
    @cached_property
    def citations(self) -> list[CitationShown]:
        spoken = languages.html_tag(languages.interface(self.record.language))
        return [_citation(item, spoken) for item in self.record.content.get("citations", ())]

    @property
    def sources(self) -> list[CitationShown]:
        """What the answer rests on, without the entry itself."""
        return [item for item in self.citations if not item.is_entry]

    @property
    def entry(self) -> CitationShown | None:
        return next((item for item in self.citations if item.is_entry), None)

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        return [
            {**choice, "tag": languages.html_tag(choice["language"])}
            for choice in self.record.content.get("choices", ())
        ]

    @cached_property
    def related(self) -> list[dict[str, Any]]:
        return [
            {**item, "validity": validity_line(item)}
            for item in self.record.content.get("related", ())
        ]

    @cached_property
    def prompt(self) -> Prompt | None:
        """What the assistant waited for after this answer."""
        stored = self.record.content.get("prompt")
        return Prompt.from_json(stored) if stored else None

    @property
    def gist(self) -> dict[str, Any] | None:
        """A machine's gist of an approved text in another language."""
        found = self.record.content.get("gist")
        return {**found, "tag": languages.html_tag(found["language"])} if found else None

    @property
    def machine(self) -> dict[str, Any] | None:
        """What a model put together from the related text."""
        found: dict[str, Any] | None = self.record.content.get("machine")
        return found

    @property
    def feedback(self) -> Any:
        return getattr(self.record, "feedback", None) if self.is_kept else None

    @property
    def links(self) -> list[dict[str, Any]]:
        """What the dialogue made for the visitor, such as a prepared letter."""
        return list(self.record.content.get("actions", ()))

    @property
    def plain(self) -> str:
        """Question, answer, sources and where it can be looked up, as text to be copied."""
        lines = [self.record.title or self.record.question, "", self.record.text, ""]
        for item in self.citations:
            name = f"{item.title} {item.label}".strip()
            lines.append(" · ".join(part for part in (name, item.validity, item.url) if part))
            if item.translation is not None:
                made = item.translation
                lines.append(f"{made.text} {made.original}".strip())
        lines += [self.address] if self.address else []
        return "\n".join(lines)


def _citation(item: Mapping[str, Any], spoken: str) -> CitationShown:
    """``spoken``: the language tag of the words that were kept with the answer."""
    standing = item.get("standing") or Standing.IN_FORCE
    until = parse_datetime(item.get("valid_until") or "")
    if standing == Standing.IN_FORCE and until is not None and until <= timezone.now():
        standing = Standing.EXPIRED
    return CitationShown(
        title=item["title"],
        label=item.get("label", ""),
        url=item.get("url", ""),
        passage=item.get("passage", ""),
        validity=validity_line(item),
        mark=mark_text(standing),
        digest=item.get("hash", ""),
        version=item.get("version"),
        is_entry=item.get("kind") == "entry",
        translation=_translation(item.get("translation"), spoken),
    )


def _translation(made: Mapping[str, Any] | None, spoken: str) -> TranslationShown | None:
    """Codes are said in the language of the page; what came as words stays as it was given."""
    if made is None:
        return None
    is_chinese = made["original_language"].startswith("zh")
    return TranslationShown(
        label=made_by_label(made["made_by"]) or made["label"],
        reviewer=made["reviewer"],
        reviewer_tag=spoken,
        date=made["date"] or "",
        prevails=prevails(is_chinese=is_chinese) if made["prevails"] else "",
        original=made["original"],
        original_tag=languages.html_tag(made["original_language"]),
        original_label=original_label(is_chinese=is_chinese),
    )


def validity_line(item: Mapping[str, Any]) -> str:
    """When a source is in force, in words; "" where it says nothing about it."""
    since = day_text(_moment(item.get("valid_from")))
    last = _moment(item.get("valid_until"))
    # An end at midnight is the first day on which it is over: people read the last one.
    until = day_text(last - datetime.timedelta(seconds=1) if last else None)
    if since and until:
        return gettext("In force from %(since)s through %(until)s") % {
            "since": since,
            "until": until,
        }
    if since:
        return gettext("In force since %(date)s") % {"date": since}
    if until:
        return gettext("In force through %(date)s") % {"date": until}
    return ""


def _moment(text: str | None) -> datetime.datetime | None:
    if not text:
        return None
    found = parse_datetime(text) if "T" in text else parse_datetime(f"{text}T00:00:00")
    if found is not None and timezone.is_naive(found):
        found = timezone.make_aware(found)
    return found


def day_text(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""
