"""All that is held of one visitor's conversation: given out to them, and forgotten if they wish.

Who has the conversation's id (122 random bits) is the visitor; conversations are never listed.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from assistant.portal_plugin import held
from assistant.portal_plugin.models.conversations import AnswerRecord, Conversation, Feedback
from assistant.portal_plugin.models.receipts import ForgottenAnswer

LOG_EXPORTED = "assistant.conversation.export"
LOG_FORGOTTEN = "assistant.conversation.forget"


def conversation_with(conversation_id: str) -> Conversation | None:
    try:
        wanted = uuid.UUID(conversation_id)
    except ValueError:
        return None
    return Conversation.objects.select_related("site").filter(pk=wanted).first()


def export_of(conversation: Conversation) -> dict[str, Any]:
    """Everything, as it is stored; dates in ISO 8601.

    Raises:
        NotReachable: a part of it cannot be read just now.
    """
    answers = (
        AnswerRecord.objects.filter(conversation=conversation)
        .select_related("feedback", "basis")
        .order_by("asked_at", "pk")
    )
    return {
        "conversation": str(conversation.pk),
        "exported_at": timezone.localtime().isoformat(timespec="seconds"),
        "site": conversation.site.name if conversation.site else None,
        "language": conversation.language,
        "channel": conversation.channel,
        "started_at": _moment(conversation.started_at),
        "last_at": _moment(conversation.last_at),
        "answers": [_answer(record) for record in answers],
        "elsewhere": {holder.name: holder.held(conversation.pk) for holder in held.holders()},
    }


@transaction.atomic
def export_by_letter(*, conversation: Conversation, user: Any, reason: str) -> dict[str, Any]:
    """The same for a visitor who asked by letter: staff do it, and it goes on record."""
    _record(conversation, LOG_EXPORTED, user, {"reason": reason})
    return export_of(conversation)


@transaction.atomic
def forget(*, conversation: Conversation, user: Any = None, reason: str = "") -> int:
    """Delete a conversation on its visitor's wish; the number of answers that went.

    Its receipts, which others may hold, say from now on that they were deleted on the visitor's
    wish. With ``user`` it is staff who do it for somebody who asked by letter: that goes on record.

    Raises:
        NotReachable: a part of it cannot be deleted just now; nothing is.
    """
    answers = AnswerRecord.objects.filter(conversation=conversation)
    gone = [ForgottenAnswer(answer=pk) for pk in answers.values_list("pk", flat=True)]
    ForgottenAnswer.objects.bulk_create(gone, ignore_conflicts=True)
    if user is not None:
        _record(conversation, LOG_FORGOTTEN, user, {"reason": reason, "answers": len(gone)})
    erase(conversations=[conversation.pk])
    return len(gone)


@transaction.atomic
def erase(*, conversations: Sequence[uuid.UUID]) -> None:
    """Delete some conversations with all that anybody holds of them."""
    for holder in held.holders():
        holder.forget(conversations)
    Feedback.objects.filter(answer__conversation__in=conversations).delete()
    AnswerRecord.objects.filter(conversation__in=conversations).delete()
    Conversation.objects.filter(pk__in=conversations).delete()


def _record(conversation: Conversation, action: str, user: Any, data: dict[str, Any]) -> None:
    """Into the history of the site. Only the beginning of the id: the whole of it opens it."""
    data["conversation"] = str(conversation.pk)[:8]
    log(instance=conversation.site or conversation, action=action, user=user, data=data)


# --- as JSON --------------------------------------------------------------------------------------
# Not what visitors said or got, but how the portal keeps books: pointers within its database.
_LEFT_OUT = frozenset({"conversation", "site", "page", "basis"})


def _answer(record: AnswerRecord) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.name in _LEFT_OUT:
            continue
        value = getattr(record, field.attname)
        shown[field.name] = _moment(value) if hasattr(value, "isoformat") else value
    if record.basis is not None:
        shown["state"] = record.basis.state
        shown["state_since"] = _moment(record.basis.state_since)
    feedback = getattr(record, "feedback", None)
    shown["feedback"] = feedback and {
        "useful": feedback.useful,
        "reason": feedback.reason,
        "comment": feedback.comment,
        "at": _moment(feedback.at),
    }
    return shown


def _moment(value: Any) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None
