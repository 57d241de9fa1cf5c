"""From an address to a page in two queries.

Stock Wagtail walks down the tree with two queries for each level and asks again for view
restrictions. Structural pages are in memory, so only the last step needs the database.
"""

import logging
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page
from wagtail.url_routing import RouteResult
from wagtail.views import serve_chain
from wagtail.wagtail_hooks import check_view_restrictions

from . import downloads, extension_points
from .context import PortalContext, portal_of
from .page_reads import page_holds_until, page_is_not_kept
from .structure import Node

logger = logging.getLogger(__name__)


def route(portal: PortalContext, path: str) -> RouteResult:
    """The page for a path below the root that the request's host and language enter.

    Raises:
        Http404: nothing public is there.
    """
    node = portal.root
    if node is None:
        raise Http404
    parts = [part for part in path.split("/") if part]
    while parts:
        child = next((c for c in node.children if c.slug == parts[0]), None)
        if child is None:
            break
        node, parts = child, parts[1:]
    if not node.site_is_open:
        raise Http404
    if not parts:
        found: RouteResult = _load(node.model, node.pk).route(portal.request, [])
        return found
    model, pk = _child(node, parts[0])
    if model is None:
        result: RouteResult = _load(node.model, node.pk).route(portal.request, parts)
        return result
    leaf: RouteResult = _load(model, pk).route(portal.request, parts[1:])
    return leaf


# In SQL, since building this one statement through the ORM costs twice what running it does.
_CHILD = (
    "SELECT id, content_type_id FROM wagtailcore_page "
    "WHERE slug = %s AND depth = %s AND live AND path LIKE %s"
)


def _child(node: Node, slug: str) -> tuple[type[Page] | None, int]:
    """Type and key of the public page with this slug below a structural page."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILD, [slug, node.depth + 1, f"{node.path}%"])
        row = cursor.fetchone()
    if row is None:
        return (None, 0)
    return (ContentType.objects.get_for_id(row[1]).model_class(), row[0])


def _load(model: type[Page], pk: int) -> Page:
    related = getattr(model, "serve_select_related", ())
    page = model.objects.select_related("locale", *related).filter(pk=pk, live=True).first()
    if page is None or (page.expire_at and page.expire_at <= timezone.now()):
        raise Http404
    page_holds_until(page.expire_at)
    return page


def moved_home(portal: PortalContext, path: str) -> str | None:
    """Where a path lies now when it enters a sub-site that has a host name of its own."""
    node: Node | None = portal.root
    if node is None:
        return None
    url_path = node.url_path
    wanted = url_path + "".join(f"{part}/" for part in path.split("/") if part)
    root = portal.structure.root_for_url_path(wanted)
    if root is None or root.host == portal.host or root.url_path == url_path:
        return None
    return root.origin + root.prefix + wanted[len(root.url_path) :]


def _serve(page: Page, request: HttpRequest, args: list[object], kwargs: dict[str, object]) -> Any:
    """The page itself, or with ``?csv=KEY`` the table of one of its blocks."""
    if "csv" in request.GET:
        return downloads.csv_response(page, request.GET["csv"])
    return serve_chain(page, request, args, kwargs)


@require_safe
def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    portal = portal_of(request)
    query = request.META.get("QUERY_STRING", "")
    query = f"?{query}" if query else ""
    elsewhere = moved_home(portal, path)
    if elsewhere:
        return HttpResponseRedirect(elsewhere + query, status=301)
    if path and not path.endswith("/"):
        # One leading slash only: "//host/" would lead away from the portal.
        return redirect("/" + request.path.lstrip("/") + "/" + query, permanent=True)
    page, args, kwargs = route(portal, path)
    for hook in hooks.get_hooks("before_serve_page"):
        result = hook(page, request, args, kwargs)
        if isinstance(result, HttpResponse):
            return result
    private = portal.structure.is_private(page.path)
    if private:
        page_is_not_kept("not for everybody")
    chain = _serve
    for hook in reversed(hooks.get_hooks("on_serve_page")):
        # The look for restrictions costs a query; the structure knows that there are none.
        if hook is check_view_restrictions and not private:
            continue
        chain = hook(chain)
    response: HttpResponse = chain(page, request, args, kwargs)
    if isinstance(response, TemplateResponse):
        response.add_post_render_callback(partial(_finish, page, request, portal.site_pk))
    return response


def _finish(
    page: Page, request: HttpRequest, site_pk: int | None, response: TemplateResponse
) -> None:
    """Let plugins put into the finished page what cannot stand in a slot."""
    html = response.content.decode()
    changed = extension_points.rendered_page.apply(html, page=page, request=request, site=site_pk)
    if changed is not html:
        response.content = changed
