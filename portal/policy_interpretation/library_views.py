"""The library of policy documents, and all relations of one of them."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.plugin_api import (
    PortalContext,
    QueryPagination,
    page_number,
    page_today,
    portal_of,
    without_parameters,
)

from .models import PolicyPage
from .selectors.library import Facet, Filters, Library
from .selectors.relations import relations_of

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice of a facet as a link: it narrows the list, or widens it again where it is chosen."""

    label: str
    count: int
    url: str
    is_chosen: bool


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All public documents of a site: the portal's own hold those of every site.

    ``?site=`` names a sub-site that is served by path, as in the site map.
    """
    portal, site_pk = site_asked(request)
    filters = Filters.from_query(request.GET)
    number = page_number(request.GET)
    found = Library(portal, site_pk, filters)
    count, facets = found.counts()
    query = without_parameters(request.GET, "page", "utm_source", "utm_medium", "utm_campaign")
    pagination = QueryPagination(number, count, PER_PAGE, query)
    if number > pagination.pages:
        raise Http404
    context = {
        "portal": portal,
        "site_code": request.GET.get("site", ""),
        "filters": filters,
        "hidden": [(name, value) for name, value in query.items() if name not in ("q", "page")],
        "facets": [(facet, _offers(facet, query)) for facet in facets],
        "chosen": [
            (facet.label, facet.chosen.label, _widened(query, facet.name))
            for facet in facets
            if facet.chosen is not None
        ],
        "orders": [
            (value, _with(query, "sort", value), filters.sort == value)
            for value in ("", "issued", "oldest")
        ],
        "rows": found.rows(offset=pagination.offset, limit=PER_PAGE),
        "count": count,
        "pagination": pagination,
        "is_narrowed": filters.is_narrowed or bool(filters.sort) or number > 1,
    }
    return render(request, "policy_interpretation/library.html", context)


@require_safe
def relations(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is related to a public document, where its page shows the newest only."""
    page = get_object_or_404(PolicyPage, pk=pk, live=True, alias_of__isnull=True)
    portal = portal_of(request).for_page(page)
    if page.get_url(request) is None or portal.structure.is_private(page.path):
        raise Http404
    context = {
        "portal": portal,
        "page": page,
        "relation_groups": relations_of(pk, portal, page_today(), cap=None),
    }
    return render(request, "policy_interpretation/relations_page.html", context)


def site_asked(request: HttpRequest) -> tuple[PortalContext, int | None]:
    """The surroundings to show, and the site to list (None: all).

    Raises:
        Http404: the site that the address names is not public.
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
    is_main = portal.site_pk == portal.structure.main_site_pk
    return portal, None if is_main and not code else portal.site_pk


def _offers(facet: Facet, query: QueryDict) -> list[Offer]:
    return [
        Offer(
            choice.label,
            choice.count,
            _widened(query, facet.name)
            if choice.is_chosen
            else _with(query, facet.name, choice.value),
            choice.is_chosen,
        )
        for choice in facet.choices
    ]


def _with(query: QueryDict, name: str, value: Any) -> str:
    changed = query.copy()
    changed[name] = value
    return f"?{without_parameters(changed, 'page').urlencode()}"


def _widened(query: QueryDict, name: str) -> str:
    return f"?{without_parameters(query, name, 'page').urlencode()}"
