"""What the search page, the API, the feed and other plugins ask of search, and what they get."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.search.engine.contract import Sort

PER_PAGE = 20
MOST_PAGES = 50
LONGEST_QUERY = 10_000  # more is refused politely; of a query the first 500 characters count


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for. ``site``: the site that asks (its rules apply). ``chosen``: facet →
    values (``engine.contract.FACETS``). ``in_title``: titles, aliases and numbers alone.
    ``exact``: no silent correction of what was typed."""

    text: str
    language: str
    site: int | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: datetime.date | None = None
    until: datetime.date | None = None
    in_title: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    facets: tuple[str, ...] = ()
    hide_repealed: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One result, as the database has it at this moment. ``title_html`` and ``snippet_html`` are
    escaped, with ``<mark>`` around what was looked for. ``extra`` is what its source gave for
    cards. ``pinned``: an editor's best bet, or exactly what was typed."""

    key: str
    kind: str
    title: str
    title_html: str
    snippet_html: str
    url: str
    site: int | None
    language: str
    date: datetime.datetime | None
    standing: str
    trust: str
    score: float
    number: str = ""
    agencies: tuple[int, ...] = ()
    parent: str = ""
    page: int | None = None
    pinned: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``how`` says what was needed: ``exact``, ``all_words``, ``fewer_words``, ``synonyms``,
    ``corrected``, ``bigrams``, ``meaning``, ``titles_only`` (the index is away), ``blocked``,
    ``empty``. ``corrected``: what was looked for in place of what was typed ("": as typed);
    ``did_you_mean``: what may have been meant, to offer. ``total`` may be more than
    can be paged to.
    ``chinese``: for other languages, how many Chinese results there are to offer."""

    results: tuple[Found, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    how: str = "all_words"
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()
    took_ms: float = 0.0
    chinese: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``text`` fills the field; ``url`` leads straight there ("" : search for the text). ``kind``:
    a kind of result, or ``query`` for what many looked for."""

    text: str
    kind: str
    url: str = ""
    html: str = ""
