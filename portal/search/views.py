"""The search page, below every language: ``/search/``, ``/en/search/``.

Nothing of it is stored anywhere and no cookie is read or set: what people look for is theirs.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.plugin_api import mark_mixed_text, visitor_of

from . import answers, clicks, limits, narrowing, opensearch
from .asking import Asked, read_asked
from .boxes import SearchBox
from .engine.contract import Sort
from .pagination import SearchPagination, pages_of
from .results import Kinds, kinds_of, results_of, trust_words
from .services import log
from .services.contract import LONGEST_QUERY, PER_PAGE, Outcome
from .services.searching import find
from .services.suggesting import popular

# With fewer results of its own, a page in another language shows the first Chinese ones too.
FEW = 5
CHINESE_SHOWN = 3
HOT_WORDS = 8
_TITLES_ONLY, _BLOCKED = "titles_only", "blocked"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Results for ``q``; without it what one can do here."""
    asked = read_asked(request)
    if asked.text and not asked.is_too_long:
        wait = limits.seconds_until_search(request)
        if wait:
            return _too_many(request, asked, wait)
        outcome = find(asked.search())
        pages = pages_of(outcome.total)
        if asked.page > pages and outcome.total:
            last = f"&page={pages}" if pages > 1 else ""
            return HttpResponseRedirect(f"{request.path}{asked.address()}{last}")
        context = _found(request, asked, outcome)
    else:
        context = _start(asked)
    return _shown(request, asked, context)


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """How a browser searches here from its own address field (OpenSearch)."""
    asked = read_asked(request)
    return opensearch.description(request, asked)


@csrf_exempt  # no cookie, no account: where it comes from is asked instead
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """Count that a result was opened; nothing of who did."""
    return clicks.take(request)


# --- contexts -------------------------------------------------------------------------------------
def _start(asked: Asked) -> dict[str, Any]:
    return {
        "state": "too_long" if asked.is_too_long else "start",
        "longest": LONGEST_QUERY,
        "hot_words": _hot_words(asked),
    }


def _found(request: HttpRequest, asked: Asked, outcome: Outcome) -> dict[str, Any]:
    portal = asked.portal
    site = portal.site_pk
    kinds = kinds_of(site)
    first = (asked.page - 1) * PER_PAGE + 1
    is_blocked = outcome.how == _BLOCKED
    is_first = asked.page == 1 and not is_blocked
    results = results_of(outcome.results, portal, kinds=kinds, first=first, language=asked.language)
    context: dict[str, Any] = {
        "state": "blocked" if is_blocked else "found" if results else "nothing",
        "outcome": outcome,
        "results": results,
        "tabs": narrowing.tabs_of(asked, outcome.facets, kinds),
        "facets": narrowing.facets_of(asked, outcome.facets),
        "taken": narrowing.taken_of(asked, outcome.facets, kinds),
        "orders": _orders(asked),
        "places": _places(asked),
        "is_titles_only": outcome.how == _TITLES_ONLY,
        "corrected": outcome.corrected,
        "as_typed_url": replace(asked, exact=True, page=1).address(),
        "meant": [(text, _of(asked, text)) for text in outcome.did_you_mean],
        "pagination": SearchPagination.of(asked, outcome.total),
        "current_url": replace(asked, hide_repealed=not asked.hide_repealed, page=1).address(),
        "range_pairs": list(asked.pairs(without=("from", "to"))),
        "token": log.note(
            asked.search(facets=False),
            outcome,
            visitor=visitor_of(request, purpose="search.log"),
        ),
    }
    if is_first and not asked.is_narrowed and asked.sort is Sort.RELEVANCE:
        context |= _above(asked, site)
        answer = context["answer"]
        if answer is not None and len(results) > 1:
            # It stands above in full.
            context["results"] = [one for one in results if one.url != answer.url]
    if not results and not is_blocked:
        context |= {
            "hot_words": _hot_words(asked),
            "widened_url": asked.widened().address() if asked.is_narrowed else "",
            "everywhere_url": ""
            if asked.everywhere
            else replace(asked, everywhere=True, page=1).address(),
        }
    if not asked.in_chinese and outcome.chinese:
        context |= _chinese(asked, outcome, kinds)
    return context


