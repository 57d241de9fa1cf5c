"""What returning visitors are told, and what is held of a conversation, through the public API."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.plugin_api import ApiMissing, ApiProblem

from .answering import languages, limits
from .answering.serial import notice_json
from .held import NotReachable
from .models.conversations import Conversation
from .schemas import (
    AssistantConversationExport,
    AssistantForgotten,
    AssistantRecallQuery,
    AssistantRecalls,
)
from .services.recall import notices_for
from .services.visitor_data import conversation_with, export_of, forget

NO_CONVERSATION = _("There is no such conversation, or it is no longer kept.")
NOT_NOW = _("A part of it cannot be reached at the moment. Nothing was changed; try again soon.")


def add_to(router: Router) -> None:
    """Add these endpoints to the assistant's router."""
    router.post(
        "/recalls",
        response=AssistantRecalls,
        operation_id="assistant_recalls",
        summary="Which kept answers no longer hold",
    )(assistant_recalls)
    router.get(
        "/conversations/{conversation_id}/export",
        response=AssistantConversationExport,
        operation_id="assistant_export",
        summary="Everything that is held of a conversation",
    )(assistant_export)
    router.delete(
        "/conversations/{conversation_id}",
        response=AssistantForgotten,
        operation_id="assistant_forget",
        summary="Have a conversation forgotten",
    )(assistant_forget)


def assistant_recalls(request: HttpRequest, query: AssistantRecallQuery) -> Any:
    """Of receipts each change is told whenever it is asked, of a conversation once.

    Ids that are not known, or no longer, are passed over.
    """
    _limited(request)
    found = notices_for(
        conversation=query.conversation or "",
        receipts=query.receipts,
        language=languages.known(query.language) or "zh-hans",
    )
    base = request.build_absolute_uri("/")
    return {"notices": [notice_json(notice, base) for notice in found]}


def assistant_export(request: HttpRequest, response: HttpResponse, conversation_id: str) -> Any:
    """Who has the id is the visitor; conversations are never listed."""
    found = _conversation(request, conversation_id)
    response.headers["Cache-Control"] = "private, no-store"
    try:
        return export_of(found)
    except NotReachable as error:
        raise _not_now() from error


def assistant_forget(request: HttpRequest, conversation_id: str) -> Any:
    """At once and for good. Its receipts answer 410 from now on, for as long as they would have
    been kept."""
    try:
        return {"forgotten": forget(conversation=_conversation(request, conversation_id))}
    except NotReachable as error:
        raise _not_now() from error


def _not_now() -> ApiProblem:
    return ApiProblem(503, NOT_NOW, headers={"Retry-After": "60"})


def _conversation(request: HttpRequest, conversation_id: str) -> Conversation:
    _limited(request)
    found = conversation_with(conversation_id)
    if found is None:
        raise ApiMissing(NO_CONVERSATION)
    return found


def _limited(request: HttpRequest) -> None:
    wait = limits.seconds_to_wait(limits.visitor_of(request))
    if wait:
        detail = _("Too many requests. Wait a moment.")
        raise ApiProblem(429, detail, headers={"Retry-After": str(wait)})
