"""Suggestions while somebody types."""

import logging
import sqlite3
from collections.abc import Sequence

from django.utils import timezone
from django.utils.html import escape

from portal.search.finding.checking import public_rows, without_hidden
from portal.search.suggestions import store
from portal.search.suggestions.matching import Match, matches
from portal.search.suggestions.names import signs, stored_language

from . import log
from .contract import Suggestion

logger = logging.getLogger(__name__)

QUERY = "query"


def suggest(
    text: str, *, site: int | None, language: str, count: int = 8
) -> tuple[Suggestion, ...]:
    """What begins with, sounds like or is abbreviated by the text; the likeliest first.

    ``site`` None: of all sites. Two queries of the database, which has the last word on what is
    public. Empty where nothing was typed, and where this machine has no names yet.
    """
    if not text.strip():
        return ()
    try:
        file = store.reader()
        if file is None:
            return ()
        found = matches(file, text, site=site, language=language, count=count)
    except sqlite3.DatabaseError:
        # Damaged, or just being made: searching goes on without.
        logger.exception("The names for suggestions cannot be read")
        store.close_reader()
        return ()
    public = _public(found)
    return tuple(
        Suggestion(match.shown_as, match.kind, match.url, marked(match, language))
        for match in found
        if match.kind == QUERY or match.key in public
    )[:count]


def popular(*, site: int | None, language: str, count: int = 8) -> tuple[str, ...]:
    """What many people looked for lately, above the threshold of privacy."""
    return log.popular_queries(site=site, language=stored_language(language))[:count]


def marked(match: Match, language: str) -> str:
    """HTML of a suggestion with ``<mark>`` around what was typed. Where another name of it was
    begun, that follows in a ``<span class="suggestion-name">``."""
    places = signs(match.name, stored_language(language))
    begin = places[match.place][1]
    end = places[min(match.place + match.length, len(places)) - 1][2]
    name = match.name
    html = f"{escape(name[:begin])}<mark>{escape(name[begin:end])}</mark>{escape(name[end:])}"
    if match.name == match.shown_as:
        return html
    return f'{escape(match.shown_as)} <span class="suggestion-name">{html}</span>'


def _public(found: Sequence[Match]) -> set[str]:
    """Those that everybody may see now, by the database. Two queries."""
    keys = [match.key for match in found if match.kind != QUERY]
    if not keys:
        return set()
    now = timezone.now()
    rows = public_rows(now).filter(key__in=keys).only("key", "page", "site")
    return {row.key for row in without_hidden(rows, at=now)}
