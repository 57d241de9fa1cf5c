"""One search on its way: its rules, the ways to read it, and what it is narrowed to."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from portal.plugin_api import Standing
from portal.search.engine.contract import FACETS, Filters, SearchEngine, Sort
from portal.search.planning.nodes import Maker
from portal.search.planning.reading import Reading, readings
from portal.search.planning.vocabulary import vocabulary
from portal.search.rules import Rules
from portal.search.services.contract import Search
from portal.text.searching import Analyser

CHINESE = "zh-hans"
_NO_LONGER_IN_FORCE = (str(Standing.REPEALED), str(Standing.EXPIRED))


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that the steps of a search need. ``at`` is one moment for all of them."""

    search: Search
    text: str
    language: str
    rules: Rules
    engine: SearchEngine
    analyser: Analyser
    readings: tuple[Reading, ...]
    filters: Filters
    maker: Maker

    @property
    def by_date(self) -> bool:
        return self.search.sort is Sort.DATE

    def for_text(self, text: str) -> "Asked":
        """The same search for another text."""
        return replace(self, text=text, readings=_read(text, self))

    def in_chinese(self) -> "Asked":
        """The same search for what there is in Chinese."""
        other = replace(self, language=CHINESE, filters=replace(self.filters, languages=(CHINESE,)))
        return replace(other, readings=_read(self.text, other))


def asked(search: Search, *, rules: Rules, engine: SearchEngine, analyser: Analyser) -> Asked:
    """A search with the moment that is now."""
    language = document_language(search.language)
    made = Asked(
        search,
        search.text,
        language,
        rules,
        engine,
        analyser,
        (),
        filters_of(search, language, at=timezone.now()),
        Maker(analyser, rules.weights, search.in_title),
    )
    return replace(made, readings=_read(search.text, made))


def document_language(language: str) -> str:
    """The language of documents for the language of a view: traditional Chinese is shown by
    conversion, its documents are the simplified ones."""
    return CHINESE if language.startswith("zh") else language


def filters_of(search: Search, language: str, *, at: datetime.datetime) -> Filters:
    """Days are those of the portal's clock; ``until`` is the last day that counts."""
    until = None if search.until is None else search.until + datetime.timedelta(days=1)
    return Filters(
        at=at,
        chosen=_known(search.chosen),
        languages=(language,),
        since=_midnight(search.since),
        until=_midnight(until),
        without_standings=_NO_LONGER_IN_FORCE if search.hide_repealed else (),
    )


def _known(chosen: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {facet: tuple(values) for facet, values in chosen.items() if facet in FACETS and values}


def _midnight(day: datetime.date | None) -> datetime.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _read(text: str, asked: Asked) -> tuple[Reading, ...]:
    return readings(
        text,
        language=asked.language,
        analyser=asked.analyser,
        vocabulary=vocabulary(asked.rules, asked.analyser, asked.language),
    )
