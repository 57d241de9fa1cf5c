"""Addresses of plugins: included once, answered only where the plugin is on.

    urlpatterns = [*plugin_urlpatterns(), …]       # before the pages' catch-all
    i18n_patterns(*plugin_language_urlpatterns(), …)   # the same, below each language

An unhandled exception in a plugin's view becomes the portal's plain error page for that address;
it is logged and noted, and nothing else is affected.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.urls.conf import include

from . import registry, switches
from .breaker import breaker
from .metadata import Metadata
from .sites import request_site

type Pattern = URLPattern | URLResolver
type View = Callable[..., Any]

# Answers that Django turns into 400, 403 and 404; not failures of the plugin.
_ANSWERS = (Http404, PermissionDenied, BadRequest, SuspiciousOperation)


def plugin_urlpatterns() -> list[Pattern]:
    """Return the guarded patterns of every installed plugin, in the one order.

    Reversed as ``<slug>:<name>``. A plugin whose URL module cannot be imported is left out.
    """
    plugins = registry.installed()
    found: list[Pattern] = []
    for plugin in plugins:
        if plugin.urls and plugins.usable(plugin.slug):
            patterns = breaker.call(
                plugin.slug, "urls", functools.partial(_patterns, plugin), list[Pattern]()
            )
            found.extend(patterns)
    return found


def plugin_language_urlpatterns() -> list[Pattern]:
    """Return the guarded patterns that plugins have below each language (``/en/…``).

    Reversed as ``<slug>_language:<name>``, in the language that is active.
    """
    plugins = registry.installed()
    found: list[Pattern] = []
    for plugin in plugins:
        if plugin.language_urls and plugins.usable(plugin.slug):
            patterns = breaker.call(
                plugin.slug,
                "urls",
                functools.partial(_language_patterns, plugin),
                list[Pattern](),
            )
            found.extend(patterns)
    return found


def guard_patterns(patterns: Iterable[Pattern], slug: str) -> list[Pattern]:
    """Return copies of the patterns whose views ask the plugin's switch first."""
    return [_guard_pattern(pattern, slug) for pattern in patterns]


def guard_view(view: View, slug: str, *, answers: tuple[type[Exception], ...] = ()) -> View:
    """Wrap a view: 404 where the plugin is off, its failures noted as the plugin's.

    Args:
        answers: further exceptions that whoever mounts the view turns into answers.
    """
    passes: tuple[type[Exception], ...] = (*_ANSWERS, *answers)
    if iscoroutinefunction(view):

        @functools.wraps(view)
        async def guarded_async(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _enter(request, slug)
            try:
                breaker.check_fault(slug, "view")
                return await view(request, *args, **kwargs)
            except passes:
                raise
            except Exception as error:
                breaker.failed(slug, "view", error)
                raise

        return guarded_async

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _enter(request, slug)
        try:
            breaker.check_fault(slug, "view")
            response: HttpResponseBase = view(request, *args, **kwargs)
        except passes:
            raise
        except Exception as error:
            # Django answers with the portal's 500 page and logs the request, as for any view.
            breaker.failed(slug, "view", error)
            raise
        return response

    return guarded


def _enter(request: HttpRequest, slug: str) -> None:
    if not switches.is_enabled(slug, request_site(request)):
        raise Http404(f"The plugin {slug} is off here")


def _patterns(plugin: Metadata) -> list[Pattern]:
    module = import_module(plugin.urls)
    patterns: Sequence[Pattern] = module.urlpatterns
    app_name = getattr(module, "app_name", plugin.slug)
    included = include((guard_patterns(patterns, plugin.slug), app_name), namespace=plugin.slug)
    return [path(plugin.url_prefix, included)]


def _language_patterns(plugin: Metadata) -> list[Pattern]:
    patterns: Sequence[Pattern] = import_module(plugin.language_urls).urlpatterns
    name = f"{plugin.slug}_language"
    return [path("", include((guard_patterns(patterns, plugin.slug), name), namespace=name))]


def _guard_pattern(pattern: Pattern, slug: str) -> Pattern:
    if isinstance(pattern, URLPattern):
        return URLPattern(
            pattern.pattern,
            guard_view(pattern.callback, slug),
            pattern.default_args,
            pattern.name,
        )
    return URLResolver(
        pattern.pattern,
        guard_patterns(pattern.url_patterns, slug),
        pattern.default_kwargs,
        pattern.app_name,
        pattern.namespace,
    )
