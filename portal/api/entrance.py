"""The door that every request to the API goes through: methods, errors, caching."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from .caching import make_cacheable
from .errors import language_of, problem, problem_of
from .messages import NO_ADDRESS, READ_ONLY

type View = Callable[..., HttpResponse]

ALLOW = "GET, HEAD, OPTIONS"


def guarded(pattern: URLPattern) -> URLPattern:
    """A copy of the pattern whose view is reached through the entrance."""
    return URLPattern(
        pattern.pattern, entrance(pattern.callback), pattern.default_args, pattern.name
    )


def entrance(view: View) -> View:
    """Wrap a view that answers GET; nothing it does reaches a visitor as a page of HTML."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": ALLOW})
            del response.headers["Content-Type"]
            return response
        if request.method not in ("GET", "HEAD"):
            response = problem(request, 405, READ_ONLY)
            response.headers["Allow"] = ALLOW
            return response
        try:
            response = _get(view, request, *args, **kwargs)
        except Exception as error:
            return problem_of(request, error)
        response.headers.setdefault("Content-Language", language_of(request))
        if response.status_code == 200:
            response = make_cacheable(request, response)
        if response.status_code == 412:
            return problem(request, 412)
        return response

    # Without a session there is nothing to forge, and 405 is the truer answer to a POST than 403.
    enter.csrf_exempt = True  # type: ignore[attr-defined]
    return enter


def _get(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Run the view as for GET: the server drops the body of an answer to HEAD."""
    method = request.method
    request.method = "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """For everything below ``/api/`` that nobody answers."""
    return problem(request, 404, NO_ADDRESS)


unknown_address.csrf_exempt = True  # type: ignore[attr-defined]
