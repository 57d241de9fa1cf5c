"""Public pages: whether a page is the one that was published, the key, the feed of roots."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.plugin_api import (
    PortalContext,
    Publication,
    mark_text,
    page_is_not_kept,
    portal_of,
)

from .models import SigningKey
from .selectors.proofs import Standing, history_of, latest_roots, public_page, standing_of

NEWEST = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """The page that was asked for, or why there is none."""

    page: Page | None = None
    url: str = ""
    mark: str = ""  # where it is not in force
    problem: str = ""


@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """``?page=`` is the number of a page or its address here; without it: how it works."""
    page_is_not_kept("it looks at the page as it stands now")
    portal = portal_of(request)
    asked = _asked(request, portal)
    standing: Standing | None = None
    if asked.page is not None:
        standing = standing_of(asked.page.pk)
    roots = latest_roots(1)
    context: dict[str, Any] = {
        "portal": portal,
        "asked": asked,
        "typed": request.GET.get("page", ""),
        "standing": standing,
        "history": history_of(asked.page.pk) if asked.page is not None else [],
        "last_root": roots[0] if roots else None,
        "key": SigningKey.objects.filter(ended_at=None).first(),
    }
    status = 404 if asked.problem else 200
    return render(request, "evidence/verify.html", context, status=status)


def _asked(request: HttpRequest, portal: PortalContext) -> Asked:
    typed = request.GET.get("page", "").strip()
    if not typed:
        return Asked()
    missing = Asked(problem=gettext("There is no public page with this number or address."))
    if typed.isascii() and typed.isdecimal():
        page = public_page(int(typed)) if len(typed) < 10 else None
    else:
        page = _by_address(typed, portal)
    if page is None or portal.structure.is_private(page.path):
        return missing
    specific: Any = page.specific
    url = specific.get_url(request)
    return Asked(page, url, _mark_of(page)) if url else missing


def _mark_of(page: Page) -> str:
    rows = Publication.objects.filter(page_id=page.pk, closed=False)
    return mark_text(rows.values_list("standing", flat=True).first() or "")


def _by_address(typed: str, portal: PortalContext) -> Page | None:
    """The page at an address of this portal, with or without its host."""
    try:
        parts = urlsplit(typed if "//" in typed else f"//{portal.host}/{typed.lstrip('/')}")
    except ValueError:
        return None
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    wanted = [segment for segment in path.split("/") if segment]
    if not wanted:
        return None
    found = Page.objects.filter(live=True, slug=wanted[-1])[:50]
    for page in found:
        url = portal.structure.url(page.url_path, parts.hostname or portal.host)
        if url and urlsplit(url).path == path:
            return page
    return None


@require_safe
@cache_control(public=True, max_age=300)
def key(request: HttpRequest, fingerprint: str = "") -> HttpResponse:
    """A public key: the one that signs now, or an older one by its fingerprint."""
    if fingerprint:
        found = get_object_or_404(SigningKey, fingerprint=fingerprint)
    else:
        current = SigningKey.objects.filter(ended_at=None).first()
        if current is None:
            raise Http404
        found = current
    return HttpResponse(found.public_key, content_type="application/x-pem-file")


@require_safe
@cache_control(public=True, max_age=300)
def roots_feed(request: HttpRequest) -> HttpResponse:
    """The signed roots as an Atom feed: whoever keeps a copy can prove what was there."""
    portal = portal_of(request)
    name = portal.site.name if portal.site else ""
    feed = Atom1Feed(
        title=f"{gettext('Signed roots of the log of publications')} - {name}",
        link=request.build_absolute_uri(reverse("evidence:verify")),
        description="",
        feed_url=request.build_absolute_uri(),
        language=portal.language,
        author_name=name,
    )
    for root in latest_roots(NEWEST):
        feed.add_item(
            title=f"{root.day} · {root.size}",
            link=request.build_absolute_uri(reverse("api-v1:get_root", args=[root.day])),
            description=f"{root.root} {root.key.algorithm} {root.signature}",
            unique_id=f"tag:{portal.host},2026:evidence-root-{root.day}",
            pubdate=root.signed_at,
            updateddate=root.signed_at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
