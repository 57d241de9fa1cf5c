"""What an address asks of search: read once, the same for the page and the feed.

Whatever stands in an address, something is answered: what makes no sense is left aside.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, QueryDict

from portal.plugin_api import PortalContext, portal_of
from portal.search.engine.contract import FACETS, Sort
from portal.search.services.contract import LONGEST_QUERY, MOST_PAGES, Search

# Names in addresses → facets. ``site`` is the site whose search page it is.
PARAMETERS = {
    "kind": "kind",
    "sites": "site",
    "column": "column",
    "theme": "theme",
    "agency": "agency",
    "year": "year",
    "validity": "standing",
    "form": "form",
}
MOST_VALUES = 20
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_VALUE = re.compile(r"[\w.-]{1,60}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"[0-9]{4}")
_SHAPES = {"column": _NUMBER, "agency": _NUMBER, "year": _YEAR}
_HIGH = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``chosen``: name in the address → values, as they stand there. ``site_code``: of the
    sub-site that shares its host. ``everywhere``: all sites, not only the one that asks.
    ``in_chinese``: the Chinese results, on a page in another language."""

    portal: PortalContext
    text: str = ""
    is_too_long: bool = False
    site_code: str = ""
    everywhere: bool = True
    in_chinese: bool = False
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: datetime.date | None = None
    until: datetime.date | None = None
    in_title: bool = False
    hide_repealed: bool = False
    exact: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def is_main(self) -> bool:
        return self.portal.site_pk == self.portal.structure.main_site_pk

    @property
    def language(self) -> str:
        """Of what is looked for."""
        return settings.LANGUAGE_CODE if self.in_chinese else self.portal.language

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen or self.since or self.until or self.in_title or self.hide_repealed)

    # --- as an address ---------------------------------------------------------------------------
    def pairs(self, *, without: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        """What stands in the address, always in the same order; of ``page`` nothing."""
        yield from (pair for pair in self._pairs() if pair[0] not in without)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if self.text:
            yield "q", self.text
        if self.site_code:
            yield "site", self.site_code
        if self.everywhere != self.is_main:
            yield "scope", "all" if self.everywhere else "site"
        if self.in_chinese:
            yield "language", settings.LANGUAGE_CODE
        if self.in_title:
            yield "in", "title"
        if self.hide_repealed:
            yield "current", "1"
        if self.exact:
            yield "exact", "1"
        if self.sort is not Sort.RELEVANCE:
            yield "sort", str(self.sort)
        for name, values in self.chosen.items():
            for value in values:
                yield name, value
        if self.since is not None:
            yield "from", self.since.isoformat()
        if self.until is not None:
            yield "to", self.until.isoformat()

    @property
    def query(self) -> str:
        return urlencode(list(self._pairs()), quote_via=quote)

    def address(self) -> str:
        """The address that asks this, from its first page on."""
        return f"?{self.query}"

    def toggled(self, name: str, value: str) -> "Asked":
        """The same with a value of a facet chosen, or no longer."""
        values = self.chosen.get(name, ())
        rest = tuple(v for v in values if v != value)
        changed = dict(self.chosen)
        changed[name] = rest if value in values else (*values, value)
        return replace(self, chosen={n: v for n, v in changed.items() if v}, page=1)

    def widened(self) -> "Asked":
        """The same words, without anything that narrows them."""
        return replace(
            self, chosen={}, since=None, until=None, in_title=False, hide_repealed=False, page=1
        )

    # --- for search ------------------------------------------------------------------------------
    def search(self, *, facets: bool = True) -> Search:
        chosen = {PARAMETERS[n]: values for n, values in self.chosen.items() if n != "sites"}
        sites = self.chosen.get("sites", ())
        if not self.everywhere and self.portal.site_pk is not None:
            chosen["site"] = (str(self.portal.site_pk),)
        elif sites:
            codes = {record.code: str(pk) for pk, record in self.portal.structure.records.items()}
            # A code that no site has leaves nothing, rather than everything.
            chosen["site"] = tuple(codes.get(code, "0") for code in sites)
        return Search(
            text=self.text,
            language=self.language,
            site=self.portal.site_pk,
            chosen=chosen,
            since=self.since,
            until=self.until,
            in_title=self.in_title,
            sort=self.sort,
            page=self.page,
            facets=FACETS if facets else (),
            hide_repealed=self.hide_repealed,
            exact=self.exact,
        )


def read_asked(request: HttpRequest) -> Asked:
    """What the address of a request asks.

    Raises:
        Http404: the site that it names is not public.
    """
    told = request.GET
    portal, code = _place(request, told.get("site", ""))
    typed = told.get("q", "")
    is_too_long = len(typed) > LONGEST_QUERY
    is_main = portal.site_pk == portal.structure.main_site_pk
    scope = told.get("scope", "")
    asks_chinese = told.get("language") == settings.LANGUAGE_CODE
    return Asked(
        portal=portal,
        text=clean(typed[:LONGEST_QUERY]),
        is_too_long=is_too_long,
        site_code=code,
        everywhere=scope == "all" or (is_main and scope != "site"),
        in_chinese=asks_chinese and portal.language != settings.LANGUAGE_CODE,
        chosen=_chosen(told),
        since=_day(told.get("from", "")),
        until=_day(told.get("to", "")),
        in_title=told.get("in") == "title",
        hide_repealed=told.get("current") == "1",
        exact=told.get("exact") == "1",
        sort=Sort.DATE if told.get("sort") == Sort.DATE else Sort.RELEVANCE,
        page=_page(told.get("page", "")),
    )


def clean(text: str) -> str:
    """What was typed, in one line, without what no keyboard writes."""
    return " ".join(_SURROGATE.sub("\ufffd", _NOT_TEXT.sub(" ", text)).split())


def _place(request: HttpRequest, code: str) -> tuple[PortalContext, str]:
    """The surroundings; ``?site=`` names a sub-site that is served by path."""
    portal = portal_of(request)
    if not code:
        return portal, ""
    found = portal.structure
    record = next((record for record in found.records.values() if record.code == code), None)
    root = found.site_root(record.pk, portal.language) if record is not None else None
    if root is None or not root.is_public:
        raise Http404("This site is not public")
    shown = PortalContext(request, found, root=root, host=portal.host, language=portal.language)
    return shown, code


def _chosen(told: QueryDict) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in PARAMETERS:
        shape = _SHAPES.get(name, _VALUE)
        values = dict.fromkeys(v for v in told.getlist(name)[:MOST_VALUES] if shape.fullmatch(v))
        if values:
            found[name] = tuple(values)
    return found


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(_HIGH)):
        return 1
    return max(1, min(int(text), MOST_PAGES))
