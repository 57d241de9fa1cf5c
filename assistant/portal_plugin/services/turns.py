"""One message of a conversation at a time, answered once.

A message that goes to the dialogue opens a turn: its conversation carries the id that the answer
will have. Whoever writes that answer first, a call back of the dialogue or the portal itself after
it gave up waiting, has answered; what comes later finds the turn closed and changes nothing. All of
it is in the database, because call backs arrive in any process.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assistant.dialogue.prompts import Prompt
from assistant.portal_plugin.models.conversations import (
    AnswerRecord,
    Channel,
    Conversation,
    new_answer_id,
)

from . import receipts

# A process that dies in the middle leaves its turn open; then the conversation goes on.
LONGEST = datetime.timedelta(seconds=30)
# A conversation that rests longer is over: the next question begins another one.
CONVERSATION_ENDS_AFTER = datetime.timedelta(hours=12)


class TurnIsOver(Exception):
    """The message has been answered otherwise, or was given up."""


@dataclass(frozen=True, slots=True)
class OpenTurn:
    conversation: uuid.UUID
    answer: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one step of the dialogue gave: the first record of a turn is its receipt, the last
    prompt is what is waited for. ``form`` and ``asked``: where the dialogue stands afterwards."""

    record: AnswerRecord | None
    prompt: Prompt | None
    form: str = ""
    asked: str = ""
    language: str = ""
    milliseconds: dict[str, int] | None = None


def open_turn(
    *, conversation: str, begins: str, site: int | None, language: str, channel: Channel
) -> OpenTurn | None:
    """Begin to answer a message; None while another one of the conversation is being answered.

    ``begins``: the id that the conversation gets if it is a new one, "" for any.
    """
    now = timezone.now()
    turn = {"last_at": now, "open_answer": new_answer_id(), "open_until": now + LONGEST}
    for name in (conversation, begins):
        asked = uuid_of(name)
        if asked is None:
            continue
        known = Conversation.objects.filter(pk=asked, last_at__gt=now - CONVERSATION_ENDS_AFTER)
        if known.filter(Q(open_until=None) | Q(open_until__lte=now)).update(**turn):
            return OpenTurn(asked, str(turn["open_answer"]))
        if known.exists():
            return None
    made = Conversation(
        pk=uuid_of(begins) or uuid.uuid4(),
        site_id=site,
        language=language,
        channel=channel,
        started_at=now,
        **turn,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # the same first message, sent twice at once
        return None
    return OpenTurn(made.pk, made.open_answer)


def first_conversation(*, visitor: str, turn: str) -> str:
    """The id of the conversation that a message begins, where it has a name that nobody else uses.

    Who sends a first message again, because no answer came, does not know the conversation yet; it
    must not begin another one. Only random UUIDs are such names: of two visitors behind one address
    neither may come upon the other's words because both counted from 1.
    """
    try:
        if uuid.UUID(turn).version != 4:
            return ""
    except ValueError:
        return ""
    digest = salted_hmac("assistant.conversation", f"{visitor} {turn}", algorithm="sha256").digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def is_open(turn: OpenTurn) -> bool:
    """Whether an answer would still be taken."""
    return Conversation.objects.filter(
        pk=turn.conversation, open_answer=turn.answer, open_until__gt=timezone.now()
    ).exists()


def say(turn: OpenTurn, work: Callable[[], Said]) -> Said:
    """Write what a step says. ``work`` runs in the same transaction: what it wrote itself and the
    receipt are there together or not at all.

    Raises:
        TurnIsOver: it came too late; nothing is written.
    """
    with transaction.atomic():
        conversation = (
            Conversation.objects.select_for_update()
            .filter(pk=turn.conversation, open_answer=turn.answer, open_until__gt=timezone.now())
            .first()
        )
        if conversation is None:
            raise TurnIsOver
        said = work()
        if said.language and said.language != conversation.language:
            Conversation.objects.filter(pk=conversation.pk).update(language=said.language)
        _write(turn, said)
    return said


def shut(turn: OpenTurn) -> None:
    """Give the dialogue up: from now on it is too late for its call backs, and no earlier."""
    Conversation.objects.filter(pk=turn.conversation, open_answer=turn.answer).update(
        open_answer=""
    )


def close(turn: OpenTurn) -> None:
    """The message is answered; the next one may come."""
    Conversation.objects.filter(
        Q(open_answer=turn.answer) | Q(open_answer=""), pk=turn.conversation
    ).update(open_answer="", open_until=None)


def _write(turn: OpenTurn, said: Said) -> None:
    if said.record is None and said.prompt is None:
        return
    known = AnswerRecord.objects.filter(pk=turn.answer).first()
    record = known or said.record
    if record is None:  # a prompt alone is shown with the first record that comes
        return
    record.content |= standing(said.prompt, said.form, said.asked)
    if said.language:
        record.content["switched"] = said.language
    if said.milliseconds:
        record.timings = {**record.timings, **said.milliseconds}
    if known is not None:
        known.save(update_fields=["content", "timings"])
        return
    record.pk = turn.answer
    record.conversation_id = turn.conversation
    receipts.rest(record)
    record.save(force_insert=True)


def standing(prompt: Prompt | None, form: str, asked: str) -> dict[str, Any]:
    """Where the dialogue stands, as receipts keep it."""
    return {"prompt": prompt.to_json() if prompt else None, "form": form, "asked": asked}


def uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