def _above(asked: Asked, site: int | None) -> dict[str, Any]:
    """What may answer at once, before any result is read."""
    answer = answers.direct_answer(asked.text, site=site, language=asked.portal.language)
    return {
        "answer": answer,
        "answer_trust": trust_words(answer.trust) if answer is not None else "",
        "services": answers.services(asked.text, site=site, language=asked.portal.language),
    }


def _chinese(asked: Asked, outcome: Outcome, kinds: Kinds) -> dict[str, Any]:
    """On a page in another language: the way to Chinese results, and the first of them where
    there is little else."""
    wanted = replace(asked.widened(), in_chinese=True, everywhere=asked.everywhere)
    context: dict[str, Any] = {"chinese": outcome.chinese, "chinese_url": wanted.address()}
    if outcome.total < FEW:
        found = find(wanted.search(facets=False))
        shown = found.results[:CHINESE_SHOWN]
        context["chinese_results"] = results_of(
            shown, asked.portal, kinds=kinds, first=1, language=settings.LANGUAGE_CODE
        )
    return context


def _hot_words(asked: Asked) -> list[tuple[str, str]]:
    words = popular(site=asked.portal.site_pk, language=asked.language, count=HOT_WORDS)
    return [(word, _of(asked, word)) for word in words]


def _of(asked: Asked, text: str) -> str:
    """The address of other words, without what narrows these."""
    return replace(asked.widened(), text=text, exact=False).address()


def _orders(asked: Asked) -> list[narrowing.Choice]:
    return [
        narrowing.Choice(label, 0, replace(asked, sort=sort, page=1).address(), asked.sort is sort)
        for sort, label in (
            (Sort.RELEVANCE, gettext("Best match first")),
            (Sort.DATE, gettext("Newest first")),
        )
    ]


def _places(asked: Asked) -> list[narrowing.Choice]:
    """Where to look: titles alone or texts too, this site or all."""
    return [
        narrowing.Choice(
            label,
            0,
            replace(asked, in_title=in_title, page=1).address(),
            asked.in_title is in_title,
        )
        for in_title, label in ((False, gettext("Whole texts")), (True, gettext("Titles")))
    ]


# --- answers --------------------------------------------------------------------------------------
def _too_many(request: HttpRequest, asked: Asked, wait: int) -> HttpResponse:
    response = _shown(request, asked, {"state": "too_many", "wait": wait})
    response.status_code = 429
    response.headers["Retry-After"] = str(wait)
    return response


def _shown(request: HttpRequest, asked: Asked, context: dict[str, Any]) -> HttpResponse:
    portal = asked.portal
    site = portal.site_pk
    scopes = [
        narrowing.Choice(
            label, 0, replace(asked, everywhere=value, page=1).address(), asked.everywhere is value
        )
        for value, label in ((True, gettext("All websites")), (False, gettext("This website")))
    ]
    context |= {
        "portal": portal,
        "asked": asked,
        "box": SearchBox(
            site, portal.language, style="page", asked=asked, is_focused=not asked.text
        ),
        "scopes": scopes if len(portal.structure.records) > 1 else [],
        "ask": answers.ask_place(site=site, language=portal.language),
        "feed_url": f"{reverse('search_language:feed')}{asked.address()}" if asked.text else "",
        "opened_url": reverse("search_language:opened"),
        "phone": portal.site.contact_phone if portal.site else "",
        "chinese_tag": "zh-Hans",
    }
    response = render(request, "search/page.html", context)
    if portal.language != settings.LANGUAGE_CODE:
        response.content = mark_mixed_text(response.content.decode(), portal.language)
    response.headers["X-Robots-Tag"] = "noindex, follow"
    response.headers["Cache-Control"] = "private, no-store"
    return response
