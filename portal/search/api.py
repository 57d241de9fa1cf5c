"""Search and suggestions in the public API: ``/api/v1/search`` and ``/api/v1/suggest``."""

import json
from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from portal.plugin_api import ApiProblem, absolute_url, portal_of, public_tree

from . import limits
from .api_schemas import (
    SUGGESTIONS,
    FacetCount,
    SearchAnswer,
    SearchFacets,
    SearchQuery,
    SearchResult,
    SuggestAnswer,
    SuggestedItem,
    SuggestQuery,
)
from .asking import PARAMETERS, clean
from .engine.contract import FACETS, Sort
from .results import kinds_of, shown_url
from .script import in_script_of
from .services.contract import FacetValue, Found, Outcome, Search, Suggestion
from .services.searching import find
from .services.suggesting import suggest

TOO_MANY = _("That was much at once. Please wait a moment.")
# What browsers ask for: [what was typed, [suggestions …]].
_OF_BROWSERS = "application/x-suggestions+json"
_LIST = {
    "type": "array",
    "items": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "minItems": 2,
    "maxItems": 2,
}
# Names in the API where they are others than on the page.
_OWN_NAMES = {"sites": "site"}


def make_search_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["search"])
    router.get(
        "",
        response=SearchAnswer,
        operation_id="search",
        summary="Search everything that is public",
    )(search)
    return router


def make_suggest_router() -> Router:
    """The same for suggestions."""
    router = Router(tags=["search"])
    router.get(
        "",
        response=SuggestAnswer,
        operation_id="suggest",
        summary="Suggestions while somebody types",
        openapi_extra={"responses": {200: {"content": {_OF_BROWSERS: {"schema": _LIST}}}}},
    )(suggestions)
    return router


def search(request: HttpRequest, query: Query[SearchQuery], response: HttpResponse) -> Any:
    """Only what everybody may read, checked at this moment: no cache may hold the answer.

    Too many searches of one caller are answered with 429 and `Retry-After`.
    """
    _leave(response)
    wait = limits.seconds_until_search(request)
    if wait:
        raise _too_many(wait)
    tree = public_tree(request)
    chosen: dict[str, tuple[str, ...]] = {}
    for name, facet in PARAMETERS.items():
        values = getattr(query, _OWN_NAMES.get(name, name))
        if values:
            chosen[facet] = tuple(str(value) for value in dict.fromkeys(values))
    if query.site:
        chosen["site"] = tuple(str(tree.site(code).pk) for code in dict.fromkeys(query.site))
    text = clean(query.q)
    outcome = (
        find(
            Search(
                text=text,
                language=query.language or settings.LANGUAGE_CODE,
                site=portal_of(request).site_pk,
                chosen=chosen,
                since=query.since,
                until=query.until,
                in_title=query.place == "title",
                sort=Sort(query.sort),
                page=query.page,
                facets=FACETS,
                exact=query.exact,
            )
        )
        if text
        else Outcome(how="empty")
    )
    return _answer(request, outcome)


def suggestions(request: HttpRequest, query: Query[SuggestQuery], response: HttpResponse) -> Any:
    """What begins with, sounds like or is abbreviated by what is typed; public things only."""
    _leave(response)
    wait = limits.seconds_until_suggestion(request)
    if wait:
        raise _too_many(wait)
    site = public_tree(request).site(query.site).pk if query.site else portal_of(request).site_pk
    text = clean(query.q)
    script = query.language.lower()
    known = dict(settings.LANGUAGES)
    language = script if script in known else settings.LANGUAGE_CODE
    found = suggest(text, site=site, language=language, count=SUGGESTIONS) if text else ()
    if script != language:
        found = in_script_of(script, found, site=site)
    if query.form == "opensearch":
        return _for_browsers(request, query.q, found)
    kinds = kinds_of(site)
    return SuggestAnswer(
        suggestions=[
            SuggestedItem(
                text=one.text,
                kind=one.kind,
                label=kinds.label(one.kind),
                name=_other_name(one),
                url=shown_url(one.url, portal_of(request)) if one.url else "",
            )
            for one in found
        ]
    )


def _answer(request: HttpRequest, outcome: Outcome) -> SearchAnswer:
    records = portal_of(request).structure.records
    codes = {str(pk): record.code for pk, record in records.items()}
    facets = {
        _OWN_NAMES.get(name, name): [
            _count(value, codes if facet == "site" else {})
            for value in outcome.facets.get(facet, ())
        ]
        for name, facet in PARAMETERS.items()
    }
    return SearchAnswer(
        total=outcome.total,
        took_ms=round(outcome.took_ms, 2),
        corrected=outcome.corrected,
        did_you_mean=list(outcome.did_you_mean),
        how=outcome.how,
        facets=SearchFacets(**facets),
        results=[_result(request, one, codes) for one in outcome.results],
    )


def _result(request: HttpRequest, one: Found, codes: dict[str, str]) -> SearchResult:
    return SearchResult(
        id=one.key,
        title=one.title,
        url=absolute_url(shown_url(one.url, portal_of(request)), request.build_absolute_uri("/")),
        kind=one.kind,
        site=codes.get(str(one.site), ""),
        language=one.language,
        trust=one.trust,
        snippet=strip_tags(one.snippet_html),
        snippet_html=one.snippet_html,
        number=one.number,
        date=one.date,
        validity=one.standing,
        score=one.score,
    )


def _count(value: FacetValue, codes: dict[str, str]) -> FacetCount:
    name = codes.get(value.value, value.value)
    return FacetCount(value=name, label=value.label, count=value.count)


def _other_name(suggestion: Suggestion) -> str:
    """What was begun, where that is another name of the thing: as ``suggesting.marked`` has it."""
    _shown, begun, name = suggestion.html.partition('<span class="suggestion-name">')
    return unescape(strip_tags(name)) if begun else ""


def _for_browsers(request: HttpRequest, typed: str, found: tuple[Suggestion, ...]) -> HttpResponse:
    """The list of the OpenSearch extension: what was typed, then texts, notes and addresses."""
    texts = [one.text for one in found]
    response = HttpResponse(
        json.dumps([typed, texts], ensure_ascii=False),
        content_type=f"{_OF_BROWSERS}; charset=utf-8",
    )
    _leave(response)
    return response


def _leave(response: HttpResponse) -> None:
    """What somebody looks for lies in no cache on the way."""
    response.headers["Cache-Control"] = "private, no-store"


def _too_many(wait: int) -> ApiProblem:
    return ApiProblem(429, TOO_MANY, headers={"Retry-After": str(wait)})
