"""The answer page: asking, the answer with its receipt, choosing, saying whether it helped.

Plain forms and redirects: a reload asks nothing again, and all of it works without JavaScript.
Questions travel in the body of a POST, never in an address: addresses end up in logs.
"""

import datetime
import logging
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assistant.dialogue.cleaning import clean
from assistant.dialogue.personal_data import scrub
from assistant.dialogue.statuses import Status
from portal.plugin_api import portal_of

from .answer_pages import (
    language_of,
    paused_page,
    render_page,
    static_without_database,
    unavailable,
)
from .answering import limits
from .answering.feeds import atom
from .answering.shown import AnswerShown
from .api import end_of_day, path_only
from .models.conversations import Channel, FeedbackReason
from .origins import is_foreign
from .selectors.receipts import find_record, is_forgotten, receipt, receipt_of
from .selectors.starters import starters
from .services.answers import Given, Question, answer, choose
from .services.feedback import give_feedback
from .services.switch import paused

logger = logging.getLogger(__name__)

_FIELD = 1000  # characters of a question that come back into the field


@csrf_exempt  # no cookie, no account: there is nothing of a visitor's to be misused
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@static_without_database
def ask(request: HttpRequest) -> HttpResponse:
    """The field, with questions to begin with; what is asked leads on to its receipt."""
    if request.method == "POST":
        return _asked(request)
    language = language_of(request, request.GET.get("lang"))
    # Only what the portal's own links bring; it waits in the field until the visitor sends it.
    typed = scrub(clean(request.GET.get("q", ""))).text[:_FIELD]
    if (sentence := paused(portal_of(request).site_pk, language)) is not None:
        return paused_page(request, language, sentence, typed)
    return render_page(
        request,
        "assistant/answer/ask.html",
        language,
        {"typed": typed, "starters": starters(language, site=portal_of(request).site_pk)},
    )


def _asked(request: HttpRequest) -> HttpResponse:
    if is_foreign(request):
        return HttpResponse(status=403, content_type="text/plain")
    language = language_of(request, request.POST.get("lang"))
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
        if given.record.words:
            return unavailable(language)
        return paused_page(request, language, given.record.text, given.record.question, status=503)
    shown = AnswerShown(receipt_of(given.record), language, is_kept=False)
    response = render_page(
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
        return forgotten_or_missing(request, answer_id)
    language = language_of(request, request.GET.get("lang") or found.record.language)
    shown = AnswerShown(found, language)
    context = {
        "shown": shown,
        "typed": found.record.question if shown.is_to_be_mended else "",
        "reasons": FeedbackReason.choices,
        "address": request.build_absolute_uri(request.path),
    }
    response = render_page(request, "assistant/answer/answer.html", language, context)
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


@require_safe
@static_without_database
def feed(request: HttpRequest, answer_id: str) -> HttpResponse:
    """What became of an answer, for feed readers: it needs nobody's address."""
    found = receipt(answer_id)
    if found is None:
        return forgotten_or_missing(request, answer_id)
    language = language_of(request, request.GET.get("lang") or found.record.language)
    text = atom(found, language, request.build_absolute_uri("/"))
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def forgotten_or_missing(request: HttpRequest, answer_id: str) -> HttpResponse:
    """For a receipt that is not there: whether its visitor wished it forgotten."""
    if not is_forgotten(answer_id):
        raise Http404
    language = language_of(request, request.GET.get("lang"))
    return render_page(request, "assistant/answer/forgotten.html", language, {}, status=410)


# --- parts ----------------------------------------------------------------------------------------
def _record_and_language(request: HttpRequest, answer_id: str) -> tuple[Any, str]:
    record = find_record(answer_id)
    if record is None or is_foreign(request):
        raise Http404
    return record, language_of(request, request.POST.get("lang") or record.language)


def _to_receipt(answer_id: str, language: str) -> HttpResponseRedirect:
    address = reverse("assistant:answer", args=[answer_id])
    if language != "zh-hans":
        address = f"{address}?{urlencode({'lang': language})}"
    response = HttpResponseRedirect(address, status=303)
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_of(text: str) -> datetime.datetime | None:
    try:
        return end_of_day(parse_date(text))
    except ValueError:  # the form of a date, but no day of the calendar
        return None
