"""Short addresses of clauses, which survive every move of the page."""

from io import BytesIO
from urllib.parse import urlencode

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.plugin_api import page_today, portal_of

from .models import PolicyPage
from .selectors.clauses import stands_in_page
from .selectors.pages import origin_of
from .selectors.texts import reading_on


@require_safe
def clause_link(request: HttpRequest, pk: int, clause: str) -> HttpResponse:
    """To the place of a clause in its document.

    A clause that the text has no longer leads to the document, which says until when it stood; one
    of a text that is still to come, to that text. 404 where the document is not public.
    """
    page = _public_page(request, pk)
    url = page.get_url(request)
    today = reading_on(page, page_today())
    if any(found.short_id == clause for found in today.clauses):
        return HttpResponseRedirect(f"{url}#c-{clause}")
    if today.coming is not None and stands_in_page(page, clause):
        return HttpResponseRedirect(f"{url}?asof={today.coming.isoformat()}#c-{clause}")
    return HttpResponseRedirect(f"{url}?{urlencode({'gone': clause})}")


@require_safe
@cache_control(public=True, max_age=86_400)
def clause_code(request: HttpRequest, pk: int, clause: str) -> HttpResponse:
    """The short address of a clause as a QR code, made here and now: no other host is asked."""
    page = _public_page(request, pk)
    if not stands_in_page(page, clause):
        raise Http404
    address = reverse("policy_interpretation:clause", args=[pk, clause])
    buffer = BytesIO()
    code = segno.make(origin_of(page, portal_of(request)) + address, error="m")
    code.save(buffer, kind="svg", scale=6, border=2, light="#ffffff", title=page.title)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")


def _public_page(request: HttpRequest, pk: int) -> PolicyPage:
    page = get_object_or_404(PolicyPage.objects.select_related("policy_record"), pk=pk, live=True)
    if page.get_url(request) is None or portal_of(request).structure.is_private(page.path):
        raise Http404
    return page
