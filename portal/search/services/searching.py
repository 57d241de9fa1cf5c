"""Finding: from what was typed to what is shown."""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext

from portal.search.engine.contract import EngineQuery, EngineUnavailable
from portal.search.finding.asking import CHINESE, Asked, asked, document_language
from portal.search.finding.cascade import Ranked, ranked
from portal.search.finding.checking import Row, shown_now
from portal.search.finding.facets import added, labelled
from portal.search.finding.highlighting import excerpt, marked, marker_of
from portal.search.finding.titles import found_in_titles
from portal.search.planning.nodes import any_reading
from portal.search.planning.reading import readings
from portal.search.planning.vocabulary import vocabulary
from portal.search.rules import Rules
from portal.text.searching import Analyser, fold
from portal.text.searching.marking import Marker

from .contract import LONGEST_QUERY, MOST_PAGES, PER_PAGE, Found, Outcome, Search
from .engines import current_analyser, current_engine
from .rules import rules_for

MARGIN = 5
"""So many results more are looked at: some may have been withdrawn a moment ago."""

logger = logging.getLogger(__name__)


def find(search: Search, *, rules: Rules | None = None) -> Outcome:
    """Everything that the search page, the API and the feed show of a search.

    Never raises for what was typed. Without an index titles are searched in the database.

    Args:
        search: what is looked for.
        rules: in place of those of the site, to try them.
    """
    began = time.perf_counter()
    search = _bounded(search)
    outcome = _found(search, rules)
    return replace(outcome, took_ms=(time.perf_counter() - began) * 1000)


def _bounded(search: Search) -> Search:
    text = search.text[:LONGEST_QUERY].encode("utf-8", "ignore").decode("utf-8")
    return replace(search, text=text, page=min(max(1, search.page), MOST_PAGES))


def _found(search: Search, rules: Rules | None) -> Outcome:
    if not search.text.strip():
        return Outcome(how="empty")
    rules = rules if rules is not None else rules_for(search.site)
    if _is_blocked(search, rules):
        return Outcome(
            how="blocked", notice=gettext("There are no results for this search on this website.")
        )
    analyser = current_analyser()
    try:
        return _by_engine(asked(search, rules=rules, engine=current_engine(), analyser=analyser))
    except EngineUnavailable as error:
        logger.warning("Search falls back to titles: %s", error)
        return _by_titles(search, rules, analyser)


def _is_blocked(search: Search, rules: Rules) -> bool:
    if not rules.blocked:
        return False
    language = document_language(search.language)
    typed = "".join(fold(search.text, language).split())
    words = _folded_words(tuple(rules.blocked), language)
    return any(word in typed for word in words if word)


@lru_cache(maxsize=64)
def _folded_words(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    return tuple("".join(fold(word, language).split()) for word in words)


def _by_engine(wanted: Asked) -> Outcome:
    search = wanted.search
    start = (search.page - 1) * PER_PAGE
    count = PER_PAGE + MARGIN
    found = ranked(wanted, facets=search.facets, count=start + count)
    rows, scores, gone = _page(found, start, count)
    marker = marker_of(found.asked.readings, wanted.analyser, wanted.language)
    counts = added(found.answer.facets, found.beside.facets)
    return Outcome(
        results=tuple(
            _result(row, marker, scores[row.key], is_pinned=row.key in found.pinned) for row in rows
        ),
        total=max(found.total - gone, len(rows)),
        facets=labelled(counts, wanted.filters.chosen, language=wanted.language),
        how=found.how,
        corrected=found.corrected,
        did_you_mean=found.did_you_mean,
        chinese=0 if wanted.language == CHINESE else _chinese(wanted),
    )


def _page(found: Ranked, start: int, count: int) -> tuple[list[Row], dict[str, float], int]:
    """The results of a page that may be shown, their scores, and how many may not be shown.

    Filled up from those that follow: once more if a whole margin of them is gone.
    """
    rows: list[Row] = []
    scores: dict[str, float] = {}
    gone = 0
    for first in (start, start + count):
        keys = found.keys(first, count)
        scores |= dict(keys)
        public = shown_now([key for key, _ in keys], at=found.asked.filters.at)
        for key, _ in keys:
            if len(rows) == PER_PAGE:
                break
            if key in public:
                rows.append(public[key])
            else:
                gone += 1
        if len(rows) == PER_PAGE or len(keys) < count:
            break
    return rows, scores, gone


def _chinese(wanted: Asked) -> int:
    """How many results there are in Chinese for a search in another language."""
    other = wanted.in_chinese()
    node = any_reading(other.maker.everything(reading) for reading in other.readings)
    if node is None:
        return 0
    return other.engine.search(EngineQuery(node=node, filters=other.filters, count=1)).total


def _by_titles(search: Search, rules: Rules, analyser: Analyser) -> Outcome:
    now = timezone.now()
    keys = found_in_titles(search, rules, analyser, at=now)
    start = (search.page - 1) * PER_PAGE
    shown = shown_now(keys[start : start + PER_PAGE], at=now)
    language = document_language(search.language)
    read = readings(
        search.text,
        language=language,
        analyser=analyser,
        vocabulary=vocabulary(rules, analyser, language),
    )
    marker = marker_of(read, analyser, language)
    return Outcome(
        results=tuple(_results(keys, shown, marker)),
        total=len(keys),
        how="titles_only",
        notice=gettext("Only titles are searched at the moment. Full search will be back soon."),
    )


def _results(keys: Sequence[str], shown: dict[str, Row], marker: Marker) -> Iterable[Found]:
    return (_result(shown[key], marker, 0.0, is_pinned=False) for key in keys if key in shown)


def _result(row: Row, marker: Marker, score: float, *, is_pinned: bool) -> Found:
    return Found(
        key=row.key,
        kind=row.kind,
        title=row.title,
        title_html=marked(row.title, marker),
        snippet_html=excerpt(row.body_start, row.summary, marker),
        url=row.url,
        site=row.site,
        language=row.language,
        date=row.date,
        standing=row.standing,
        trust=row.trust,
        score=score,
        number=row.number,
        agencies=tuple(row.agencies),
        parent=row.parent,
        page=row.page,
        pinned=is_pinned,
        extra=row.extra,
    )
