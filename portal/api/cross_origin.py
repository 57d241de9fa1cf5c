"""Pages of other websites that may use a part of the API from a browser (CORS).

The browser asks first (OPTIONS), and hands over an answer only where its headers allow the page's
origin. No credentials: the API knows no cookies, so there is nothing to be borrowed.
"""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from portal.core.extension_points import api_routers
from portal.plugins.breaker import breaker

PREFLIGHT_KEPT = 600  # seconds; who is taken off the list is refused by the answers at once

type Allows = Callable[[HttpRequest, str], bool]


def open_to_others(
    request: HttpRequest, response: HttpResponse, plugin: str, allows: Allows
) -> HttpResponse:
    """Let the page of another website read the response, where the plugin allows its origin."""
    patch_vary_headers(response, ["Origin"])
    origin = request.headers.get("Origin", "")
    if not origin or urlsplit(origin).netloc == request.get_host():
        return response
    if not breaker.call(plugin, api_routers.title, partial(allows, request, origin), False):
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_KEPT)
    else:
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return response
