"""Which site a visitor of the widget is at: sub-sites by path share the host of the portal."""

from urllib.parse import unquote

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import (
    ApiMissing,
    ApiProblem,
    PortalContext,
    is_enabled,
    portal_of,
    public_tree,
)

from .embedding import foreign_origin
from .models import EmbedOrigin

SLUG = "assistant"
_NOT_LISTED = _("This website is not on the list of those that may show the assistant.")
_NO_ASSISTANT = _("There is no assistant at this site.")


def site_of_widget(request: HttpRequest, code: str | None) -> int | None:
    """The site with a code; without one that of the request's host, or of the list that another
    website is on.

    Raises:
        ApiMissing: there is no such public site, or the assistant is off there.
        ApiProblem: 403, another website that is not on the list of this site.
    """
    origin = foreign_origin(request)
    listed = (
        list(EmbedOrigin.objects.filter(origin=origin).values_list("site_id", flat=True))
        if origin
        else []
    )
    if code:
        site: int | None = public_tree(request).site(code).pk
    else:
        site = listed[0] if listed else portal_of(request).site_pk
    if site is not None and not is_enabled(SLUG, site):
        raise ApiMissing(_NO_ASSISTANT)
    if origin and site not in listed:
        raise ApiProblem(403, _NOT_LISTED)
    return site


def enter_site(request: HttpRequest, code: str) -> str:
    """Let a page of the assistant be one of a sub-site that shares the portal's host.

    Returns:
        the code; "" where the request is at that site anyway.

    Raises:
        Http404: there is no such public site, or the assistant is off there.
    """
    portal = portal_of(request)
    if not code or (portal.site is not None and portal.site.code == code):
        return ""
    record = next((one for one in public_tree(request).sites if one.code == code), None)
    if record is None or not is_enabled(SLUG, record.pk):
        raise Http404
    root = portal.structure.site_root(record.pk, portal.language)
    request.portal = PortalContext(  # type: ignore[attr-defined]
        request, portal.structure, root=root, host=portal.host, language=portal.language
    )
    return code


def page_at(request: HttpRequest, address: str) -> Page | None:
    """The public page of the portal with a path such as ``/en/visas/``; None for anything else.

    One query: the structure knows where each host enters the tree.
    """
    path = unquote(address.partition("?")[0].partition("#")[0])
    if not path.startswith("/") or "\x00" in path:
        return None
    portal = portal_of(request)
    roots = [root for root in portal.structure.roots if root.host == portal.host]
    # The longest prefix first: "/en/" is no page of the Chinese tree.
    for root in sorted(roots, key=lambda root: -len(root.prefix)):
        if path.startswith(root.prefix):
            url_path = root.url_path + path[len(root.prefix) :].strip("/")
            url_path = url_path.rstrip("/") + "/"
            page = (
                Page.objects.filter(url_path=url_path, live=True)
                .only("pk", "path", "title")
                .first()
            )
            hidden = portal.structure.hidden_paths
            return page if page is not None and not page.path.startswith(hidden) else None
    return None
