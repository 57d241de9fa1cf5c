"""The public pages of disclosure platforms: five parts, the catalogue, its downloads."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.plugin_api import (
    CapabilityUnavailable,
    PortalContext,
    QueryPagination,
    attachment,
    capability,
    disclosure_requests,
    page_number,
    portal_of,
    public_urls,
    without_parameters,
)

from .disclosure_exports import FORMATS, values_of
from .library_views import Offer, site_asked
from .models import DisclosurePlatform, PlatformPart
from .selectors.catalogue import Catalogue, CatalogueFilters
from .selectors.disclosure import (
    content_rows,
    is_public,
    keeping_of,
    platforms_at,
    report_rows,
)
from .selectors.library import Facet

PER_PAGE = 20
NEWEST = 8
_TRACKING = ("utm_source", "utm_medium", "utm_campaign")


@dataclass(frozen=True, slots=True)
class PartLink:
    """An entry of the platform's own menu."""

    name: str
    label: str
    url: str
    is_current: bool


@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """The platform of a site; where the site keeps several, all of them by body."""
    portal, site_pk = site_asked(request)
    platforms = [p for p in platforms_at(site_pk or portal.site_pk) if is_public(p, portal)]
    if not platforms:
        raise Http404
    if len(platforms) == 1:
        return HttpResponseRedirect(_url("platform", platforms[0]))
    links = [(platform.body_name, _url("platform", platform)) for platform in platforms]
    context = {"portal": portal, "links": links}
    return render(request, "policy_interpretation/disclosure/entrance.html", context)


@require_safe
def platform(request: HttpRequest, pk: int) -> HttpResponse:
    found, portal = _platform(request, pk)
    newest = Catalogue(found, portal, CatalogueFilters()).rows(limit=NEWEST)
    return _part(
        request,
        found,
        portal,
        "",
        {
            "rows": list(newest),
            "kept": keeping_of(found),
            "latest_report": next((r for r in report_rows(found) if r.url), None),
        },
    )


@require_safe
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    found, portal = _platform(request, pk)
    page = _public_page(found.guide, portal)
    return _part(
        request,
        found,
        portal,
        PlatformPart.GUIDE,
        {
            "guide_page": page.specific if page is not None else None,
            "guide_url": _address(page),
            "keeping": keeping_of(found)["guide"],
        },
    )


@require_safe
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules, each to read and to download."""
    found, portal = _platform(request, pk)
    column = _public_page(found.rules, portal)
    pages = []
    if column is not None:
        inside = column.get_descendants().live().filter(numchild=0)
        for path in portal.structure.hidden_paths:
            inside = inside.exclude(path__startswith=path)
        pages = list(inside.order_by("-first_published_at", "-pk")[:200])
    urls = public_urls((page.pk, page.path, page.url_path) for page in pages)
    return _part(
        request,
        found,
        portal,
        PlatformPart.RULES,
        {
            "documents": [
                (page.title, urls[page.pk], page.first_published_at)
                for page in pages
                if page.pk in urls
            ],
            "keeping": keeping_of(found)["rules"],
        },
    )


@require_safe
def content(request: HttpRequest, pk: int) -> HttpResponse:
    found, portal = _platform(request, pk)
    rows = content_rows(found, portal.structure.hidden_paths)
    return _part(request, found, portal, PlatformPart.CONTENT, {"rows": rows})


@require_safe
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    found, portal = _platform(request, pk)
    rows = [row for row in report_rows(found) if row.url]
    return _part(request, found, portal, PlatformPart.REPORTS, {"rows": rows})


@require_safe
def request_information(request: HttpRequest, pk: int) -> HttpResponse:
    """How to ask: online where a plugin takes requests, else by post, telephone and in person."""
    found, portal = _platform(request, pk)
    form = found.request_form
    return _part(
        request,
        found,
        portal,
        PlatformPart.REQUEST,
        {"form_url": _form_url(found), "form_file": attachment(form) if form else None},
    )


@require_safe
def catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    found, portal = _platform(request, pk)
    filters = CatalogueFilters.from_query(request.GET)
    number = page_number(request.GET)
    asked = Catalogue(found, portal, filters)
    count, facets = asked.count(), asked.facets()
    query = without_parameters(request.GET, "page", *_TRACKING)
    pagination = QueryPagination(number, count, PER_PAGE, query)
    if number > pagination.pages:
        raise Http404
    context = {
        "filters": filters,
        "hidden": [(name, value) for name, value in query.items() if name != "q"],
        "facets": [(facet, _offers(facet, query)) for facet in facets],
        "chosen": [
            (facet.label, facet.chosen.label, _without(query, facet.name))
            for facet in facets
            if facet.chosen is not None
        ],
        "rows": list(asked.rows(offset=pagination.offset, limit=PER_PAGE)),
        "count": count,
        "pagination": pagination,
        "exports": [
            (name.upper(), f"{_url('catalogue_file', found, name)}?{query.urlencode()}".rstrip("?"))
            for name in FORMATS
        ],
        "is_narrowed": filters.is_narrowed or number > 1,
    }
    return _part(request, found, portal, "catalogue", context)


@require_safe
def catalogue_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The whole catalogue, or the cut that the address asks for."""
    found, portal = _platform(request, pk)
    if kind not in FORMATS:
        raise Http404
    rows = Catalogue(found, portal, CatalogueFilters.from_query(request.GET)).rows()
    absolute = request.build_absolute_uri
    return FORMATS[kind]((values_of(row, absolute) for row in rows), f"catalogue-{found.pk}")


