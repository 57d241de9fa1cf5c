"""Where a conversation stands, as its receipts say: what is waited for, which form is open."""

import datetime
import logging
from dataclasses import dataclass

from django.utils import timezone

from assistant.dialogue.prompts import Prompt
from assistant.portal_plugin.models.conversations import AnswerRecord, Conversation
from assistant.portal_plugin.services.turns import CONVERSATION_ENDS_AFTER, uuid_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """``form`` is open ("" for none) and waits for ``asked``; ``at``: since when."""

    prompt: Prompt | None = None
    form: str = ""
    asked: str = ""
    at: datetime.datetime | None = None
    language: str = ""


def standing_of(conversation: str) -> Standing:
    """How a conversation that goes on stands; the empty one for any other."""
    pk = uuid_of(conversation)
    if pk is None:
        return Standing()
    limit = timezone.now() - CONVERSATION_ENDS_AFTER
    language = (
        Conversation.objects.filter(pk=pk, last_at__gt=limit)
        .values_list("language", flat=True)
        .first()
    )
    if language is None:
        return Standing()
    last = (
        AnswerRecord.objects.filter(conversation_id=pk, content__has_key="form")
        .order_by("-asked_at")
        .values_list("content", "asked_at")
        .first()
    )
    if last is None:
        return Standing(language=language)
    content, at = last
    return Standing(
        prompt_of(content), content["form"], content.get("asked", ""), at, language=language
    )


def prompt_of(content: dict[str, object]) -> Prompt | None:
    """The prompt of a receipt; none where it is of another version."""
    stored = content.get("prompt")
    if not isinstance(stored, dict):
        return None
    try:
        return Prompt.from_json(stored)
    except (KeyError, TypeError, ValueError):
        logger.warning("A prompt of another version is passed over")
        return None
