"""The door that every request to the API goes through: methods, errors, caching."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from portal.plugins.urls import guard_view

from .caching import make_cacheable
from .cross_origin import Allows, open_to_others
from .errors import ANSWERS, language_of, problem, problem_of
from .messages import NO_ADDRESS, OTHER_METHODS, READ_ONLY

type View = Callable[..., HttpResponse]

ALLOW = "GET, HEAD, OPTIONS"


def guarded(pattern: URLPattern) -> URLPattern:
    """A copy of the pattern whose view is reached through the entrance."""
    return _with(pattern, entrance(pattern.callback))


def guarded_for(pattern: URLPattern, plugin: str, allows: Allows | None = None) -> URLPattern:
    """The same for a view of a plugin, which may take more methods than GET.

    Args:
        pattern: the address.
        plugin: its slug.
        allows: whose pages may use it from a browser, beside the portal's own.
    """
    view = entrance(guard_view(pattern.callback, plugin, answers=ANSWERS), is_read_only=False)
    return _with(pattern, view if allows is None else _open(view, plugin, allows))


def _open(view: View, plugin: str, allows: Allows) -> View:
    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return open_to_others(request, view(request, *args, **kwargs), plugin, allows)

    return opened


def _with(pattern: URLPattern, view: View) -> URLPattern:
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


def entrance(view: View, *, is_read_only: bool = True) -> View:
    """Wrap a view; nothing it does reaches a visitor as a page of HTML.

    Args:
        is_read_only: it answers GET; else it tells itself which methods it takes, by its 405.
    """

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reads = request.method in ("GET", "HEAD")
        if is_read_only and not reads:
            return _other_method(request, ALLOW)
        if not reads:
            # No token protects these: what they do, they do for anybody.
            request.user = AnonymousUser()
        try:
            response = _run(view, request, *args, **kwargs)
        except Exception as error:
            return problem_of(request, error)
        if response.status_code == 405:
            return _other_method(request, _allowed(response))
        response.headers.setdefault("Content-Language", language_of(request))
        if not reads:
            response.headers.setdefault("Cache-Control", "no-store")
        elif response.status_code == 200 and not response.streaming and not _is_private(response):
            response = make_cacheable(request, response)
        if response.status_code == 412:
            return problem(request, 412)
        return response

    # Without a session there is nothing to forge, and 405 is the truer answer to a POST than 403.
    enter.csrf_exempt = True  # type: ignore[attr-defined]
    return enter


def _is_private(response: HttpResponse) -> bool:
    """An answer for one caller, as its view says."""
    return "no-store" in response.headers.get("Cache-Control", "")


def _other_method(request: HttpRequest, allow: str) -> HttpResponse:
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        del response.headers["Content-Type"]
    else:
        response = problem(request, 405, READ_ONLY if allow == ALLOW else OTHER_METHODS)
    response.headers["Allow"] = allow
    return response


def _allowed(response: HttpResponse) -> str:
    """The methods of an address by its 405, with those that the entrance adds."""
    named = [name.strip().upper() for name in response.headers.get("Allow", "").split(",")]
    methods = sorted({name for name in named if name} - {"HEAD", "OPTIONS"})
    if "GET" in methods:
        methods.insert(methods.index("GET") + 1, "HEAD")
    return ", ".join([*methods, "OPTIONS"])


def _run(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Run the view, for HEAD as for GET: the server drops the body of an answer to HEAD."""
    method = request.method
    request.method = "GET" if method == "HEAD" else method
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """For everything below ``/api/`` that nobody answers."""
    return problem(request, 404, NO_ADDRESS)


unknown_address.csrf_exempt = True  # type: ignore[attr-defined]
