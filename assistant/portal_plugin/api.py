"""Asking and reading receipts through the public API, below ``/api/v1/assistant``."""

import datetime
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router
from ninja.errors import HttpError

from portal.plugin_api import ApiMissing, ApiProblem, portal_of

from . import api_conversations, widget_api
from .answering import languages, limits
from .answering.serial import conversation_json, receipt_json, reply_json
from .models.conversations import Channel
from .schemas import (
    AssistantConversation,
    AssistantFeedback,
    AssistantFeedbackKept,
    AssistantMessage,
    AssistantReceipt,
    AssistantReply,
    as_problem,
)
from .selectors.conversations import conversation_of
from .selectors.receipts import find_record, is_forgotten, receipt
from .services.answers import Given
from .services.conversing import Message, converse
from .services.feedback import give_feedback
from .widget_sites import site_of_widget

NO_RECEIPT = _("There is no such answer, or it is no longer kept.")
FORGOTTEN = _("This answer was deleted on the wish of the visitor who asked.")
NO_CONVERSATION = _("There is no such conversation, or it is over.")


def make_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["assistant"])
    router.post(
        "/messages",
        response=AssistantReply,
        operation_id="assistant_ask",
        summary="Ask a question",
    )(assistant_ask)
    router.get(
        "/conversations/{conversation_id}",
        response=AssistantConversation,
        operation_id="assistant_conversation",
        summary="A conversation that goes on",
    )(assistant_conversation)
    router.get(
        "/answers/{answer_id}",
        response=AssistantReceipt,
        operation_id="assistant_receipt",
        summary="The receipt of an answer",
    )(assistant_receipt)
    router.post(
        "/answers/{answer_id}/feedback",
        response=AssistantFeedbackKept,
        operation_id="assistant_feedback",
        summary="Say whether an answer helped",
    )(assistant_feedback)
    widget_api.add_to(router)
    api_conversations.add_to(router)
    return router


def assistant_ask(request: HttpRequest, message: AssistantMessage) -> Any:
    """An approved text, or an honest status. Too many questions: 429 with `Retry-After`."""
    portal = portal_of(request)
    reply = converse(
        Message(
            message.text,
            payload=message.payload,
            language=languages.known(message.language),
            site=site_of_widget(request, message.site),
            main_site=portal.structure.main_site_pk,
            as_of=end_of_day(message.as_of),
            channel=Channel(message.channel),
            conversation=message.conversation or "",
            turn=message.turn or "",
            visitor=limits.visitor_of(request),
            asked_from=path_only(message.page or ""),
        )
    )
    if reply.given.retry_after:
        return _too_many(reply.given)
    return reply_json(reply, request.build_absolute_uri("/"))


def assistant_conversation(
    request: HttpRequest, conversation_id: str, response: HttpResponse
) -> Any:
    """For a page that was loaded again. Who has the id may read it; it is guessed by nobody."""
    found = conversation_of(conversation_id)
    if found is None:
        raise ApiMissing(NO_CONVERSATION)
    response.headers["Cache-Control"] = "private, no-store"
    return conversation_json(*found, request.build_absolute_uri("/"))


def assistant_receipt(request: HttpRequest, answer_id: str) -> Any:
    """The answer as it was, its sources with versions, and whether it still holds."""
    found = receipt(answer_id)
    if found is None:
        raise _no_receipt(answer_id)
    return receipt_json(found, request.build_absolute_uri("/"))


def assistant_feedback(request: HttpRequest, answer_id: str, feedback: AssistantFeedback) -> Any:
    """The last word holds. A reason and a comment are kept with "not useful" only."""
    site_of_widget(request, None)  # another website must be on a list
    wait = limits.seconds_to_wait(limits.visitor_of(request))
    if wait:
        raise HttpError(429, str(_("Too many requests. Wait a moment.")))
    record = find_record(answer_id)
    if record is None:
        raise ApiMissing(NO_RECEIPT)
    kept = give_feedback(
        record=record,
        useful=feedback.useful,
        reason=feedback.reason.value if feedback.reason else "",
        comment=feedback.comment,
    )
    return {"useful": kept.useful, "reason": kept.reason}


def _no_receipt(answer_id: str) -> ApiProblem:
    return ApiProblem(410, FORGOTTEN) if is_forgotten(answer_id) else ApiMissing(NO_RECEIPT)


def end_of_day(day: datetime.date | None) -> datetime.datetime | None:
    """The last second of a day in the portal's time; None for today and for no day at all."""
    if day is None or day == timezone.localdate():
        return None
    try:
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))
    except (OverflowError, ValueError):
        raise HttpError(422, "as_of") from None


def path_only(address: str) -> str:
    """A page's path: what stands behind "?" may be anybody's data."""
    return address.partition("?")[0].partition("#")[0]


def _too_many(given: Given) -> HttpResponse:
    content = as_problem(
        429,
        "Too Many Requests",
        given.record.text,
        answer={"id": None, "status": given.record.status, "text": given.record.text},
    )
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False),
        status=429,
        content_type="application/problem+json",
    )
    response.headers["Retry-After"] = str(given.retry_after)
    return response
