"""A letter to the government in the language of a section, taken by whoever provides ``letters``.

Nothing of a letter is kept here: it goes to the provider, and the receipt to the writer. Where
nobody takes letters in the language there is no such page.
"""

import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from portal.plugin_api import (
    CapabilityUnavailable,
    DraftRefused,
    Letter,
    LetterReceipt,
    PortalContext,
    count_in_window,
    portal_of,
    visitor_of,
)

from .letter_form import LetterForm
from .models import ForeignSection
from .selectors.letters import letters_of, writing_section

WINDOW = 3_600
VISITOR_PER_HOUR, SITE_PER_HOUR = 5, 300
_COOKIE, _SALT = "foreign_letter", "foreign.letter"
_KEPT_FOR = 600  # seconds in which the writer can read the receipt again


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a letter is written: surroundings, section, address."""

    portal: PortalContext
    section: ForeignSection
    query: str

    @property
    def url(self) -> str:
        return f"/{self.portal.language}/letters/{self.query}"

    @property
    def sent_url(self) -> str:
        return f"/{self.portal.language}/letters/sent/{self.query}"


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def write_letter(request: HttpRequest) -> HttpResponse:
    """The form, and sending it. ``?site=`` names a sub-site that is served by path."""
    desk = _desk(request)
    provider, kinds = letters_of(desk.section)
    if provider is None:
        raise Http404("Nobody takes letters in this language")
    if request.method != "POST":
        form = LetterForm(None, kinds=kinds, key=secrets.token_urlsafe(16))
        return _page(request, desk, form)
    asked = request.POST.get("kind", "")
    if asked and asked not in {kind.key for kind in kinds}:
        raise BadRequest("No such kind of letter")
    form = LetterForm(request.POST, kinds=kinds, key="")
    if not form.is_valid():
        if "key" in form.errors:
            raise BadRequest("The form was not made here")
        return _page(request, desk, form, status=422)
    visitor = visitor_of(request, purpose="foreign.letters")
    wait = _seconds_to_wait(visitor, desk.section.site_id)
    if wait:
        sentence = _("Too many letters were sent from your network. Please try again in an hour.")
        response = _page(request, desk, form, problem=sentence, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    told = form.cleaned_data
    if not cache.add(_once(told["key"]), 1, timeout=WINDOW):
        return HttpResponseRedirect(desk.sent_url)  # the button was pressed twice
    letter = Letter(
        kind=told["kind"],
        subject=told["subject"],
        text=told["text"],
        language=desk.portal.language,
        name=told["name"],
        email=told["email"],
        page=desk.url,
    )
    try:
        receipt = provider.send(letter, site=desk.section.site_id, visitor=visitor)
    except CapabilityUnavailable:
        cache.delete(_once(told["key"]))
        sentence = _("Your letter could not be sent just now. Nothing is lost: please try again.")
        return _page(request, desk, form, problem=sentence, status=503)
    if isinstance(receipt, DraftRefused):
        cache.delete(_once(told["key"]))
        return _page(request, desk, form, problem=receipt.reason, status=422)
    return _receipt(request, desk, receipt)


@never_cache
@require_safe
def letter_sent(request: HttpRequest) -> HttpResponse:
    """Number and code of the letter that this browser has just sent."""
    desk = _desk(request)
    kept = request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_KEPT_FOR)
    if not kept:
        return HttpResponseRedirect(desk.url)
    number, code, url = json.loads(kept)
    context = {
        "portal": desk.portal,
        "number": number,
        "code": code,
        "letter_url": url if url.startswith("/") else "",
        "home_url": desk.portal.site.url if desk.portal.site else "/",
    }
    response = render(request, "foreign/letter_sent.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _desk(request: HttpRequest) -> _Desk:
    """Raises Http404 where the site has no public section in the language of the address."""
    portal = portal_of(request)
    code, query = request.GET.get("site", ""), ""
    if code:
        record = next((r for r in portal.structure.records.values() if r.code == code), None)
        root = portal.structure.site_root(record.pk, portal.language) if record else None
        if root is None:
            raise Http404
        portal = PortalContext(
            request, portal.structure, root=root, host=portal.host, language=portal.language
        )
        query = "?" + urlencode({"site": code})
    section = writing_section(portal.site_pk, portal.language)
    if section is None:
        raise Http404
    return _Desk(portal, section, query)


def _page(
    request: HttpRequest, desk: _Desk, form: LetterForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"portal": desk.portal, "form": form, "problem": problem, "action": desk.url}
    response = render(request, "foreign/letter.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _receipt(request: HttpRequest, desk: _Desk, receipt: LetterReceipt) -> HttpResponse:
    """To a page that may be loaded again; the receipt goes along in the writer's browser only."""
    response = HttpResponseRedirect(desk.sent_url)
    response.set_signed_cookie(
        _COOKIE,
        json.dumps([receipt.number, receipt.code, receipt.url]),
        salt=_SALT,
        max_age=_KEPT_FOR,
        path=f"/{desk.portal.language}/letters/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _seconds_to_wait(visitor: str, site_pk: int) -> int:
    if visitor:
        sent, left = count_in_window(f"foreign:letters:{visitor}", WINDOW)
        if sent > VISITOR_PER_HOUR:
            return left
    sent, left = count_in_window(f"foreign:letters:all:{site_pk}", WINDOW)
    return left if sent > SITE_PER_HOUR else 0


def _once(key: str) -> str:
    return f"foreign:letter:{key}"
