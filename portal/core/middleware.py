"""The portal's middleware: language and site of a request, headers, refused publications."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.csp import CSP, build_policy
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page

from . import embeds, preference_views, preferences, structure
from .addresses import AddressTaken
from .admin.rescue import rescued_if_vanished
from .context import context_for_request, portal_of
from .extension_points import language_keepers
from .gate import PublishRefused
from .reviews.grounds import no_ground

logger = logging.getLogger(__name__)
_PREFIXES = {
    code: f"/{code}" for code, _label in settings.LANGUAGES if code != settings.LANGUAGE_CODE
}


def language_of_path(path: str) -> str:
    """The language that an address names; addresses without one are in the source language."""
    for code, prefix in _PREFIXES.items():
        if path == prefix or path.startswith(prefix + "/"):
            return code
    return str(settings.LANGUAGE_CODE)


class PortalMiddleware:
    """Sets the language from the address (never from cookies or headers: pages stay cacheable)
    and ``request.portal``; turns a refused publication in the admin into a message."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with no_ground():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        language = language_of_path(request.path_info)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        # Not built for addresses that never ask for it (static files, health).
        request.portal = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: context_for_request(request)
        )
        if request.method in ("GET", "HEAD"):
            if preference_views.brings_settings(request) and not is_admin(request):
                redirected = preference_views.take_settings(request)
                if redirected is not None:
                    return redirected
            with structure.pinned():
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        if preferences.COOKIE in request.COOKIES and _is_page(response):
            # Rendered as this visitor reads it: nobody else may get it from a shared cache.
            patch_cache_control(response, private=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None:
            return None
        if not is_admin(request):
            return _notice_of_closed_language(request)
        return rescued_if_vanished(request, match.view_name, kwargs)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not is_admin(request):
            return None
        if isinstance(error, AddressTaken):
            told = error.messages
        elif isinstance(error, PublishRefused):
            told = [problem.message for problem in error.problems]
        else:
            return None
        for message in told:
            messages.error(request, message)
        return HttpResponseRedirect(_where_to_mend(error.page))


def _notice_of_closed_language(request: HttpRequest) -> HttpResponse | None:
    """What stands at all addresses of a foreign language that is not public, now or ever."""
    language = language_of_path(request.path_info)
    if language == settings.LANGUAGE_CODE:
        return None
    portal = portal_of(request)
    below = request.path_info.removeprefix(_PREFIXES[language])
    root = portal.structure.closed_language(portal.root, below)
    if root is None or root.site_pk is None:
        return None
    site = root.site_pk
    for entry in language_keepers.entries(site):
        answer = entry.run(
            lambda keeper: keeper.notice(request, site=site, language=language), None
        )
        if answer is not None:
            return answer
    raise Http404


def _where_to_mend(page: Page) -> str:
    """The page's editor; for one that was not made (a copy, an alias) where it was to stand."""
    if page.pk is not None:
        return reverse("wagtailadmin_pages:edit", args=[page.pk])
    parent = Page.objects.filter(path=page.path[: -structure.STEPLEN]).first()
    arguments = [parent.pk] if parent is not None else []
    return reverse("wagtailadmin_explore" if arguments else "wagtailadmin_home", args=arguments)


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def is_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith("/admin/")


class SecurityHeadersMiddleware(ContentSecurityPolicyMiddleware):
    """The public policy knows no inline code at all; only the admin gets Wagtail's relaxation."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if CSP.HEADER_ENFORCE not in response:
            policy = _own_policy(request)
            if policy:
                response.headers[str(CSP.HEADER_ENFORCE)] = policy
        response = super().process_response(request, response)
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault(
            "Permissions-Policy",
            # The microphone for voice input in the portal's own pages: browsers ask each visitor.
            "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
        )
        return response


def _own_policy(request: HttpRequest) -> str | None:
    """Where the public policy does not do: the admin, and pages that show another website."""
    if is_admin(request):
        base = settings.PORTAL_ADMIN_CSP
        return embeds.policy_with_frames(request, base) or build_policy(base)
    return embeds.public_policy(request)
