"""Public addresses of interpretations beside their pages: reading view, list, pictures, H5."""

import datetime
import tempfile
import zipfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.plugin_api import (
    PortalDocument,
    context_for_page,
    page_today,
    partial_response,
    public_urls,
)

from . import animations
from .library_views import site_asked
from .models import AnimationPackage, InterpretationPage, PolicyPage
from .selectors import pictures, product_list, reading


# --- the reading view -----------------------------------------------------------------------
@require_safe
def reading_view(request: HttpRequest, pk: int) -> HttpResponse:
    """A document clause by clause with plain words beside; ``?asof=`` and ``?only=explained``."""
    policy = get_object_or_404(
        PolicyPage.objects.select_related("policy_record__repealed_by", "locale"), pk=pk, live=True
    )
    if policy.alias_of_id is not None:
        return HttpResponseRedirect(
            reverse("policy_interpretation:reading", args=[policy.alias_of_id])
        )
    url = public_urls([(policy.pk, policy.path, policy.url_path)]).get(policy.pk)
    if url is None:
        raise Http404
    today = page_today()
    day, problem = _asked_day(request.GET.get("asof", ""), policy, today)
    only = request.GET.get("only") == "explained"
    shown = reading.reading(policy, day)
    rows = [row for row in shown.rows if row.is_explained] if only else list(shown.rows)
    context = {
        "portal": context_for_page(request, policy),
        "page": policy,
        "document_url": url,
        "rows": rows,
        "coverage": shown.coverage,
        "only": only,
        "day": day,
        "problem": problem,
        "today": today,
        "validity": policy.validity(day or today),
        "asof_query": f"&asof={day:%Y-%m-%d}" if day else "",
    }
    response = render(request, "policy_interpretation/reading.html", context)
    if "asof" in request.GET or only:
        response.headers["X-Robots-Tag"] = "noindex"
    if "asof" in request.GET:
        patch_cache_control(response, private=True, no_store=True)
    return response


def _asked_day(
    text: str, policy: PolicyPage, today: datetime.date
) -> tuple[datetime.date | None, str]:
    """(the day to show or None for today, a sentence where what was asked cannot be shown)."""
    if not text.strip():
        return None, ""
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        return None, _("This is not a day. Write it as 2026-03-01. Today's text is shown.")
    if policy.issued_on and day < policy.issued_on:
        return None, _(
            "On %(day)s the document did not exist yet; it was issued on %(issued)s. Today's text "
            "is shown."
        ) % {"day": f"{day:%Y-%m-%d}", "issued": f"{policy.issued_on:%Y-%m-%d}"}
    return (None if day == today else day), ""


# --- the list -------------------------------------------------------------------------------
@require_safe
def interpretations(request: HttpRequest) -> HttpResponse:
    """The products of a site by form, author kind and year, all in the query string.

    ``?site=`` names a sub-site that is served by path, as in the library.
    """
    portal, _site_pk = site_asked(request)
    if portal.site_root is None:
        raise Http404
    shown = product_list.read(request.GET, portal)
    response = render(
        request, "policy_interpretation/interpretations.html", {"portal": portal, "list": shown}
    )
    if shown.is_filtered:
        response.headers["X-Robots-Tag"] = "noindex, follow"
    return response


# --- one picture ----------------------------------------------------------------------------
def _with_picture(request: HttpRequest, pk: int) -> InterpretationPage:
    page = get_object_or_404(InterpretationPage, pk=pk, live=True)
    if not page.picture or not public_urls([(page.pk, page.path, page.url_path)]):
        raise Http404
    return page


@require_safe
def picture_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a public product as a drawing, sharp at any size."""
    page = _with_picture(request, pk)
    response = HttpResponse(pictures.svg_of(page, request), content_type="image/svg+xml")
    # A drawing that is opened by itself runs nothing and loads nothing.
    response.headers[str(CSP.HEADER_ENFORCE)] = "default-src 'none'; style-src 'unsafe-inline'"
    return _as_download(response, request, page, "svg")


@require_safe
def picture_png(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture as an image for messages; where the server has no font, the reason in words."""
    page = _with_picture(request, pk)
    data = pictures.png_of(page, request)
    if data is None:
        text = _(
            "This server has no Chinese font, so it cannot draw the image. Take the drawing (SVG) "
            "instead: %(address)s"
        ) % {"address": reverse("policy_interpretation:picture_svg", args=[page.pk])}
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=503)
    return _as_download(HttpResponse(data, content_type="image/png"), request, page, "png")


def _as_download(
    response: HttpResponse, request: HttpRequest, page: InterpretationPage, kind: str
) -> HttpResponse:
    if "download" in request.GET:
        from django.utils.http import content_disposition_header

        name = "".join(sign for sign in page.title if sign.isprintable())[:60].strip() or "picture"
        header = content_disposition_header(True, f"{name}.{kind}")
        response.headers["Content-Disposition"] = str(header).replace("/", "-")
    patch_cache_control(response, public=True, max_age=300)
    return response


# --- H5 packages ----------------------------------------------------------------------------
@require_safe
def animation(request: HttpRequest, key: str, path: str) -> HttpResponseBase:
    """A file of an H5 package, for the sandbox and for nothing else."""
    document = _package(request, key)
    own = request.build_absolute_uri(reverse("policy_interpretation:animation", args=[key, "x"]))
    try:
        response = _entry(request, document, path)
    except (KeyError, *animations.DAMAGED) as error:
        raise Http404 from error
    response.headers[str(CSP.HEADER_ENFORCE)] = animations.policy(own[: -len("x")])
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    # The sandbox is an origin of its own: its fonts and modules need leave to be read by it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    if key.startswith("preview-"):
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, public=True, max_age=86_400)
    return response


def _package(request: HttpRequest, key: str) -> Any:
    """The document that a key stands for.

    Raises:
        Http404: no public product shows it, or the preview is over.
    """
    if key.startswith("preview-"):
        pk = animations.document_of_preview(key)
        return get_object_or_404(PortalDocument, pk=pk or 0)
    product_pk, document_pk, digest = [*key.split("-"), "", ""][:3]
    if not (product_pk.isdigit() and document_pk.isdigit() and len(digest) == 12):
        raise Http404
    row = get_object_or_404(
        AnimationPackage.objects.select_related("document", "product"),
        product_id=int(product_pk),
        document_id=int(document_pk),
        digest__startswith=digest,
        product__live=True,
    )
    product = row.product
    if not public_urls([(product.pk, product.path, product.url_path)]):
        raise Http404
    return row.document


def _entry(request: HttpRequest, document: Any, path: str) -> HttpResponseBase:
    """One file out of the .zip.

    Raises:
        KeyError: there is none of this name that may be shown.
    """
    with document.file.open("rb") as packed, zipfile.ZipFile(packed) as archive:
        info = archive.getinfo(path)
        if animations.extension_of(path) not in animations.CONTENT_TYPES:
            raise KeyError(path)
        if info.file_size > animations.LARGEST_ENTRY:
            raise KeyError(path)
        kind = animations.content_type(path)
        if not kind.startswith(("audio/", "video/")):
            return HttpResponse(archive.read(info), content_type=kind)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with archive.open(info) as source:
            while chunk := source.read(256 * 1024):
                file.write(chunk)
        file.seek(0)
        return partial_response(request, FileResponse(file, content_type=kind))
