"""Receipts for the hotline: looked up by what a caller reads out, and what a letter asks for."""

import json
import logging
import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from assistant.portal_plugin.answering.shown import AnswerShown
from assistant.portal_plugin.held import NotReachable
from assistant.portal_plugin.models.conversations import AnswerRecord, Conversation
from assistant.portal_plugin.models.receipts import is_code
from assistant.portal_plugin.selectors.oversight import (
    may_act_for_visitor,
    may_look_up,
    receipts_for,
)
from assistant.portal_plugin.selectors.receipts import is_answer_id, is_forgotten, receipt_of
from assistant.portal_plugin.services.visitor_data import (
    conversation_with,
    export_by_letter,
    forget,
)

logger = logging.getLogger(__name__)

LOG_LOOKED_UP = "assistant.receipt.look_up"
_MOST = 20
_HASH = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_ADDRESS = re.compile(r"/answers/([A-Za-z0-9_-]{1,32})")
_BETWEEN = re.compile(r"[\s\-–·.]+")


class NotThere(Exception):
    """Nothing was found; the message says why, to whoever looked."""


@method_decorator(sensitive_post_parameters("term"), name="dispatch")
class ReceiptsView(WagtailAdminTemplateMixin, TemplateView):
    """A field for the number, and the receipt as its visitor has it. Each look goes on record:
    the answer to a POST, so that a reload or a bookmark is none by accident."""

    template_name = "assistant/admin/receipts.html"
    page_title = _("Look up a receipt")
    header_icon = "search"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_look_up(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        term = request.POST.get("term", "").strip()[:500]
        try:
            found = _found(request.user, term)
        except NotThere as problem:
            messages.error(request, str(problem))
            return self.render_to_response(self.get_context_data(term=term), status=404)
        for record in found:
            log(
                instance=record.site or record,
                action=LOG_LOOKED_UP,
                user=request.user,
                data={"number": record.code, "asked_at": record.asked_at.isoformat()},
            )
        shown = [
            {
                "shown": AnswerShown(receipt_of(record), record.language),
                "may_act": may_act_for_visitor(request.user, record.site_id),
            }
            for record in found
        ]
        return self.render_to_response(self.get_context_data(term=term, receipts=shown))


def _found(user: Any, term: str) -> Sequence[AnswerRecord]:
    """The receipts that are meant, of the own sites.

    Raises:
        NotThere: none is.
    """
    own = receipts_for(user)
    digits = _BETWEEN.sub("", term)
    if len(digits) == 10 and digits.isdecimal():
        if not is_code(digits):
            raise NotThere(
                gettext("That number cannot be right: a digit was misheard. Have it read again.")
            )
        return _some(own.filter(code=digits))
    if _HASH.fullmatch(term):
        return _some(own.filter(digest=term.lower()))
    match = _ADDRESS.search(term)
    answer_id = match[1] if match else term
    if not is_answer_id(answer_id):
        raise NotThere(
            gettext("Enter the number of ten digits, the receipt's address, or a fingerprint.")
        )
    if is_forgotten(answer_id):
        raise NotThere(gettext("This answer was deleted on the wish of the visitor who asked."))
    return _some(own.filter(pk=answer_id))


def _some(rows: QuerySet[AnswerRecord]) -> Sequence[AnswerRecord]:
    found = list(rows.order_by("-asked_at")[:_MOST])
    if not found:
        raise NotThere(gettext("There is no such receipt at your sites, or it is no longer kept."))
    return found


# --- letters --------------------------------------------------------------------------------------
class LetterView(WagtailAdminTemplateMixin, TemplateView):
    """What is held of the conversation that a receipt belongs to: handed out, or deleted."""

    template_name = "assistant/admin/letter.html"
    page_title = _("A visitor's request about their data")
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_look_up(request.user):
            raise PermissionDenied
        self.conversation = _conversation_of(kwargs["answer_id"])
        if not may_act_for_visitor(request.user, self.conversation.site_id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "conversation": self.conversation,
            "count": self.conversation.answers.count(),
            "reason": kwargs.get("reason", ""),
            "asks": kwargs.get("asks", False),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = request.POST.get("reason", "").strip()[:300]
        if not reason:
            messages.error(request, gettext("Say which letter this follows: it goes on record."))
            return self.render_to_response(self.get_context_data(), status=422)
        is_export = request.POST.get("do") == "export"
        if not is_export and request.POST.get("confirm") != "yes":
            return self.render_to_response(self.get_context_data(reason=reason, asks=True))
        try:
            if is_export:
                return self._export(request, reason)
            count = forget(conversation=self.conversation, user=request.user, reason=reason)
        except NotReachable:
            logger.warning("What is held of a conversation could not be reached", exc_info=True)
            messages.error(
                request,
                gettext(
                    "A part of it cannot be reached at the moment. Nothing was changed; try again "
                    "soon."
                ),
            )
            return self.render_to_response(self.get_context_data(reason=reason), status=503)
        messages.success(
            request, gettext("Deleted: %(count)d questions and answers.") % {"count": count}
        )
        return HttpResponseRedirect(reverse("assistant_receipts"))

    def _export(self, request: HttpRequest, reason: str) -> HttpResponse:
        data = export_by_letter(conversation=self.conversation, user=request.user, reason=reason)
        text = json.dumps(data, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        name = f"conversation-{str(self.conversation.pk)[:8]}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


def _conversation_of(answer_id: str) -> Conversation:
    record = get_object_or_404(AnswerRecord, pk=answer_id)
    found = conversation_with(str(record.conversation_id))
    assert found is not None, "an answer belongs to a conversation"
    return found


class ReceiptsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look_up(request.user)