# --- parts ----------------------------------------------------------------------------------------
def _platform(request: HttpRequest, pk: int) -> tuple[DisclosurePlatform, PortalContext]:
    """The platform with the surroundings of its site.

    Raises:
        Http404: there is none, or its site is not public.
    """
    related = ("site", "unit", "guide", "rules", "request_form")
    found = get_object_or_404(DisclosurePlatform.objects.select_related(*related), pk=pk)
    portal = portal_of(request)
    if not is_public(found, portal):
        raise Http404
    if portal.site_pk != found.site_id:
        root = portal.structure.site_root(found.site_id, portal.language)
        portal = PortalContext(
            request, portal.structure, root=root, host=portal.host, language=portal.language
        )
    return found, portal


def _part(
    request: HttpRequest,
    found: DisclosurePlatform,
    portal: PortalContext,
    part: str,
    context: dict[str, Any],
) -> HttpResponse:
    name = str(part) or "platform"
    titles = dict(PlatformPart.choices)
    shared = {
        "portal": portal,
        "platform": found,
        "part_title": titles.get(name, ""),
        "parts": [
            PartLink(entry.value, str(entry.label), _url(entry.value, found), entry.value == part)
            for entry in PlatformPart
        ],
        "catalogue_url": _url("catalogue", found),
        "platform_url": _url("platform", found),
        "is_catalogue": part == "catalogue",
    }
    template = f"policy_interpretation/disclosure/{name}.html"
    return render(request, template, shared | context)


def _url(name: str, found: DisclosurePlatform, *more: str) -> str:
    return reverse(f"policy_interpretation:disclosure_{name}", args=[found.pk, *more])


def _public_page(page: Any, portal: PortalContext) -> Any:
    if page is None or not page.live or page.path.startswith(portal.structure.hidden_paths):
        return None
    return page


def _address(page: Any) -> str:
    return public_urls([(page.pk, page.path, page.url_path)]).get(page.pk, "") if page else ""


def _form_url(found: DisclosurePlatform) -> str:
    provider = capability(disclosure_requests, found.site_id)
    if provider is None:
        return ""
    try:
        return provider.form_url(site=found.site_id, unit=found.unit_id)
    except CapabilityUnavailable:
        return ""  # the other ways to ask are on the page


def _offers(facet: Facet, query: QueryDict) -> list[Offer]:
    return [
        Offer(
            choice.label,
            choice.count,
            _without(query, facet.name)
            if choice.is_chosen
            else _with(query, facet.name, choice.value),
            choice.is_chosen,
        )
        for choice in facet.choices
    ]


def _with(query: QueryDict, name: str, value: str) -> str:
    changed = query.copy()
    changed[name] = value
    return f"?{without_parameters(changed, 'page').urlencode()}"


def _without(query: QueryDict, name: str) -> str:
    return f"?{without_parameters(query, name, 'page').urlencode()}"
