"""What Rasa keeps of a conversation that goes on: given out and forgotten with all the rest.

Rasa forgets by itself what has been silent for a day (``assistant/rasa``): older conversations are
not asked for, so that the retention does not depend on it.
"""

import datetime
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from assistant.dialogue.contract import FORGET_PATH, HELD_PATH
from assistant.portal_plugin.held import NotReachable
from assistant.portal_plugin.models.conversations import Conversation

from . import asking, client

# Longer than Rasa keeps anything, unless somebody sets ``RASA_KEEP_HOURS`` to more than a week.
_KEPT_AT_MOST = datetime.timedelta(days=7)
_BUDGET = 3.0


class RasaMemory:
    """The holder ``dialogue``."""

    name = "dialogue"

    def held(self, conversation: uuid.UUID) -> Any:
        """The events of the conversation as Rasa has noted them down."""
        found = self._told([conversation], HELD_PATH)
        return next((one["held"] for one in found if one.get("held")), None)

    def forget(self, conversations: Sequence[uuid.UUID]) -> None:
        self._told(conversations, FORGET_PATH)

    def _told(self, conversations: Sequence[uuid.UUID], path: str) -> list[dict[str, Any]]:
        if not asking.is_set_up():
            return []
        about = settings.ASSISTANT_DIALOGUE
        return [self._tell(pk, path, about["url"], about["token"]) for pk in _young(conversations)]

    def _tell(self, pk: uuid.UUID, path: str, url: str, token: str) -> dict[str, Any]:
        body = json.dumps({"sender": str(pk)}).encode()
        try:
            answer = client.post(path, body, url=url, token=token, budget=_BUDGET)
        except client.RasaFailed as error:
            raise NotReachable("the dialogue's memory") from error
        return answer


def _young(conversations: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    since = timezone.now() - _KEPT_AT_MOST
    rows = Conversation.objects.filter(pk__in=conversations, last_at__gt=since)
    return list(rows.values_list("pk", flat=True))
