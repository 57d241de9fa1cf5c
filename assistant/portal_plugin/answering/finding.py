"""From a question to the entries that may answer it, and the decision; degrades in steps.

1. the index with vectors (``full``) or by words (``lexical``), as it says itself;
2. where the index fails: the questions in the database, word by word (``database``);
3. where the database fails too, ``DatabaseError`` reaches the service, which says so.

Whatever finds them: what is shown is read anew from the database, as it stands at the moment asked
for, and an entry that is not public and in force then is not among the results.
"""

import datetime
import logging
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.selectors.knowledge import Answerable, answerable
from assistant.retrieval.contract import Decision, Hit, Query, Retrieval, Retriever
from portal.plugin_api import pinned

logger = logging.getLogger(__name__)

TOP = 10
MOST_TO_CHOOSE = 3
# Of the questions in the database: so alike that only the spelling differs, or worth a look.
_SAME, _ALIKE = 0.86, 0.4
_MOST_TERMS, _MOST_ROWS = 12, 300


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that is public and in force, with its score in this ranking."""

    entry: Answerable
    score: float


@dataclass(frozen=True, slots=True)
class Findings:
    """The ranking, the best first, and what to do with it. ``close``: to choose from."""

    decision: Decision
    matches: Sequence[Match]
    close: Sequence[Match]
    confidence: float
    mode: str


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: ``sites`` None for all; ``as_of`` None for what is in force now."""

    text: str
    language: str
    as_of: datetime.datetime | None = None
    sites: frozenset[int] | None = None
    audience: frozenset[str] | None = None


class Truth(Protocol):
    """Gives those of some entries that are public and in force at a moment (None: now)."""

    def __call__(
        self, ids: Iterable[int], *, at: datetime.datetime | None = None
    ) -> Mapping[int, Answerable]: ...


@pinned()
def find(search: Search, retriever: Retriever | None = None, truth: Truth = answerable) -> Findings:
    """Rank the entries for a question and decide.

    ``retriever`` and ``truth`` are those of the moment, unless it is asked what would be.

    Raises:
        DatabaseError: the database cannot be asked.
    """
    query = Query(
        search.text,
        language=search.language,
        at=(search.as_of or timezone.now()).timestamp(),
        sites=search.sites,
        audience=search.audience,
        top=TOP,
    )
    try:
        found = (retriever or _retriever()).retrieve(query)
    except DatabaseError:
        raise
    except Exception:
        # Whatever is broken in an index or a model, people still get what the database knows.
        logger.exception("The index cannot answer; the questions in the database are searched")
        return _in_database(search)
    return _with_truth(search, found, truth)


def _retriever() -> Retriever:
    from assistant.portal_plugin.index.serving import retriever  # loads models: at first use

    return retriever()


def _with_truth(search: Search, found: Retrieval, ask: Truth = answerable) -> Findings:
    """The ranking as the database allows it.

    Where the entry that was to be the answer is gone, none of the others takes its place unasked:
    they are offered where they were close, else the question is declined.
    """
    ranked, decision = found.ranked, found.decision
    pages = page_keys([hit.entry for hit in ranked])
    truth = ask(pages.values(), at=search.as_of)
    matches = [
        Match(truth[pages[hit.entry]], hit.score)
        for hit in ranked
        if pages.get(hit.entry) in truth and _is_for(search, truth[pages[hit.entry]])
    ]
    by_id = {match.entry.page: match for match in matches}
    nearby = [by_id[pages[key]] for key in found.close if pages.get(key) in by_id]
    if decision is Decision.ANSWER:
        first = pages.get(ranked[0].entry) if ranked else None
        if first not in by_id:
            nearby = [match for match in nearby if match.entry.page != first]
            decision = Decision.ASK_BACK if nearby else Decision.DECLINE
    elif decision is Decision.ASK_BACK and not nearby:
        nearby = matches[:MOST_TO_CHOOSE]
        decision = Decision.ASK_BACK if nearby else Decision.DECLINE
    return Findings(decision, matches, nearby[:MOST_TO_CHOOSE], found.confidence, found.mode)


def page_keys(ids: Sequence[str]) -> dict[str, int]:
    """Primary keys of pages for the identifiers of entries: no query for those that are numbers."""
    found = {name: int(name) for name in ids if name.isascii() and name.isdecimal()}
    named = [name for name in ids if name not in found]
    if named:
        rows = QuestionPage.objects.filter(key__in=named, live=True).values_list("key", "pk")
        found |= dict(rows)
    return found


def _is_for(search: Search, entry: Answerable) -> bool:
    at_site = search.sites is None or not entry.site or entry.site in search.sites
    wanted = not search.audience or not entry.audience
    return at_site and (wanted or bool(search.audience & {*entry.audience, "everyone"}))  # type: ignore[operator]


# --- without an index -----------------------------------------------------------------------------
def _in_database(search: Search) -> Findings:
    """The questions themselves, by pairs of characters: sure of the same question only."""
    terms = _terms(search.text)
    if not terms:
        return Findings(Decision.DECLINE, (), (), 0.0, "database")
    wanted = Q()
    for term in sorted(terms, key=len, reverse=True)[:_MOST_TERMS]:
        wanted |= Q(question__icontains=term) | Q(title__icontains=term)
    rows = QuestionPage.objects.filter(wanted, live=True, alias_of__isnull=True).values_list(
        "pk", "question", "title", "phrasings"
    )[:_MOST_ROWS]
    scored = sorted(
        (
            (max(_likeness(terms, text) for text in (question, title, *phrasings)), pk)
            for pk, question, title, phrasings in rows
        ),
        reverse=True,
    )[:TOP]
    ranked = [Hit(str(pk), round(score, 4)) for score, pk in scored if score > 0]
    best = ranked[0].score if ranked else 0.0
    close = [hit.entry for hit in ranked if hit.score >= _ALIKE][:MOST_TO_CHOOSE]
    decision = Decision.DECLINE
    if best >= _SAME:
        decision = Decision.ANSWER
    elif close:
        decision = Decision.ASK_BACK
    return _with_truth(search, Retrieval(ranked, decision, best, close, "database"))


def _terms(text: str) -> set[str]:
    """Words of alphabetic scripts, pairs of Chinese characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    terms: set[str] = set()
    word = ""
    for character in f"{folded} ":
        if character.isalnum() and not _is_ideograph(character):
            word += character
            continue
        if len(word) > 1:
            terms.add(word)
        word = ""
    terms |= {
        first + second
        for first, second in pairwise(folded)
        if _is_ideograph(first) and _is_ideograph(second)
    }
    return terms


def _is_ideograph(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff"


def _likeness(terms: set[str], text: str) -> float:
    """Dice's coefficient of what two texts have in common."""
    other = _terms(text)
    return 2 * len(terms & other) / (len(terms) + len(other)) if other else 0.0
