"""From an address to a page in two queries.

Stock Wagtail walks down the tree with two queries for each level and asks again for view
restrictions. Structural pages are in memory, so only the last step needs the database.
"""

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.models import Page
from wagtail.url_routing import RouteResult
from wagtail.views import serve_chain
from wagtail.wagtail_hooks import check_view_restrictions

from .context import PortalContext, portal_of
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
    row = (
        Page.objects.filter(depth=node.depth + 1, path__startswith=node.path, slug=parts[0])
        .select_related("content_type")
        .only("pk", "content_type", "live")
        .first()
    )
    if row is None or not row.live:
        result: RouteResult = _load(node.model, node.pk).route(portal.request, parts)
        return result
    model = row.specific_class
    if model is None:
        raise Http404
    leaf: RouteResult = _load(model, row.pk).route(portal.request, parts[1:])
    return leaf


def _load(model: type[Page], pk: int) -> Page:
    related = getattr(model, "serve_select_related", ())
    page = model.objects.select_related("locale", *related).filter(pk=pk, live=True).first()
    if page is None or (page.expire_at and page.expire_at <= timezone.now()):
        raise Http404
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


@require_safe
def serve_page(request: HttpRequest, path: str) -> HttpResponse:
    portal = portal_of(request)
    elsewhere = moved_home(portal, path)
    if elsewhere:
        return HttpResponseRedirect(elsewhere, status=301)
    if path and not path.endswith("/"):
        query = request.META.get("QUERY_STRING", "")
        # One leading slash only: "//host/" would lead away from the portal.
        target = "/" + request.path.lstrip("/") + "/" + (f"?{query}" if query else "")
        return redirect(target, permanent=True)
    page, args, kwargs = route(portal, path)
    for hook in hooks.get_hooks("before_serve_page"):
        result = hook(page, request, args, kwargs)
        if isinstance(result, HttpResponse):
            return result
    private = portal.structure.is_private(page.path)
    chain = serve_chain
    for hook in reversed(hooks.get_hooks("on_serve_page")):
        # The look for restrictions costs a query; the structure knows that there are none.
        if hook is check_view_restrictions and not private:
            continue
        chain = hook(chain)
    response: HttpResponse = chain(page, request, args, kwargs)
    return response
