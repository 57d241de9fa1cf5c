"""Public views that are not pages: site map, QR codes, robots, media, error pages."""

from io import BytesIO

import segno
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import Page

from portal.plugins.outages import outage_behind

from . import extension_points, feed_points, shared_previews, structure
from .context import PortalContext, portal_of
from .messages import message
from .models import SharedPreview, SiteRecord
from .outage import unavailable
from .ranges import partial_response


@require_safe
def site_map(request: HttpRequest, code: str = "") -> HttpResponse:
    """All public columns of a site; ``code`` names a sub-site that is served by path."""
    portal = portal_of(request)
    if code:
        record = get_object_or_404(SiteRecord, code=code, state=SiteRecord.State.RUNNING)
        root = portal.structure.site_root(record.pk, portal.language)
        if root is None or not root.is_public:
            raise Http404
        portal = PortalContext(
            request,
            portal.structure,
            root=root,
            host=portal.host,
            language=portal.language,
        )
    return render(request, "portal/site_map.html", {"portal": portal, "map": portal.full_map()})


@require_safe
@cache_control(public=True, max_age=86_400)
def qr_code(request: HttpRequest, page_id: int) -> HttpResponse:
    """The address of a public page as a QR code, made here and now: no other host is asked."""
    page = Page.objects.filter(pk=page_id, live=True).first()
    found = structure.current()
    if page is None or found.is_private(page.path):
        raise Http404
    root = found.root_for_url_path(page.url_path)
    if root is None:
        raise Http404
    buffer = BytesIO()
    code = segno.make(root.origin + found.url(page.url_path), error="m")
    code.save(buffer, kind="svg", scale=6, border=2, light="#ffffff", title=page.title)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")


@require_safe
def shared_preview(request: HttpRequest, token: str, page_id: int | None = None) -> HttpResponse:
    """A draft, for whoever holds the link; nothing of the account that may be signed in.

    Of a set: what belongs to it, or with ``page_id`` one page of it.
    """
    preview = shared_previews.find(token)
    if preview is None or (page_id is not None and not preview.shown_set):
        raise Http404
    if preview.is_active:
        request.user = AnonymousUser()
        request.shared_preview = preview  # type: ignore[attr-defined]
        response = (
            _set_preview(request, preview, token, page_id)
            if preview.shown_set
            else _draft(request, shared_previews.shown_page(preview))
        )
    else:
        response = _over(request)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _draft(request: HttpRequest, page: Page) -> HttpResponse:
    language = page.locale.language_code
    with translation.override(language):
        response: HttpResponse = page.serve_preview(request, page.default_preview_mode)
        if hasattr(response, "render"):
            response.render()
    response.headers["Content-Language"] = language
    return response


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/preview_gone.html", {"portal": portal_of(request)}, status=410)


def _set_preview(
    request: HttpRequest, preview: SharedPreview, token: str, page_id: int | None
) -> HttpResponse:
    """Raises Http404 for a page that does not belong to the set (any more)."""
    of = shared_previews.set_of(preview)
    titles = of.source.pages(number=of.number) if of is not None else {}
    if of is None or not titles:
        return _over(request)
    addresses = {pk: reverse("shared_preview_page", args=[token, pk]) for pk in titles}
    items = [(pk, title, addresses[pk]) for pk, title in titles.items()]
    if page_id is None:
        context = {
            "portal": portal_of(request),
            "preview": preview,
            "heading": str(of.subject),
            "items": items,
        }
        return render(request, "portal/preview_set.html", context)
    if page_id not in titles:
        raise Http404
    request.shared_set = {  # type: ignore[attr-defined]
        "index": reverse("shared_preview", args=[token]),
        "items": items,
        "page_id": page_id,
    }
    with shared_previews.leading(addresses):
        response = _draft(request, of.source.shown(number=of.number, page=page_id))
    if response.headers.get("Content-Type", "").startswith("text/html"):
        public = _public_addresses(addresses)
        html = response.content.decode(response.charset)
        response.content = shared_previews.lead_to_previews(html, public)
    return response


def _public_addresses(previews: dict[int, str]) -> dict[str, str]:
    """The addresses that the pages have or will have, with and without their host."""
    found = structure.current()
    public: dict[str, str] = {}
    for pk, url_path in Page.objects.filter(pk__in=previews).values_list("pk", "url_path"):
        root = found.root_for_url_path(url_path)
        if root is not None:
            path = found.url(url_path, root.host)
            public |= {path: previews[pk], root.origin + path: previews[pk]}
        public[found.url(url_path, structure.viewer_host())] = previews[pk]
    return public


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /shared-preview/",
        "Disallow: /*?print",
        "Disallow: /*preferences/",
    ]
    said = feed_points.robots_lines.apply(lines, request=request, site=portal_of(request).site_pk)
    return HttpResponse("\n".join([*said, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Pictures and videos without a web server in front; documents go through Wagtail, which
    checks rights."""
    if not settings.PORTAL_SERVE_MEDIA or path.startswith("documents/"):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return partial_response(request, response)


def _error(request: HttpRequest, status: int, **context: str) -> HttpResponse:
    portal = getattr(request, "portal", None)
    return render(
        request,
        f"{status}.html",
        context | {"portal": portal} if portal is not None else context,
        status=status,
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    portal: PortalContext | None = getattr(request, "portal", None)
    if portal is None:
        return _error(request, 404)
    text = message("not_found", site_pk=portal.site_pk, language=portal.language)
    meant = extension_points.missing_page_slot.render(
        site=portal.site_pk, language=portal.language, path=request.path_info
    )
    return _error(request, 404, not_found_text=text, meant=meant.html)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if outage_behind(exception) is not None:  # a session that could not be written
        return unavailable(request)
    # The host itself may be what was bad: nothing that asks for it is shown.
    return render(None, "400.html", status=400)
