"""The API's addresses, for ``portal.urls`` to mount.

``unknown_address`` must come after the addresses of plugins: they may lie below ``/api/`` too.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja.errors import HttpError, ValidationError

from . import columns, organisations, pages, sites
from .document import PortalAPI
from .entrance import guarded, guarded_for, unknown_address
from .plugin_routers import add_plugin_routers

__all__ = ["api_urls", "unknown_address"]

api = PortalAPI(
    title="Government portal",
    version="1.0.0",
    description=(
        "The public content of the portal and its sites, read only: what anybody can read on "
        "the pages themselves. Times are ISO 8601 with offset. Errors are problem details "
        "(RFC 9457); their words come in the `language` that the request names."
    ),
    urls_namespace="api-v1",
    docs_url=None,  # its page would load scripts from another host
)
for part in (sites, columns, pages, organisations):
    api.add_router("", part.router)
mounted = add_plugin_routers(api)


def _leave_to_entrance(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    raise error


# django-ninja answers these in a form of its own, with a traceback when debugging.
for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, _leave_to_entrance)


def _guarded(pattern: URLPattern) -> URLPattern:
    owner = mounted.get(str(pattern.pattern).partition("/")[0])
    return guarded(pattern) if owner is None else guarded_for(pattern, owner.plugin, owner.allows)


_patterns, _app_name, _namespace = api.urls
api_urls = (
    [_guarded(pattern) for pattern in _patterns if isinstance(pattern, URLPattern)],
    _app_name,
    _namespace,
)
