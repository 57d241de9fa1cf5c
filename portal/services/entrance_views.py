"""The one entrance to services, its lists, and the guided path: below each language.

Everything is a plain address: a choice is a link, a question is a form with GET.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from portal.plugin_api import (
    PortalContext,
    QueryPagination,
    page_number,
    portal_of,
    without_parameters,
)

from .platforms import connected
from .selectors.lists import (
    DIMENSIONS,
    Choice,
    Facet,
    Filters,
    GuideList,
    read_rows,
    sites_scope,
)
from .selectors.shelf import SITE, shelf

PER_PAGE = 20
PER_TABLE = 50
_TRACKING = ("utm_source", "utm_medium", "utm_campaign")
_NARROWING = ("served", "event", "person", "subject", "unit", "online", "type")


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice as a link: it narrows the list, or widens it again where it is chosen."""

    choice: Choice
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Whose guides an address shows. ``code``: of the sub-site that shares its host."""

    portal: PortalContext
    code: str
    scope: int | None

    @property
    def query(self) -> str:
        return f"?site={self.code}" if self.code else ""


def place_of(request: HttpRequest) -> Place:
    """
    Raises:
        Http404: the site that the address names is not public in this language.
    """
    portal = portal_of(request)
    code = request.GET.get("site", "")
    if code:
        record = next((r for r in portal.structure.records.values() if r.code == code), None)
        root = portal.structure.site_root(record.pk, portal.language) if record else None
        if root is None or not root.is_public:
            raise Http404
        portal = PortalContext(
            request, portal.structure, root=root, host=portal.host, language=portal.language
        )
    return Place(portal, code, sites_scope(portal, is_named=bool(code)))


@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """Where one begins: the question, life events, people, subjects, letters. Narrowed: a list."""
    place = place_of(request)
    filters = Filters.from_query(request.GET)
    if filters.is_narrowed:
        return _narrowed(request, place, filters)
    found = _list(place, filters)
    query = _query(request)
    tiles = [
        (name, title, _offers(found.facet(name), query))
        for name, title in (
            ("event", _("By life event")),
            ("person", _("By who you are")),
            ("subject", _("By subject")),
        )
    ]
    context = _frame(place, request) | {
        "count": found.count,
        "served": _offers(found.facet("served"), query),
        "tiles": [entry for entry in tiles if entry[2]],
        "letters": _offers(found.facet("letter"), query),
        "has_progress": bool(connected(place.portal.site_pk, knowing="progress")),
        "chinese": _in_chinese(place) if not found.count else None,
        "chinese_url": _chinese_url(place),
    }
    return render(request, "services/entrance.html", context)


def _narrowed(request: HttpRequest, place: Place, filters: Filters) -> HttpResponse:
    found = _list(place, filters)
    query = _query(request)
    pagination = _pagination(request, found.count, PER_PAGE)
    facets = found.facets(*_NARROWING)
    letters = found.facet("letter")
    context = _frame(place, request) | {
        "filters": filters,
        "hidden": [(name, value) for name, value in query.items() if name not in ("q", "letter")],
        "facets": [(facet, _offers(facet, query)) for facet in facets],
        "letters": _offers(letters, query) if not filters.q else [],
        "chosen": [
            (facet.label, facet.chosen.label, _without(query, facet.name))
            for facet in (*facets, letters)
            if facet.chosen is not None
        ],
        "rows": read_rows(found.shelf, found.piece(pagination.offset, PER_PAGE)),
        "count": found.count,
        "pagination": pagination,
        "all_count": found.base.bit_count(),
    }
    return render(request, "services/list.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue of items with its count (R-SVC-02), of all units or of one."""
    place = place_of(request)
    asked = Filters.from_query(request.GET)
    found = _list(place, Filters(unit=asked.unit, type=asked.type))
    pagination = _pagination(request, found.count, PER_TABLE)
    query = _query(request)
    facets = found.facets("unit", "type")
    context = _frame(place, request) | {
        "facets": [(facet, _offers(facet, query)) for facet in facets],
        "chosen": [
            (facet.label, facet.chosen.label, _without(query, facet.name))
            for facet in facets
            if facet.chosen is not None
        ],
        "rows": read_rows(found.shelf, found.piece(pagination.offset, PER_TABLE)),
        "count": found.count,
        "pagination": pagination,
    }
    return render(request, "services/catalogue.html", context)


