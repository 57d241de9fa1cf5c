"""What other tables of the assistant hold of a conversation."""

import uuid
from collections.abc import Sequence
from typing import Any

from .models.gaps import GapQuestion


class GapQuestions:
    """Questions of the conversation that nobody has answered well, as editors see them."""

    name = "unanswered"

    def held(self, conversation: uuid.UUID) -> Any:
        rows = GapQuestion.objects.filter(answer__conversation=conversation).order_by("at", "pk")
        return [
            {"kind": row.kind, "text": row.text, "language": row.language, "at": row.at.isoformat()}
            for row in rows
        ] or None

    def forget(self, conversations: Sequence[uuid.UUID]) -> None:
        GapQuestion.objects.filter(answer__conversation__in=conversations).delete()
