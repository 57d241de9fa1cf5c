"""The answer page: asking, the answer with its receipt, choosing, saying whether it helped.

Plain forms and redirects: a reload asks nothing again, and all of it works without JavaScript.
Questions travel in the body of a POST, never in an address: addresses end up in logs.
"""

import datetime
import functools
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assistant.dialogue.cleaning import LONGEST, clean
from assistant.dialogue.personal_data import scrub
from assistant.dialogue.statuses import Status
from portal.plugin_api import PortalContext, portal_of

from .answering import contact, languages, limits
from .answering.shown import AnswerShown
from .api import end_of_day, path_only
from .models.conversations import Channel, FeedbackReason
from .origins import is_foreign
from .selectors.receipts import find_record, receipt, receipt_of
from .selectors.starters import starters
from .services.answers import Given, Question, answer, choose
from .services.feedback import give_feedback
from .texts import html_to_traditional

logger = logging.getLogger(__name__)

_FIELD = 1000  # characters of a question that come back into the field


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


@csrf_exempt  # no cookie, no account: there is nothing of a visitor's to be misused
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@static_without_database
def ask(request: HttpRequest) -> HttpResponse:
    """The field, with questions to begin with; what is asked leads on to its receipt."""
    if request.method == "POST":
        return _asked(request)
    language = _language(request, request.GET.get("lang"))
    # Only what the portal's own links bring; it waits in the field until the visitor sends it.
    typed = scrub(clean(request.GET.get("q", ""))).text[:_FIELD]
    return _page(
        request,
        "assistant/answer/ask.html",
        language,
        {"typed": typed, "starters": starters(language, site=portal_of(request).site_pk)},
    )


def _asked(request: HttpRequest) -> HttpResponse:
    if is_foreign(request):
        return HttpResponse(status=403, content_type="text/plain")
    language = _language(request, request.POST.get("lang"))
    portal = portal_of(request)
    given = answer(
        question=Question(
            request.POST.get("starter") or request.POST.get("text", ""),
            language=language,
            site=portal.site_pk,
            main_site=portal.structure.main_site_pk,
            as_of=_as_of(request.POST.get("as_of", "")),
            channel=Channel.PAGE,
            conversation=request.POST.get("conversation", ""),
            visitor=limits.visitor_of(request),
            asked_from=path_only(request.POST.get("page", "")),
        )
    )
    return _given(request, given, language)


def _given(request: HttpRequest, given: Given, language: str) -> HttpResponse:
    """To the receipt; where there is none, the answer stands on this page."""
    if given.is_kept:
        return _to_receipt(given.record.pk, language)
    if given.status is Status.UNAVAILABLE:
        return unavailable(language)
    shown = AnswerShown(receipt_of(given.record), language, is_kept=False)
    response = _page(
        request,
        "assistant/answer/answer.html",
        language,
        {"shown": shown, "typed": given.record.question},
        status=429 if given.retry_after else 200,
    )
    if given.retry_after:
        response.headers["Retry-After"] = str(given.retry_after)
    return response


@never_cache
@require_safe
@static_without_database
def show(request: HttpRequest, answer_id: str) -> HttpResponse:
    """An answer as it was given, and how it stands now."""
    found = receipt(answer_id)
    if found is None:
        raise Http404
    language = _language(request, request.GET.get("lang") or found.record.language)
    shown = AnswerShown(found, language)
    context = {
        "shown": shown,
        "typed": found.record.question if shown.is_to_be_mended else "",
        "conversation": found.record.conversation_id,
        "reasons": FeedbackReason.choices,
        "address": request.build_absolute_uri(request.path),
    }
    response = _page(request, "assistant/answer/answer.html", language, context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt
@require_POST
@static_without_database
def choose_entry(request: HttpRequest, answer_id: str) -> HttpResponse:
    """The visitor says which of the close questions was meant."""
    record, language = _record_and_language(request, answer_id)
    page = request.POST.get("entry", "")
    wait = limits.seconds_to_wait(limits.visitor_of(request))
    if wait or not page.isascii() or not page.isdecimal() or len(page) > 12:
        return _to_receipt(record.pk, language)
    given = choose(record=record, page=int(page))
    if given is None:  # it is no longer in force: the page says what there is
        return _to_receipt(record.pk, language)
    return _given(request, given, language)


@csrf_exempt
@sensitive_post_parameters("comment")
@require_POST
@static_without_database
def feedback(request: HttpRequest, answer_id: str) -> HttpResponse:
    """Useful or not; back to the receipt, which says thanks."""
    record, language = _record_and_language(request, answer_id)
    useful = request.POST.get("useful")
    if useful in ("yes", "no") and not limits.seconds_to_wait(limits.visitor_of(request)):
        give_feedback(
            record=record,
            useful=useful == "yes",
            reason=request.POST.get("reason", ""),
            comment=request.POST.get("comment", ""),
        )
    response = _to_receipt(record.pk, language)
    response.headers["Location"] += "#feedback"
    return response


# --- parts ----------------------------------------------------------------------------------------
def _record_and_language(request: HttpRequest, answer_id: str) -> tuple[Any, str]:
    record = find_record(answer_id)
    if record is None or is_foreign(request):
        raise Http404
    return record, _language(request, request.POST.get("lang") or record.language)


def _to_receipt(answer_id: str, language: str) -> HttpResponseRedirect:
    address = reverse("assistant:answer", args=[answer_id])
    if language != "zh-hans":
        address = f"{address}?{urlencode({'lang': language})}"
    response = HttpResponseRedirect(address, status=303)
    response.headers["Cache-Control"] = "no-store"
    return response


def _language(request: HttpRequest, asked: str | None) -> str:
    return languages.known(asked) or portal_of(request).language


def _as_of(text: str) -> datetime.datetime | None:
    try:
        return end_of_day(parse_date(text))
    except ValueError:  # the form of a date, but no day of the calendar
        return None


def _page(
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
                **context,
            },
            request,
        )
    if language == languages.ZH_HANT:
        html = html_to_traditional(html.replace('<html lang="zh-hans"', '<html lang="zh-Hant"', 1))
    response = HttpResponse(html, status=status)
    response.headers["Content-Language"] = languages.html_tag(language)
    return response


def unavailable(language: str) -> HttpResponse:
    """Where nothing else works: a page that asks neither the database nor the site's structure."""
    with override(languages.interface(language)):
        html: str = render_to_string(
            "assistant/answer/unavailable.html",
            {"language": languages.html_tag(language), "phone": contact.hotline_only()},
        )
    if language == languages.ZH_HANT:
        html = html_to_traditional(html)
    response = HttpResponse(html, status=503)
    response.headers["Retry-After"] = "120"
    response.headers["Cache-Control"] = "no-store"
    return response
