"""Pages of the assistant: in a language of the catalogues or in traditional characters, and what is
left where the database is gone or the assistant is stopped."""

import functools
import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import override

from assistant.dialogue.cleaning import LONGEST
from portal.plugin_api import PortalContext, portal_of

from .answering import contact, languages
from .texts import finished

logger = logging.getLogger(__name__)


def static_without_database[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Where the database is gone people get a page that says so and whom to call, not an error."""

    @functools.wraps(view)
    def shown(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except DatabaseError:
            logger.exception("The database cannot be asked; visitors get the static page")
            request = args[0]
            asked = request.GET.get("lang") if isinstance(request, HttpRequest) else ""
            return unavailable(languages.known(asked) or "zh-hans")

    return shown


def language_of(request: HttpRequest, asked: str | None) -> str:
    """The language that was asked for, else the site's."""
    return languages.known(asked) or portal_of(request).language


def render_page(
    request: HttpRequest,
    template: str,
    language: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page in a language: of the catalogues, or traditional characters made from simplified."""
    spoken = languages.interface(language)
    portal = portal_of(request)
    if spoken != portal.language:
        portal = PortalContext(
            request, portal.structure, root=portal.root, host=portal.host, language=spoken
        )
    with override(spoken):
        html: str = render_to_string(
            template,
            {
                "portal": portal,
                "language": language,
                "html_language": languages.html_tag(language),
                "language_names": languages.NAMES.items(),
                "contact": contact.contact(portal.site_pk),
                "browse_url": contact.browse_url(),
                "longest": LONGEST,
                # Names the next message, so that a form that is sent twice is answered once.
                "turn": str(uuid.uuid4()),
                **context,
            },
            request,
        )
    response = HttpResponse(finished(html, language), status=status)
    response.headers["Content-Language"] = languages.html_tag(language)
    return response


def unavailable(language: str) -> HttpResponse:
    """Where nothing else works: a page that asks neither the database nor the site's structure."""
    spoken = languages.interface(language)
    with override(spoken):
        html: str = render_to_string(
            "assistant/answer/unavailable.html",
            {"language": languages.html_tag(spoken), "phone": contact.hotline_only()},
        )
    response = HttpResponse(finished(html, language), status=503)
    response.headers["Retry-After"] = "120"
    response.headers["Cache-Control"] = "no-store"
    return response


def paused_page(
    request: HttpRequest, language: str, sentence: str, typed: str = "", *, status: int = 200
) -> HttpResponse:
    """While the assistant is stopped at a site: why nothing is answered, and the ways that remain.

    Looking at it is no failure (200); a question that is not taken is (503).
    """
    context = {"sentence": sentence, "typed": typed}
    response = render_page(request, "assistant/answer/paused.html", language, context, status)
    response.headers["Cache-Control"] = "no-store"
    if status != 200:
        response.headers["Retry-After"] = "600"
    return response
