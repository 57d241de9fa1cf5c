"""What a text was given on, and how that stands now: the rule behind every receipt.

Judged anew with each look, many at once, so that what is stored (``AnswerBasis.state``) can be
brought in line and a receipt never waits for it.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.models.conversations import AnswerRecord, AnswerStatus, digest_of
from assistant.portal_plugin.models.receipts import AnswerBasis, ReceiptState
from portal.plugin_api import Publication, Standing

from .knowledge import Answerable, Source, answerable, in_language

_AMENDED = frozenset({Standing.AMENDED, Standing.PARTLY_INVALID})


@dataclass(frozen=True, slots=True)
class Rest:
    """A page of the portal that a text was given on, and what was read there."""

    page: int
    clauses: tuple[str, ...]
    digest: str
    standing: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """A text in a language with what it rests on. Equal grounds stand or fall together."""

    page: int
    language: str
    digest: str
    rests: tuple[Rest, ...] = ()

    @property
    def fingerprint(self) -> str:
        rests = [[rest.page, rest.clauses, rest.digest, rest.standing] for rest in self.rests]
        content = json.dumps([self.page, self.language, self.digest, rests])
        return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``since``: from when the state holds, where it is known. ``instead``: what holds now."""

    state: ReceiptState
    since: datetime.datetime | None = None
    instead: Answerable | None = None


def grounds_of(record: AnswerRecord) -> Grounds | None:
    """What an answer was given on; None where no approved text was given."""
    if record.status != AnswerStatus.ANSWERED or not record.entry or record.page_id is None:
        return None
    rests = tuple(
        Rest(
            citation["page"],
            tuple(citation.get("clauses", ())),
            citation["hash"],
            citation["standing"],
        )
        for citation in record.content.get("citations", ())
        if citation["kind"] != "entry" and citation.get("page")
    )
    return Grounds(record.page_id, record.text_language, record.digest, rests)


def grounds_of_basis(basis: AnswerBasis) -> Grounds:
    """The same from the table; reads ``basis.sources``."""
    rests = tuple(
        Rest(source.page, tuple(source.clauses), source.digest, source.standing)
        for source in basis.sources.all()
    )
    return Grounds(basis.page, basis.language, basis.digest, rests)


def judged(grounds: Iterable[Grounds]) -> dict[Grounds, Verdict]:
    """How each stands now: a handful of queries for all together."""
    wanted = list(dict.fromkeys(grounds))
    public = answerable({one.page for one in wanted})
    over = _Over.read({one.page for one in wanted} - public.keys())
    return {
        one: _compared(one, public[one.page]) if one.page in public else over.verdict(one.page)
        for one in wanted
    }


def _compared(grounds: Grounds, found: Answerable) -> Verdict:
    """Whether the text that is public now is the one that was given, on the same sources."""
    now = found
    if grounds.language != found.language:
        now = in_language(found, grounds.language).entry
    if digest_of(now.answer_text) != grounds.digest:
        return Verdict(ReceiptState.SUPERSEDED, since=found.since, instead=found)
    if now.is_stale:  # a translation: what it says of its source is no longer so
        return Verdict(ReceiptState.SOURCE_AMENDED, now.stale_since, found)
    changed = _amended(grounds.rests, now.sources)
    if changed:
        moments = [source.since for source in changed if source.since]
        return Verdict(ReceiptState.SOURCE_AMENDED, max(moments, default=None), found)
    return Verdict(ReceiptState.VALID)


def _amended(rests: Sequence[Rest], sources: Sequence[Source]) -> list[Source]:
    """The sources that read differently now. One that the entry no longer names is none of them:
    its editors have put the same text on another basis."""
    by_place: Mapping[tuple[int | None, tuple[str, ...]], Source] = {
        (source.page, source.ids): source for source in sources
    }
    changed = []
    for rest in rests:
        source = by_place.get((rest.page, rest.clauses))
        if source is None:
            continue
        reads_otherwise = bool(rest.clauses) and digest_of(source.passage) != rest.digest
        if reads_otherwise or (source.standing in _AMENDED and source.standing != rest.standing):
            changed.append(source)
    return changed


@dataclass(frozen=True, slots=True)
class _Over:
    """What is known of entries that are not answered with any more: three queries for all."""

    ends: Mapping[int, datetime.datetime]
    successors: Mapping[int, int]
    following: Mapping[int, Answerable]

    @classmethod
    def read(cls, pages: Iterable[int]) -> "_Over":
        wanted, now = list(pages), timezone.now()
        if not wanted:
            return cls({}, {}, {})
        last = {
            row.page_id: row
            for row in Publication.objects.filter(page_id__in=wanted).order_by("since", "pk")
        }
        ends = {}
        for page, row in last.items():
            moments = [m for m in (row.until, row.valid_until) if m is not None and m <= now]
            if page is not None and moments:
                ends[page] = min(moments)
        successors = dict(
            QuestionPage.objects.filter(pk__in=wanted, superseded_by__isnull=False).values_list(
                "pk", "superseded_by_id"
            )
        )
        return cls(ends, successors, answerable(successors.values()))

    def verdict(self, page: int) -> Verdict:
        instead = self.following.get(self.successors.get(page, 0))
        state = ReceiptState.ENDED if instead is None else ReceiptState.SUPERSEDED
        return Verdict(state, self.ends.get(page), instead)
