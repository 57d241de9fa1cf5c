"""Suggestions while somebody types."""

import logging
import sqlite3
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.html import escape
from wagtail.models import Page

from portal.search.models import Document
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

    ``site`` None: of all sites. One query of the database, which has the last word on what is
    public. Empty where nothing was typed, and where this machine has no names yet.
    """
    file = store.reader()
    if file is None or not text.strip():
        return ()
    try:
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
    """Those whose document is there and, if it is a page or belongs to one, whose page is live."""
    keys = [match.key for match in found if match.kind != QUERY]
    if not keys:
        return set()
    live = Exists(Page.objects.filter(pk=OuterRef("page"), live=True))
    return set(
        Document.objects.filter(Q(page=None) | live, key__in=keys, is_removed=False).values_list(
            "key", flat=True
        )
    )
