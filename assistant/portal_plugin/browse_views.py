"""The public pages of the knowledge base: topics, the entries of one, search, "useful?".

The language is a part of the address, so that a store can hold each page.
"""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assistant.dialogue.cleaning import clean
from portal.plugin_api import (
    Pagination,
    PortalContext,
    from_elsewhere,
    offered_variants,
    portal_of,
    public_urls,
)
from portal.text.personal_data import scrub

from .answering import languages, limits
from .answering.finding import Match, Search, find
from .models import QuestionPage, Topic, Vote
from .selectors.browsing import OTHERS, Browsing, written_in
from .services.votes import TooMany, vote
from .texts import finished

logger = logging.getLogger(__name__)

PER_PAGE = 20
DEFAULT = "zh-hans"
_LONGEST_SEARCH = 200


class LanguageConverter:
    """A language that a visitor may read in; the portal's own has no part in the address."""

    regex = "|".join(code for code in languages.NAMES if code != DEFAULT)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


# --- leafing --------------------------------------------------------------------------------------
@csrf_exempt  # nothing is stored, no cookie is read
@require_http_methods(["GET", "HEAD", "POST"])
def browse(request: HttpRequest, language: str = DEFAULT) -> HttpResponse:
    """All topics; with ``q`` what is found for some words.

    The form sends them in the body: people type names and numbers into any field, and addresses
    end in the logs of every server on the way. A link with ``?q=`` goes on working.
    """
    asked = languages.known(request.GET.get("lang"))
    if asked and asked != language:
        return HttpResponseRedirect(address_of("browse", asked) + _site_query(request))
    browsing = Browsing(_portal(request, language), language)
    if away := _other_address(request, browsing, "browse"):
        return away
    told = request.POST if request.method == "POST" else request.GET
    typed = " ".join(clean(told.get("q", "")).split())[:_LONGEST_SEARCH]
    if typed:
        return _found(request, browsing, scrub(typed).text)
    context = {"topics": browsing.topics(), "alternatives": _alternatives(browsing, "browse")}
    return _page(request, "assistant/browse/topics.html", browsing, context)


def _found(request: HttpRequest, browsing: Browsing, typed: str) -> HttpResponse:
    portal = browsing.portal
    main = portal.structure.main_site_pk
    sites = frozenset({portal.site_pk}) if portal.site_pk not in (None, main) else None
    found = find(Search(typed, browsing.language, sites=sites))
    query = {"q": typed} if request.method != "POST" else None
    context = {
        "typed": typed,
        "matches": _in_own_language(found.matches, browsing.language),
        "alternatives": _alternatives(browsing, "browse", query=query),
    }
    response = _page(request, "assistant/browse/found.html", browsing, context)
    response.headers["X-Robots-Tag"] = "noindex"
    if request.method == "POST":
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _in_own_language(matches: Any, language: str) -> list[Match]:
    """What one can read first; the order within stays."""
    spoken = written_in(language)
    return sorted(matches, key=lambda match: match.entry.language != spoken)


@require_safe
def topic(
    request: HttpRequest, slug: str, language: str = DEFAULT, number: int = 1
) -> HttpResponse:
    """The entries of a topic that are in force, a page of them."""
    found = Topic.objects.filter(slug=slug).first()
    if found is None and slug != OTHERS:
        raise Http404
    browsing = Browsing(_portal(request, language), language)
    place: dict[str, Any] = {"slug": slug} | ({"number": number} if number > 1 else {})
    name = "topic_page" if number > 1 else "topic"
    if away := _other_address(request, browsing, name, **place):
        return away
    entries = browsing.of_topic(found)
    count = entries.count()
    pagination = Pagination(
        number, count, PER_PAGE, address_of("topic", language, slug=slug), _site_query(request)
    )
    is_first_again = number == 1 and request.path.endswith("/page/1/")
    if not count or not 1 <= number <= pagination.pages or is_first_again:
        raise Http404
    first = (number - 1) * PER_PAGE
    context = {
        "topic": found,
        "topic_name": found.name_in(language) if found else "",
        "slug": slug,
        "rows": browsing.read(entries[first : first + PER_PAGE]),
        "count": count,
        "pagination": pagination,
        "topics": browsing.topics(with_first=False),
        "alternatives": _alternatives_of_topic(browsing, found, slug, is_first=number == 1),
    }
    return _page(request, "assistant/browse/topic.html", browsing, context)


