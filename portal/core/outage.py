"""What visitors, editors and programs are told while the database is away: 503, at once.

Reached as Django's handler of uncaught errors, because that is the one place where failures of
views, templates, sessions and middleware all end. It asks no database, renders no plugin's part and
needs no site. Whoever sent a form gets what was sent back, to send it again: nothing was stored.
"""

import json
import re
import sys
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.plugins.outages import outage_behind

from .middleware import language_of_path

PROBLEM = "application/problem+json"
RETRY_SECONDS = 15
UNAVAILABLE = _("The portal's database cannot be reached just now.")
NOT_STORED = _("Nothing of what was sent has been stored. Please send it again in a moment.")
_TITLES = {500: _("Internal server error"), 503: _("Not available for a moment")}

# Never repeated in an answer, not even to whoever sent it.
_SECRET = re.compile(r"passw|pwd|secret|otp|captcha|altcha|^code$", re.IGNORECASE)
_MOST_FIELDS, _MOST_CHARACTERS = 20_000, 4_000_000


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``, called while the error is being handled."""
    outage = outage_behind(sys.exc_info()[1])
    if outage is not None:
        return unavailable(request)
    if _wants_json(request):
        return problem(request, 500)
    with translation.override(language_of_path(request.path_info)):
        return _page("500.html", 500, {})


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer to any request that met an outage."""
    if _wants_json(request):
        detail = UNAVAILABLE if _reads(request) else NOT_STORED
        response = problem(request, 503, detail)
    else:
        with translation.override(language_of_path(request.path_info)):
            response = _page("503.html", 503, _context(request))
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def problem(request: HttpRequest, status: int, detail: object = "") -> HttpResponse:
    """A problem detail (RFC 9457) in the language that the caller asked for, or its address."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = language_of_path(request.path_info)
    with translation.override(language):
        content: dict[str, object] = {
            "type": "about:blank",
            "title": str(_TITLES.get(status) or HTTPStatus(status).phrase),
            "status": status,
        }
        if detail:
            content["detail"] = str(detail)
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type=PROBLEM
    )
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(template: str, status: int, context: dict[str, object]) -> HttpResponse:
    response = HttpResponse(render_to_string(template, context), status=status)
    response.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    response.headers["Cache-Control"] = "no-store"
    return response


def _reads(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


def _wants_json(request: HttpRequest) -> bool:
    """Programs, and scripts of our own pages that say what they read."""
    if request.path_info.startswith("/api/"):
        return True
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _context(request: HttpRequest) -> dict[str, object]:
    if _reads(request):
        return {"again": request.get_full_path() if request.method == "GET" else ""}
    sent = _sent(request)
    return {"is_form": True, "action": request.get_full_path(), **sent}


def _sent(request: HttpRequest) -> dict[str, object]:
    """The fields of a form that was sent, where sending them again does the same thing."""
    if not _is_our_form(request):
        return {}
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except (UnreadablePostError, MultiPartParserError, BadRequest, SuspiciousOperation):
        return {}
    kept = [(name, value) for name, value in fields if not _SECRET.search(name)]
    if len(kept) > _MOST_FIELDS or sum(len(value) for _name, value in kept) > _MOST_CHARACTERS:
        return {}
    # Without what is secret or a file it would be another form: it is shown, not sent.
    if files or len(kept) < len(fields):
        texts = [value for name, value in kept if name != "csrfmiddlewaretoken" and value.strip()]
        return {"texts": [text for text in texts if len(text) > 20], "had_files": files}
    return {"fields": kept}


def _is_our_form(request: HttpRequest) -> bool:
    """Whether the form stood on a page of this host: no other website gets its words shown here."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return not origin or urlsplit(origin).netloc == request.META.get("HTTP_HOST")
