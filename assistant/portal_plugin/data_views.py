"""What is held of a conversation: seen, taken along and forgotten by whoever has its id."""

import json
import logging
import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.plugin_api import from_elsewhere

from .answer_pages import language_of, render_page, static_without_database
from .answering import limits
from .held import NotReachable
from .models.conversations import Conversation
from .services.visitor_data import conversation_with, export_of
from .services.visitor_data import forget as forget_conversation

logger = logging.getLogger(__name__)


@never_cache
@require_safe
@static_without_database
def show(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """How much is held and until when, with the ways to take it along or have it deleted."""
    found = _conversation(request, conversation_id)
    return _shown(request, found, "assistant/answer/data.html", request.GET.get("lang"))


@csrf_exempt
@require_POST
@static_without_database
def export(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Everything as a file."""
    found = _conversation(request, conversation_id)
    try:
        text = json.dumps(export_of(found), ensure_ascii=False, indent=2)
    except NotReachable:
        logger.warning("What is held of a conversation could not be reached", exc_info=True)
        return _not_now(request, found)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"conversation-{str(found.pk)[:8]}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@require_POST
@static_without_database
def forget(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Asks first, then deletes."""
    found = _conversation(request, conversation_id)
    asked = request.POST.get("lang")
    if request.POST.get("confirm") != "yes":
        return _shown(request, found, "assistant/answer/forget.html", asked)
    try:
        forget_conversation(conversation=found)
    except NotReachable:
        logger.warning("What is held of a conversation could not be reached", exc_info=True)
        return _not_now(request, found)
    language = language_of(request, asked or found.language)
    response = HttpResponseRedirect(f"{reverse('assistant:forgotten')}?lang={language}", status=303)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@static_without_database
def forgotten(request: HttpRequest) -> HttpResponse:
    """Afterwards: it is done. The same for everybody."""
    language = language_of(request, request.GET.get("lang"))
    return render_page(request, "assistant/answer/all_forgotten.html", language, {})


def _not_now(request: HttpRequest, found: Conversation) -> HttpResponse:
    """A part of it cannot be reached: nothing was changed, and the page says so."""
    asked = request.POST.get("lang")
    response = _shown(request, found, "assistant/answer/data.html", asked, is_out_of_reach=True)
    response.status_code = 503
    response.headers["Retry-After"] = "60"
    return response


def _conversation(request: HttpRequest, conversation_id: uuid.UUID) -> Conversation:
    if request.method == "POST" and from_elsewhere(request):
        raise Http404
    if limits.seconds_to_wait(limits.visitor_of(request)):  # ids cannot be tried out
        raise Http404
    found = conversation_with(str(conversation_id))
    if found is None:
        raise Http404
    return found


def _shown(
    request: HttpRequest,
    found: Conversation,
    template: str,
    asked: str | None,
    *,
    is_out_of_reach: bool = False,
) -> HttpResponse:
    language = language_of(request, asked or found.language)
    context = {
        "conversation": found,
        "count": found.answers.count(),
        "retention": settings.ASSISTANT_RETENTION_DAYS,
        "is_out_of_reach": is_out_of_reach,
    }
    response = render_page(request, template, language, context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