# --- useful? --------------------------------------------------------------------------------------
@csrf_exempt  # no cookie, no account: where the form comes from is asked instead
@require_POST
def useful(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a vote on an entry; the next page says thanks, and after a "no" asks why."""
    page = get_object_or_404(QuestionPage, pk=pk, live=True, alias_of=None)
    if from_elsewhere(request):
        return HttpResponse(status=403, content_type="text/plain")
    answer = request.POST.get("useful", "")
    if answer not in ("yes", "no"):
        return HttpResponse(status=400, content_type="text/plain")
    language = languages.known(request.POST.get("lang")) or DEFAULT
    reason = request.POST.get("reason", "")
    try:
        vote(
            page=page,
            visitor=limits.visitor_of(request),
            useful=answer == "yes",
            reason=reason,
        )
    except TooMany:
        with override(languages.interface(language)):
            words = gettext("That was much at once. Please come back in an hour.")
        response = HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
        response.headers["Retry-After"] = "3600"
        return response
    asks_why = answer == "no" and reason not in Vote.Reason.values
    name = "why" if asks_why else "thanks"
    return HttpResponseRedirect(address_of(name, language, pk=pk), status=303)


@never_cache
@require_safe
def thanks(
    request: HttpRequest, pk: int, language: str = DEFAULT, asks_why: bool = False
) -> HttpResponse:
    page = get_object_or_404(QuestionPage, pk=pk, live=True, alias_of=None)
    browsing = Browsing(_portal(request, language), language)
    url = public_urls([(page.pk, page.path, page.url_path)]).get(page.pk)
    if url is None:
        raise Http404
    context = {
        "page": page,
        "url": url,
        "reasons": Vote.Reason.choices if asks_why else [],
        "alternatives": [],
    }
    response = _page(request, "assistant/browse/thanks.html", browsing, context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- parts ----------------------------------------------------------------------------------------
def address_of(name: str, language: str, **arguments: Any) -> str:
    """The address of one of these pages in a language."""
    if language == DEFAULT:
        return reverse(f"assistant:{name}", kwargs=arguments)
    return reverse(f"assistant:{name}_in", kwargs={"language": language, **arguments})


def _address_at(site: int | None, name: str, language: str, **arguments: Any) -> str:
    """The same, one for each page: where all of the site is there in traditional characters, these
    pages are too."""
    if language == languages.ZH_HANT and _is_offered(site):
        return f"/{languages.ZH_HANT}" + address_of(name, DEFAULT, **arguments)
    return address_of(name, language, **arguments)


def _is_offered(site: int | None) -> bool:
    """Whether a site has all its pages in traditional characters too."""
    return site is not None and any(
        entry.item.prefix == languages.ZH_HANT for entry in offered_variants(site)
    )


def _other_address(
    request: HttpRequest, browsing: Browsing, name: str, **arguments: Any
) -> HttpResponse | None:
    """To the one address of a page in traditional characters, for who comes by the other."""
    address = _address_at(browsing.portal.site_pk, name, browsing.language, **arguments)
    if request.method == "POST" or address == address_of(name, browsing.language, **arguments):
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(address + (f"?{query}" if query else ""))


def _site_query(request: HttpRequest) -> str:
    code = request.GET.get("site", "")
    return f"?site={code}" if code.isascii() and code.replace("-", "").isalnum() else ""


def _portal(request: HttpRequest, language: str) -> PortalContext:
    """The surroundings in a language; ``?site=`` names a sub-site that is served by path.

    Raises:
        Http404: the site that the address names is not public.
    """
    portal = portal_of(request)
    spoken = languages.interface(language)
    root = portal.root
    code = request.GET.get("site", "")
    if code:
        records = portal.structure.records.values()
        record = next((record for record in records if record.code == code), None)
        root = portal.structure.site_root(record.pk, portal.language) if record else None
        if root is None or not root.is_public:
            raise Http404
    if root is portal.root and spoken == portal.language:
        return portal
    return PortalContext(request, portal.structure, root=root, host=portal.host, language=spoken)


def _alternatives(
    browsing: Browsing, name: str, query: dict[str, str] | None = None, **arguments: Any
) -> list[dict[str, Any]]:
    """The same page in the languages that have entries."""
    tail = _site_query(browsing.portal.request)
    if query:
        tail += ("&" if tail else "?") + urlencode(query)
    return [
        {
            "code": code,
            "name": label,
            "html": languages.html_tag(code),
            "url": _address_at(browsing.portal.site_pk, name, code, **arguments) + tail,
            "is_current": code == browsing.language,
            "is_same": True,
        }
        for code, label, _topics in browsing.languages()
    ]


def _alternatives_of_topic(
    browsing: Browsing, topic: Topic | None, slug: str, *, is_first: bool
) -> list[dict[str, Any]]:
    """A topic in other languages; where it has no entries the way leads to all topics.

    Its further pages have no twins: other languages have other entries there.
    """
    pk = topic.pk if topic is not None else None
    tail = _site_query(browsing.portal.request)
    found = []
    for code, label, topics in browsing.languages():
        is_same = pk in topics
        part = {"name": "topic", "slug": slug} if is_same else {"name": "browse"}
        address = _address_at(browsing.portal.site_pk, language=code, **part)
        found.append(
            {
                "code": code,
                "name": label,
                "html": languages.html_tag(code),
                "url": address + tail,
                "is_current": code == browsing.language,
                "is_same": is_same and is_first,
            }
        )
    return found


def _page(
    request: HttpRequest, template: str, browsing: Browsing, context: dict[str, Any]
) -> HttpResponse:
    """A page in the language of its address; traditional characters are made from simplified."""
    language = browsing.language
    spoken = languages.interface(language)
    with override(spoken):
        html: str = render_to_string(
            template,
            {
                "portal": browsing.portal,
                "language": language,
                "browse_url": address_of("browse", language) + _site_query(request),
                "base_url": address_of("browse", language),
                "site_query": _site_query(request),
                "html_language": languages.html_tag(written_in(language)),
                **context,
            },
            request,
        )
    response = HttpResponse(finished(html, language))
    response.headers["Content-Language"] = languages.html_tag(language)
    return response
