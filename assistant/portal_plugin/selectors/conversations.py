"""Conversations that go on, for whoever has their id."""

from django.utils import timezone

from assistant.portal_plugin.models.conversations import AnswerRecord, Conversation
from assistant.portal_plugin.services.turns import CONVERSATION_ENDS_AFTER, uuid_of

MOST_TURNS = 100


def conversation_of(name: str) -> tuple[Conversation, list[AnswerRecord]] | None:
    """A conversation with its last turns, the oldest first; None where it is over or unknown."""
    pk = uuid_of(name)
    if pk is None:
        return None
    limit = timezone.now() - CONVERSATION_ENDS_AFTER
    found = Conversation.objects.filter(pk=pk, last_at__gt=limit).first()
    if found is None:
        return None
    newest = found.answers.select_related("feedback").order_by("-asked_at")[:MOST_TURNS]
    return found, list(reversed(newest))
