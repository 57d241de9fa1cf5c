"""Receipts: an answer by itself, choosing among what it offered, saying whether it helped.

Plain forms and redirects: a reload asks nothing again, and all of it works without JavaScript.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from assistant.dialogue.statuses import Status
from portal.plugin_api import from_elsewhere

from .addresses import to_conversation, to_receipt
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
from .models.conversations import AnswerRecord, FeedbackReason
from .selectors.receipts import find_record, is_forgotten, receipt
from .services.answers import Given, choose, reword
from .services.feedback import give_feedback


@never_cache
@require_safe
@static_without_database
def show(request: HttpRequest, answer_id: str) -> HttpResponse:
    """An answer as it was given, and how it stands now."""
    found = receipt(answer_id)
    if found is None:
        return forgotten_or_missing(request, answer_id)
    language = language_of(request, request.GET.get("lang") or found.record.language)
    address = request.build_absolute_uri(request.path)
    shown = AnswerShown(found, language, address=address)
    context = {
        "shown": shown,
        "typed": found.record.question if shown.is_to_be_mended else "",
        "reasons": FeedbackReason.choices,
        "address": address,
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
        return _back(request, record, language)
    given = choose(record=record, page=int(page))
    if given is None:  # it is no longer in force: the page says what there is
        return _back(request, record, language)
    return _given(request, given, language)


@csrf_exempt
@require_POST
@static_without_database
def translate(request: HttpRequest, answer_id: str) -> HttpResponse:
    """The same answer in another language, as a further one of the conversation."""
    record, language = _record_and_language(request, answer_id)
    if limits.seconds_to_wait(limits.visitor_of(request)):
        return _back(request, record, language)
    given = reword(record=record, language=language)
    if given is None:
        return _back(request, record, language)
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
    return _back(request, record, language, f"feedback-{record.pk}")


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
def _record_and_language(request: HttpRequest, answer_id: str) -> tuple[AnswerRecord, str]:
    record = find_record(answer_id)
    if record is None or from_elsewhere(request):
        raise Http404
    return record, language_of(request, request.POST.get("lang") or record.language)


def _given(request: HttpRequest, given: Given, language: str) -> HttpResponse:
    if given.is_kept:
        return _back(request, given.record, language)
    if given.status is Status.UNAVAILABLE and not given.record.words:  # a site's own sentence
        return paused_page(request, language, given.record.text, given.record.question, status=503)
    return unavailable(language)


def _back(
    request: HttpRequest, record: AnswerRecord, language: str, anchor: str = ""
) -> HttpResponse:
    """To the conversation that the form stood in, else to the receipt.

    Who reads a receipt is not told the number of its conversation: only a form that had it gets it
    back.
    """
    if request.POST.get("thread", "") == str(record.conversation_id):
        return to_conversation(record.conversation_id, language, anchor)
    return to_receipt(record.pk, language, anchor)
