"""What everybody reads of letters: the hub, the ledger, one answered letter, figures, feed."""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.plugin_api import (
    CapabilityUnavailable,
    Pagination,
    capability,
    clocks,
    from_elsewhere,
    page_today,
    search_places,
)

from . import limits
from .models import Letter
from .selectors import figures
from .selectors.kinds import ENTRIES, is_spoken_at, open_kinds
from .selectors.ledger import (
    LOOKED_THROUGH,
    MOST,
    LedgerFilters,
    choices_of,
    ledger,
    newest,
    public_letter,
    public_letters,
)
from .surroundings import Place, place_of

PER_PAGE = 20
NEWEST_ON_HUB = 5
IN_FEED = 30


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """What one can do here: six plain entries, a look at one's own letter, figures, answers."""
    place = place_of(request)
    kinds = open_kinds(place.site) if is_spoken_at(place.site, place.language) else ()
    site = _listed(place)
    context = _context(place) | {
        "entries": [
            (
                place.url("error") if kind == "error" else place.url("write", kind=str(kind)),
                *ENTRIES[kind],
            )
            for kind in kinds
        ],
        "numbers": figures.summary(site=site, year=page_today().year),
        "rows": newest(site, NEWEST_ON_HUB),
    }
    return render(request, "interaction/public/hub.html", context)


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """The ledger with its five columns, newest answer first."""
    place = place_of(request)
    filters = LedgerFilters.of(request.GET)
    number = _page_number(request.GET.get("page", "1"))
    site = _listed(place)
    found = ledger(site, filters, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    pages = max(1, -(-found.count // PER_PAGE))
    if number > pages:
        raise Http404
    context = _context(place) | {
        "filters": filters,
        "choices": choices_of(site),
        "found": found,
        "most": MOST,
        "is_narrowed": filters.is_narrowed or number > 1,
        "looked_through": LOOKED_THROUGH,
        "search_url": _search_url(place, filters.q),
        "numbers": figures.summary(site=site, year=page_today().year),
        "pagination": QueryPages(number, found.count, PER_PAGE, "", _query(place, filters)),
    }
    return render(request, "interaction/public/ledger.html", context)


@require_http_methods(["GET", "HEAD"])
def public_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One answered letter; what is not public is not there."""
    place = place_of(request)
    found = public_letter(_listed(place), number)
    if found is None:
        raise Http404
    context = _context(place) | {
        "found": found,
        "letter": found.letter,
        "useful_url": place.url("useful", number),
        "thanks": request.GET.get("thanks") == "1",
        "days": _days(found.letter),
    }
    response = render(request, "interaction/public/public_letter.html", context)
    if request.GET.get("thanks"):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@csrf_exempt  # no cookie, no account: where the form comes from is asked instead
@require_http_methods(["POST"])
def useful(request: HttpRequest, number: str) -> HttpResponse:
    """Whether an answer was useful to somebody else; counted once a visitor and day."""
    place = place_of(request)
    letter = public_letters(_listed(place)).filter(number=number).only("pk").first()
    answer = request.POST.get("useful")
    if letter is None or from_elsewhere(request) or answer not in ("yes", "no"):
        raise Http404
    if limits.counts_as_useful(limits.visitor(request), letter.pk):
        name = "useful" if answer == "yes" else "not_useful"
        Letter.objects.filter(pk=letter.pk).update(**{name: F(name) + 1})
    return HttpResponseRedirect(place.url("detail", number, thanks="1") + "#useful")


# --- figures --------------------------------------------------------------------------------------
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """What was promised and what was kept, from the same history as the ledger (feature 25)."""
    place = place_of(request)
    site, year = _listed(place), _year(request)
    context = _context(place) | {
        "year": year,
        "years": figures.years(site=site),
        "numbers": figures.summary(site=site, year=year),
        "tables": _tables(site, year),
        "csv_url": place.url("figures_csv", year=str(year)),
        "json_url": place.url("figures_json", year=str(year)),
        "all_url": place.url("figures_csv"),
    }
    return render(request, "interaction/public/figures.html", context)


def _tables(site: int | None, year: int) -> list[tuple[str, str, Any]]:
    """Heading, what the first column names, rows."""
    parts = figures.parts(site=site, year=year)
    titles = (
        ("kind", gettext("By kind"), gettext("Kind")),
        ("unit", gettext("By unit"), gettext("Unit")),
        ("theme", gettext("By theme"), gettext("Theme")),
        ("month", gettext("By month"), gettext("Month")),
    )
    return [(title, column, parts[name]) for name, title, column in titles if parts[name]]


@require_safe
def statistics_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The events behind the figures as open data: whoever likes adds them up anew. Sent as they
    are read, row by row, however many there are."""
    place = place_of(request)
    wait = limits.wait_for_events(limits.visitor(request))
    if wait:
        return _too_often(wait)
    year = _year(request) if "year" in request.GET else None
    rows = figures.export_events(
        site=_listed(place),
        first=datetime.date(year or 2000, 1, 1),
        last=datetime.date(year, 12, 31) if year else page_today(),
    )
    name = f"letters-{place.code or 'portal'}-{year or 'all'}.{ending}"
    kind = "application/json" if ending == "json" else "text/csv"
    lines = _as_json(rows) if ending == "json" else figures.as_csv(rows)
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "max-age=300, public"
    return response


def _too_often(wait: int) -> HttpResponse:
    words = gettext(
        "This file was fetched very often from your network. Please come again in %(minutes)d "
        "minutes."
    ) % {"minutes": -(-wait // 60)}
    response = HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "["
    for place, row in enumerate(rows):
        yield ("," if place else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


@require_safe
@cache_control(public=True, max_age=300)
def feed(request: HttpRequest) -> HttpResponse:
    """The newest public answers as an Atom feed."""
    place = place_of(request)
    name = place.portal.site.name if place.portal.site else ""
    atom = Atom1Feed(
        title=f"{gettext('Answered letters')} - {name}",
        link=request.build_absolute_uri(place.url("public")),
        description="",
        feed_url=request.build_absolute_uri(),
        language=place.language,
        author_name=name,
    )
    for row in newest(_listed(place), IN_FEED):
        atom.add_item(
            title=row.subject,
            link=request.build_absolute_uri(place.url("detail", row.number)),
            description=row.excerpt,
            unique_id=f"tag:{place.portal.host},2026:letter-{row.number}",
            pubdate=row.answered_at,
            updateddate=row.answered_at,
            categories=(row.kind_label,),
        )
    response = HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- parts ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class QueryPages(Pagination):
    """Pages of a list that is addressed by its filters: ``?kind=…&page=2``."""

    def url(self, number: int) -> str:
        pairs = [self.query, f"page={number}" if number > 1 else ""]
        return f"{self.base_url}?{'&'.join(part for part in pairs if part)}"


def _listed(place: Place) -> int | None:
    """The main portal lists the letters of every site, a sub-site its own."""
    return None if place.is_main and not place.code else place.site


def _context(place: Place) -> dict[str, Any]:
    return {
        "place": place,
        "portal": place.portal,
        "hub_url": place.url("hub") if place.in_chinese else "",
        "write_url": place.url("write"),
        "status_url": place.url("status"),
        "public_url": place.url("public"),
        "feed_url": place.url("feed"),
        "figures_url": place.url("figures"),
    }


def _search_url(place: Place, words: str) -> str:
    """Where all letters are searched through, with pages and guides; "" where nobody does."""
    provider = capability(search_places, place.site) if words else None
    if provider is None:
        return ""
    try:
        found = provider.search_place(site=place.site, language=place.language)
    except CapabilityUnavailable:
        return ""
    query = {found.field: words} | ({"site": found.site} if found.site else {})
    return f"{found.url}?{urlencode(query)}"


def _query(place: Place, filters: LedgerFilters) -> str:
    site = urlencode({"site": place.code}) if place.code else ""
    return "&".join(part for part in (site, filters.query()) if part)


def _page_number(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and 0 < int(typed[:6]) <= MOST):
        raise Http404
    return int(typed[:6])


def _year(request: HttpRequest) -> int:
    typed = request.GET.get("year", "")
    this = page_today().year
    if typed.isascii() and typed.isdecimal() and len(typed) == 4 and 2000 <= int(typed) <= this:
        return int(typed)
    return this


def _days(letter: Letter) -> int | None:
    """Working days from receipt to answer, as the figures count them."""
    if letter.answered_at is None:
        return None
    first, last = timezone.localdate(letter.received_at), timezone.localdate(letter.answered_at)
    return clocks.working_days_since(letter.site_id, [first], today=last)[first]