@require_safe
def online(request: HttpRequest) -> HttpResponse:
    """What can be handled online, and how far (R-SVC-03); the list says so of each item."""
    place = place_of(request)
    asked = Filters.from_query(request.GET)
    found = _list(place, Filters(online=asked.online))
    everything = found.base.bit_count()
    levels = _offers(found.facet("online"), _query(request))[::-1]
    pagination = _pagination(request, found.count, PER_TABLE)
    context = _frame(place, request) | {
        "levels": [
            (offer, round(100 * offer.choice.count / everything) if everything else 0)
            for offer in levels
        ],
        "chosen": next((o.choice for o in levels if o.choice.is_chosen), None),
        "everything": everything,
        "rows": read_rows(found.shelf, found.piece(pagination.offset, PER_TABLE)),
        "count": found.count,
        "pagination": pagination,
    }
    return render(request, "services/online.html", context)


@require_safe
def guided(request: HttpRequest) -> HttpResponse:
    """Two plain questions, one at a time: who are you, what is it about (R-SVC-15)."""
    place = place_of(request)
    asked = Filters.from_query(request.GET)
    filters = Filters(person=asked.person, event=asked.event)
    found = _list(place, filters)
    query = _query(request)
    if not filters.person:
        step, facet = 1, found.facet("person")
    elif not filters.event:
        step, facet = 2, found.facet("event")
    else:
        step, facet = 3, None
    pagination = _pagination(request, found.count, PER_PAGE)
    context = _frame(place, request) | {
        "step": step,
        "offers": _offers(facet, query) if facet else [],
        "person": found.facet("person").chosen,
        "event": found.facet("event").chosen,
        "back": {"person": _without(query, "person", "event"), "event": _without(query, "event")},
        "rows": (
            read_rows(found.shelf, found.piece(pagination.offset, PER_PAGE)) if step == 3 else []
        ),
        "count": found.count,
        "all_of_person": _address("entrance", place, person=filters.person),
        "pagination": pagination,
    }
    return render(request, "services/guided.html", context)


# --- parts ----------------------------------------------------------------------------------------
def _list(place: Place, filters: Filters) -> GuideList:
    return GuideList(place.portal.language, place.scope, filters)


def _frame(place: Place, request: HttpRequest) -> dict[str, Any]:
    return {
        "portal": place.portal,
        "site_code": place.code,
        "site_query": place.query,
        "entrance_url": _address("entrance", place),
        "catalogue_url": _address("catalogue", place),
        "online_url": _address("online", place),
        "guided_url": _address("guided", place),
        "progress_url": _address("progress", place),
        "is_derived": any(name in request.GET for name in (*DIMENSIONS, "q", "page")),
    }


def _address(name: str, place: Place, **values: str) -> str:
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in values.items() if value})
    if place.code:
        query["site"] = place.code
    address = reverse(f"services_language:{name}")
    return f"{address}?{query.urlencode()}" if query else address


def _in_chinese(place: Place) -> int | None:
    """How many guides there are in Chinese, where there are none in the language asked for."""
    language = settings.LANGUAGE_CODE
    if place.portal.language == language:
        return None
    found = shelf(language)
    guides = found.all if place.scope is None else found.having(SITE, str(place.scope))
    return guides.bit_count() or None


def _chinese_url(place: Place) -> str:
    with override(settings.LANGUAGE_CODE):
        return _address("entrance", place)


def _pagination(request: HttpRequest, count: int, per_page: int) -> QueryPagination:
    """
    Raises:
        Http404: the list has no such page.
    """
    number = page_number(request.GET)
    pagination = QueryPagination(number, count, per_page, _query(request))
    if number > pagination.pages:
        raise Http404
    return pagination


def _query(request: HttpRequest) -> QueryDict:
    return without_parameters(request.GET, "page", *_TRACKING)


def _offers(facet: Facet, query: QueryDict) -> list[Offer]:
    return [
        Offer(
            choice,
            _without(query, facet.name)
            if choice.is_chosen
            else _with(query, facet.name, choice.value),
        )
        for choice in facet.choices
    ]


def _with(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    changed[name] = value
    return f"?{without_parameters(changed, 'page').urlencode()}"


def _without(query: QueryDict, *names: str) -> str:
    return f"?{without_parameters(query, 'page', *names).urlencode()}"
