"""Counter cards: a page of its own, made for a phone without network and for one sheet of A4.

Nothing on a card depends on who asks, so that a copy kept on a phone holds nothing personal.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.plugin_api import (
    PortalContext,
    card_sources,
    mark_mixed_text,
    page_today,
    portal_of,
    public_place,
    site_home,
)

from .selectors.cards import Card, card_of, card_of_text

# Said to people at the counter, whatever the visitor's language: content, not interface.
_CHINESE_ERRAND = "您好，请帮我办这件事："
_CHINESE_QUESTION = "您好，我想问问这件事："
_WORKER = "foreign/card_worker.js"
_VERSIONED = (_WORKER, "foreign/card.css", "foreign/card.js")


@require_safe
def page_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The card of a page; a Chinese number and that of its translation lead to the same card."""
    portal = portal_of(request)
    if portal.language == settings.LANGUAGE_CODE:
        raise Http404("A card stands beside the Chinese: it is asked for in another language")
    card = card_of(pk, portal.language)
    if card is None or card.page.get_url(request) is None:
        raise Http404
    if card.page.pk != pk:
        return HttpResponseRedirect(portal_path(portal.language, f"card/{card.page.pk}/"))
    return _shown(request, portal, card)


@require_safe
def text_card(request: HttpRequest, source: str, key: str) -> HttpResponse:
    """The card of another plugin's text, such as an approved answer."""
    portal = portal_of(request)
    if portal.language == settings.LANGUAGE_CODE or not section_address(portal.language):
        raise Http404("A card stands beside the Chinese: it is asked for in another language")
    entry = card_sources.get(source, portal.site_pk)
    if entry is None:
        raise Http404(f"There are no cards of {source}")
    text = entry.run(lambda item: item.card_text(key, language=portal.language), None)
    card = card_of_text(text, portal.language) if text is not None else None
    if text is None or card is None or card.page.get_url(request) is None:
        raise Http404
    if text.key != key:
        return HttpResponseRedirect(portal_path(portal.language, f"card/{source}/{text.key}/"))
    return _shown(request, portal, card)


def _shown(request: HttpRequest, portal: PortalContext, card: Card) -> HttpResponse:
    page_today()  # the card says of which day it is
    context = {
        "portal": portal,
        "card": card,
        "page_url": card.page.get_full_url(request),
        "chinese_wish": _CHINESE_ERRAND if card.is_errand else _CHINESE_QUESTION,
        "kept_url": portal_path(portal.language, "card/"),
        "worker_url": portal_path(portal.language, "card/worker.js"),
    }
    response = render(request, "foreign/card/card.html", context)
    response.content = mark_mixed_text(response.content.decode(), portal.language)
    return _answer(response)


@require_safe
def kept_cards(request: HttpRequest) -> HttpResponse:
    """The list of cards on this phone; the phone fills it in, the portal does not know them."""
    portal = portal_of(request)
    if portal.language == settings.LANGUAGE_CODE:
        raise Http404
    context = {
        "portal": portal,
        "kept_url": request.path,
        "home_url": f"/{portal.language}/",
        "worker_url": portal_path(portal.language, "card/worker.js"),
    }
    return _answer(render(request, "foreign/card/kept.html", context))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of one language's cards: it rules below its own address only."""
    if portal_of(request).language == settings.LANGUAGE_CODE:
        raise Http404
    response = HttpResponse(_worker_source(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def portal_path(language: str, rest: str) -> str:
    """An address below a language, whichever language is active."""
    return f"/{language}/{rest}"


def section_address(language: str) -> str:
    """The home of the portal's section in a language, as seen from the running request; "" where
    it is not public. No query."""
    home = site_home(None, language)
    place = public_place(home.pk) if home is not None else None
    return place[1] if place is not None else ""


def _answer(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _worker_source() -> str:
    source = _static_file(_WORKER).read_text("utf-8")
    return source.replace("{{ version }}", _version())


@cache
def _version() -> str:
    digest = hashlib.sha256()
    for name in _VERSIONED:
        digest.update(_static_file(name).read_bytes())
    return digest.hexdigest()[:12]


def _static_file(name: str) -> Path:
    """The file as it lies in the plugin: where it was collected to is the server's affair."""
    found = finders.find(name)
    if not found:
        raise Http404(f"{name} is missing")
    return Path(found)
