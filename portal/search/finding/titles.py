"""Titles in the database: what is left of search while there is no index."""

import datetime

from django.db.models import Q

from portal.search.planning.reading import readings
from portal.search.planning.vocabulary import vocabulary
from portal.search.rules import Rules
from portal.search.services.contract import Search
from portal.text.searching import Analyser

from .asking import document_language, filters_of
from .checking import public_rows

_MOST_WORDS = 6
MOST_FOUND = 200


def found_in_titles(
    search: Search, rules: Rules, analyser: Analyser, *, at: datetime.datetime
) -> list[str]:
    """Keys of documents with all words of a query in their titles, the newest first; one query."""
    language = document_language(search.language)
    filters = filters_of(search, language, at=at)
    read = readings(
        search.text,
        language=language,
        analyser=analyser,
        vocabulary=vocabulary(rules, analyser, language),
    )
    wanted = Q()
    for reading in read:
        words = [unit.text for unit in reading.units if not unit.is_loose][:_MOST_WORDS]
        words += [quote.strip() for quote in reading.quotes]
        if words:
            every = Q()
            for word in words:
                every &= Q(title__icontains=word) | Q(number__icontains=word)
            wanted |= every
    if not wanted:
        return []
    rows = public_rows(at).filter(wanted, language=language)
    rows = rows.exclude(standing__in=filters.without_standings)
    if kinds := filters.chosen.get("kind"):
        rows = rows.filter(kind__in=kinds)
    if sites := filters.chosen.get("site"):
        rows = rows.filter(site__in=[int(site) for site in sites if site.isdecimal()])
    if filters.since is not None:
        rows = rows.filter(date__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(date__lt=filters.until)
    return list(rows.order_by("-date", "-pk").values_list("key", flat=True)[:MOST_FOUND])
