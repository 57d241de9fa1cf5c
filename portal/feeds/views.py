"""Feeds for programs, and the pages that tell people of them."""

import datetime
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from portal.plugin_api import PortalContext, PublicTree, portal_of, public_tree

from . import places
from .formats import WRITERS, Head
from .selectors.entries import entries_of, guid_of, last_change, newest, settings_of

# Last-Modified counts whole seconds: what changes again within the same one would go unseen.
_SETTLED = datetime.timedelta(seconds=2)


@require_safe
def feed(request: HttpRequest, place: str, file: str) -> HttpResponse:
    """One feed in one format. Who has it already gets 304 for the price of a list."""
    portal, tree = portal_of(request), public_tree(request)
    node = _node(portal, tree, place)
    elsewhere = _elsewhere(portal, node)
    if elsewhere:
        return HttpResponseRedirect(elsewhere + file, status=301)
    settings = settings_of(node.site_pk)
    head = _head(portal, node, file)
    # Asked before the rows are: a change in between is told with the next look.
    changed = last_change()
    rows = newest(node, settings, about=(repr(head), str(portal.structure.token)))
    etag = f'"{rows.digest}"'
    moment = None if changed is None or timezone.now() - changed < _SETTLED else changed
    known = get_conditional_response(
        _by_tag_first(request), etag=etag, last_modified=_seconds(moment)
    )
    if known is not None and known.status_code == 304:
        return _kept(known, etag, moment)
    body = WRITERS[file](head, entries_of(rows, request, tree, settings))
    kind = f"{places.FILES[file]}; charset=utf-8"
    return _kept(HttpResponse(body, content_type=kind), etag, moment)


def _by_tag_first(request: HttpRequest) -> HttpRequest:
    """Conditions for writers (``If-Match``) have no sense here, and are not answered with 412."""
    for name in ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"):
        request.META.pop(name, None)
    stamp = request.META.get("HTTP_IF_MODIFIED_SINCE", "")
    if stamp and parse_http_date_safe(stamp) is None:
        request.META.pop("HTTP_IF_MODIFIED_SINCE")
    return request


def _seconds(moment: datetime.datetime | None) -> int | None:
    return int(moment.timestamp()) if moment is not None else None


def _kept(response: HttpResponse, etag: str, moment: datetime.datetime | None) -> HttpResponse:
    """May be kept, and is asked for again each time: what is withdrawn is gone at once."""
    response.headers["ETag"] = etag
    if moment is not None:
        response.headers["Last-Modified"] = format_datetime(
            moment.astimezone(datetime.UTC).replace(microsecond=0), usegmt=True
        )
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _node(portal: PortalContext, tree: PublicTree, place: str) -> Any:
    node = places.find(portal, place)
    if node is None or not places.is_place(tree, node):
        raise Http404
    return node


def _elsewhere(portal: PortalContext, node: Any) -> str:
    """Where the feeds lie of what has a host of its own; "" for what lies here."""
    folder = places.folder_of(portal.structure, node, portal.host)
    return "" if folder.startswith("/") else folder


def _head(portal: PortalContext, node: Any, file: str) -> Head:
    found = portal.structure
    root = found.root_for_url_path(node.url_path)
    site = found.identity(node.site_pk, node.language, None) if node.site_pk else None
    name = site.name if site else ""
    origin = root.origin if root else ""
    # The address is the answer's own, so that readers behind a proxy keep what they asked for.
    return Head(
        guid=guid_of(node.translation_key, f"{node.language}/feed"),
        title=title_of(node, name),
        description=gettext("What was published last"),
        home_url=origin + found.url(node.url_path),
        feed_url=places.folder_of(found, node) + file,
        language=places.tag_of(node.language),
        site_name=name,
    )


def title_of(node: Any, site_name: str) -> str:
    if node.kind in ("home", "sub_site"):
        return " - ".join(part for part in (site_name or node.title, gettext("All news")) if part)
    return " - ".join(part for part in (node.title, site_name) if part)


# --- for people -----------------------------------------------------------------------------------
@dataclass(slots=True)
class Offer:
    """One place on the page of feeds."""

    title: str
    url: str
    links: list[tuple[str, str]]
    children: "list[Offer]" = field(default_factory=list)


def links_of(found: Any, node: Any, host: str | None) -> list[tuple[str, str]]:
    """(format, address) of the feeds of a structural page."""
    folder = places.folder_of(found, node, host)
    return [(places.NAMES[file], folder + file) for file in places.FILES]


def _offer(portal: PortalContext, tree: PublicTree, node: Any, *, deep: bool = True) -> Offer:
    found = portal.structure
    return Offer(
        title=node.title,
        url=found.url(node.url_path, portal.host),
        links=links_of(found, node, portal.host),
        children=[
            _offer(portal, tree, child)
            for child in (places.below(tree, node) if deep else ())
            if tree.archived_at(child) is None
        ],
    )


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All feeds of a host in a language, as the columns lie. No query."""
    portal, tree = portal_of(request), public_tree(request)
    node = _node(portal, tree, "")
    site = portal.site.name if portal.site else ""
    context = {"portal": portal, "whole": _offer(portal, tree, node), "site_name": site}
    return render(request, "feeds/overview.html", context)


@require_safe
def about(request: HttpRequest, place: str) -> HttpResponse:
    """The feeds of one column, topic or sub-site, and of those below it."""
    portal, tree = portal_of(request), public_tree(request)
    node = _node(portal, tree, place)
    elsewhere = _elsewhere(portal, node)
    if elsewhere:
        return HttpResponseRedirect(elsewhere, status=301)
    context = {"portal": portal, "whole": _offer(portal, tree, node), "is_part": True}
    return render(request, "feeds/overview.html", context)
