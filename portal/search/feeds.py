"""A search as a feed: who reads it hears of what is new. ``?format=rss`` gives RSS, else Atom."""

import datetime
from dataclasses import replace
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import strip_tags
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from . import limits
from .asking import Asked, read_asked
from .engine.contract import Sort
from .results import Result, kinds_of, results_of
from .services.searching import find

MAX_AGE = 60
_NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class _Steady(Atom1Feed):
    """Without entries it says no moment of its own: the same feed has the same bytes."""

    def latest_post_date(self) -> datetime.datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(dates, default=_NEVER)


class _SteadyRss(Rss201rev2Feed):
    latest_post_date = _Steady.latest_post_date


type _Feed = _Steady | _SteadyRss


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest results of the search that the address asks, whatever its order.

    With an ETag that is made from the bytes: who has them already gets 304.
    """
    asked = replace(read_asked(request), sort=Sort.DATE, page=1, exact=True)
    wait = limits.seconds_until_search(request)
    if wait:
        response = HttpResponse(status=429, content_type="text/plain")
        response.headers["Retry-After"] = str(wait)
        return response
    made = _feed(request, asked)
    body = made.writeString("utf-8").encode()
    response = HttpResponse(body, content_type=made.content_type)
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=MAX_AGE)
    response.headers["ETag"] = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    return (
        get_conditional_response(request, etag=response.headers["ETag"], response=response)
        or response
    )


def _feed(request: HttpRequest, asked: Asked) -> _Feed:
    portal = asked.portal
    name = portal.site.name if portal.site else ""
    kind = _SteadyRss if request.GET.get("format") == "rss" else _Steady
    page = request.path.removesuffix("feed/")
    label = pgettext("verb", "Search")
    made = kind(
        title=" - ".join(text for text in (asked.text, label, name) if text),
        link=request.build_absolute_uri(page + asked.address()),
        description=gettext("What was published last of a search"),
        feed_url=request.build_absolute_uri(),
        language=asked.language,
        author_name=name,
    )
    if not asked.text or asked.is_too_long:
        return made
    found = find(asked.search(facets=False)).results
    kinds = kinds_of(portal.site_pk)
    for result in results_of(found, portal, kinds=kinds, first=1, language=asked.language):
        _add(made, request, result)
    return made


def _add(made: _Feed, request: HttpRequest, result: Result) -> None:
    one = result.found
    date = timezone.localtime(one.date) if one.date else None
    made.add_item(
        title=f"【{result.mark}】{one.title}" if result.mark else one.title,
        link=request.build_absolute_uri(result.url),
        description=strip_tags(one.snippet_html),
        unique_id=f"tag:{_host()},2026:{one.key}",
        pubdate=date,
        updateddate=date,
        categories=[text for text in (result.kind_label, result.mark, result.trust) if text],
    )


def _host() -> str:
    """The same on every host of the portal: an entry is one thing wherever it is found."""
    return str(settings.BASE_URL).partition("://")[2].partition(":")[0].strip("/")
