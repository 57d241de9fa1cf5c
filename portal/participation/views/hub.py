"""The hub of participation and its feed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.participation.models import ActivityKind, Stage
from portal.participation.selectors.hub import FORMS, Hub
from portal.plugin_api import PortalContext, QueryPagination, page_number, portal_of

FILTERS = ("stage", "kind", "form")
PER_PAGE = 20
NEWEST = 30


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice of a filter as a link. ``count`` is what it would leave."""

    label: str
    count: int
    url: str
    is_chosen: bool


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """All activities of a site: the portal's own page has those of every site.

    ``?site=`` names a sub-site that is served by path, as in the library of policies.
    """
    portal, site_pk = site_asked(request)
    found = Hub(portal, site_pk, **{name: request.GET.get(name, "") for name in FILTERS})
    number = page_number(request.GET)
    total, counts = found.counts()
    query = _kept(request.GET)
    pagination = QueryPagination(number, total, PER_PAGE, query)
    if number > pagination.pages:
        raise Http404
    own_query = f"?{urlencode({'site': code})}" if (code := request.GET.get("site", "")) else ""
    api_query = {"language": portal.language} | ({"site": code} if code else {})
    context = {
        "portal": portal,
        "feed_url": reverse("participation_language:feed") + own_query,
        "api_url": f"{reverse('api-v1:list_activities')}?{urlencode(api_query)}",
        "rows": found.rows(offset=pagination.offset, limit=PER_PAGE) if total else [],
        "facets": [
            (name, label, offers)
            for name, label, choices in (
                ("stage", gettext("How far it is"), Stage.choices),
                ("kind", gettext("Kind"), ActivityKind.choices),
                ("form", gettext("What it is about"), FORMS),
            )
            if len(offers := _offers(choices, counts[name], name, found.asked[name], query)) > 2
        ],
        "pagination": pagination,
        "total": total,
        "shows_site": site_pk is None,
        "is_filtered": any(found.asked.values()),
        "is_narrowed": any(found.asked.values()) or number > 1,
    }
    return render(request, "participation/hub/hub.html", context)


def _kept(query: QueryDict) -> QueryDict:
    kept = query.copy()
    for name in list(kept):
        if name not in ("site", *FILTERS) or not kept[name]:
            del kept[name]
    return kept


def _offers(
    choices: Sequence[tuple[str, Any]],
    counts: Mapping[str, int],
    name: str,
    chosen: str,
    query: QueryDict,
) -> list[Offer]:
    """What one filter offers, all first; what would show nothing is left out."""
    offers = []
    for value, label in [("", pgettext("filter", "All")), *choices]:
        changed = query.copy()
        changed.pop(name, None)
        if value:
            changed[name] = value
        number = counts[value] if value else sum(counts.values())
        if number or value in ("", chosen):
            offers.append(Offer(str(label), number, f"?{changed.urlencode()}", value == chosen))
    return offers


@require_safe
@cache_control(public=True, max_age=300)
def feed(request: HttpRequest) -> HttpResponse:
    """The newest activities of a site as an Atom feed."""
    portal, site_pk = site_asked(request)
    name = portal.site.name if portal.site else ""
    made = Atom1Feed(
        title=f"{gettext('Participation')} - {name}",
        link=request.build_absolute_uri(reverse("participation_language:hub")),
        description="",
        feed_url=request.build_absolute_uri(),
        language=portal.language,
        author_name=name,
    )
    for row in Hub(portal, site_pk, **{name: request.GET.get(name, "") for name in FILTERS}).latest(
        NEWEST
    ):
        made.add_item(
            title=f"【{row.stage_label}】{row.title}",
            link=request.build_absolute_uri(row.url),
            description=row.summary,
            unique_id=f"tag:{portal.host},2026:participation-{row.pk}",
            pubdate=row.published_at,
            updateddate=row.result_at or row.published_at,
            categories=(row.kind_label,),
        )
    response = HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


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
