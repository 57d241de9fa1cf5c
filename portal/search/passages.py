"""Official text that a question is about, by search: clauses of documents in force, guides and the
pages that say how things stand. The provider of ``passages`` where search is on.

News are left out: they tell of a matter, and nothing rests on them.
"""

import datetime
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.plugin_api import (
    CapabilityUnavailable,
    CitedClauses,
    ClauseText,
    Passage,
    capability,
    clauses,
    main_site_pk,
    passages,
)

from .engine.contract import EngineUnavailable
from .finding.asking import document_language
from .models import Document
from .planning.reading import Reading, Unit, readings
from .planning.vocabulary import vocabulary
from .services.contract import Found, Search
from .services.engines import current_analyser, current_engine
from .services.rules import rules_for
from .services.searching import find

logger = logging.getLogger(__name__)

KINDS = ("clause", "service", "page")
_LONGEST_QUESTION = 500
_LONGEST = 400  # characters that one reads at a glance
_OF_ONE_DOCUMENT = 2
# Less than this share of the question, and a text is about another matter.
_LEAST = 0.5
_TITLE = 0.9  # what a word counts that only the title has
_NOW = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is read as a whole. ``whole``: the key of its document."""

    passage: Passage
    whole: str


class FoundPassages:
    """Asks search; whoever else provides passages where search cannot tell."""

    def passages(
        self,
        text: str,
        *,
        site: int | None,
        language: str,
        at: datetime.datetime | None = None,
        count: int = 5,
    ) -> Sequence[Passage]:
        """See ``Passages``. The index knows texts as they are now: of another moment others tell,
        and so they do where there is no index, or it has nothing that fits."""
        found: Sequence[Passage] = ()
        if at is None or abs(at - timezone.now()) < _NOW:
            found = _found(text[:_LONGEST_QUESTION], site, language, count)
        if found or count < 1:
            return found
        return _of_others(text, site=site, language=language, at=at, count=count)


def _found(text: str, site: int | None, language: str, count: int) -> Sequence[Passage]:
    try:
        current_engine()
    except EngineUnavailable:
        return ()
    stored = document_language(language)
    chosen: dict[str, tuple[str, ...]] = {"kind": KINDS}
    if site is not None:
        chosen["site"] = tuple(str(pk) for pk in dict.fromkeys((site, main_site_pk())) if pk)
    search = Search(
        text=text, language=stored, site=site, chosen=chosen, hide_repealed=True, exact=True
    )
    hits = find(search).results
    taken: dict[str, int] = {}
    told: list[Passage] = []
    for piece in _pieces(hits, _read(text, site, stored)):
        if taken.get(piece.whole, 0) < _OF_ONE_DOCUMENT and len(told) < count:
            taken[piece.whole] = taken.get(piece.whole, 0) + 1
            told.append(piece.passage)
    return told


def _of_others(text: str, **about: Any) -> Sequence[Passage]:
    for provider in passages.providers(about["site"]):
        if isinstance(provider, FoundPassages):
            continue
        try:
            return provider.passages(text, **about)
        except CapabilityUnavailable:
            logger.warning("Another provider of passages cannot tell just now")
    return ()


def _read(text: str, site: int | None, language: str) -> Reading:
    analyser = current_analyser()
    words = vocabulary(rules_for(site), analyser, language)
    return readings(text, language=language, analyser=analyser, vocabulary=words)[0]


# --- what is read as a whole ----------------------------------------------------------------------
def _pieces(hits: Sequence[Found], reading: Reading) -> Iterator[_Piece]:
    """The texts behind the hits, in their order, each once, where enough of the question is."""
    rows = {
        row["key"]: row
        for row in Document.objects.filter(key__in=[hit.key for hit in hits]).values(
            "key", "title", "body", "summary", "valid_from", "valid_until"
        )
    }
    units = _units_of_clauses(hits)
    seen: set[str] = set()
    now = timezone.now()
    for hit in hits:
        row = rows.get(hit.key)
        if row is None or not _holds(row, now):
            continue
        piece = _piece(hit, row, units.get(hit.key), reading)
        if piece is not None and piece.passage.key not in seen:
            seen.add(piece.passage.key)
            yield piece


def _piece(
    hit: Found, row: Mapping[str, Any], unit: ClauseText | None, reading: Reading
) -> _Piece | None:
    body = row["summary"] or row["body"][:_LONGEST]
    title, label, url, key, kind = hit.title, "", hit.url, hit.key, hit.kind
    if hit.kind == "clause":
        body, kind = row["body"], "policy"
        title, label = str(hit.extra.get("document", "")), str(hit.extra.get("clause", ""))
        key = key.replace("clause:", "page:", 1)
        if unit is not None and len(unit.text) <= _LONGEST:
            body, label, url = unit.text, unit.label, unit.url
            key = f"page:{unit.document}#{hit.extra.get('unit_anchor', '')}"
    share = _share(reading, title, body)
    if share < _LEAST:
        return None
    passage = Passage(
        kind=kind,
        key=key,
        title=title,
        url=url,
        label=label,
        text=body,
        standing=hit.standing,
        score=round(share, 3),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
    )
    return _Piece(passage, hit.parent or hit.key)


def _units_of_clauses(hits: Sequence[Found]) -> dict[str, ClauseText]:
    """The articles that clauses lie in, in force now, by key of the hit."""
    wanted = {
        hit.key: (hit.page, str(hit.extra["unit"]))
        for hit in hits
        if hit.kind == "clause" and hit.page is not None and hit.extra.get("unit")
    }
    provider = capability(clauses, None) if wanted else None
    if provider is None:
        return {}
    by_document: dict[int, dict[str, None]] = {}
    for page, unit in wanted.values():
        by_document.setdefault(page, {})[unit] = None
    try:
        read = provider.read([CitedClauses(page, tuple(ids)) for page, ids in by_document.items()])
    except CapabilityUnavailable:
        return {}
    now = timezone.now()
    found = {(one.document, one.clause): one for one in read if one.is_in_force(now)}
    return {key: found[place] for key, place in wanted.items() if place in found}


def _holds(row: Mapping[str, Any], now: datetime.datetime) -> bool:
    return (row["valid_from"] is None or row["valid_from"] <= now) and (
        row["valid_until"] is None or row["valid_until"] > now
    )


def _share(reading: Reading, title: str, text: str) -> float:
    """How much of the question occurs: its words, or what they mean officially."""
    units = [unit for unit in reading.units if not unit.is_loose]
    if not units:
        return 1.0
    text, title = text.lower(), title.lower()
    counted = 0.0
    for unit in units:
        if _occurs(unit, text):
            counted += 1
        elif _occurs(unit, f"{title} {text}"):
            counted += _TITLE
    return counted / len(units)


def _occurs(unit: Unit, text: str) -> bool:
    ways = (unit.words, *(meaning.words for meaning in unit.meanings))
    return unit.text in text or any(all(word in text for word in way) for way in ways if way)
