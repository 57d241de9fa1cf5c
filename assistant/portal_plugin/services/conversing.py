"""One message of a conversation, from the visitor to the reply: page, widget and API come here.

The dialogue (Rasa) decides what is to be done where it answers in time; else each message is
answered by itself from the knowledge base, in the same shape.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.dialogue.prompts import Prompt
from assistant.portal_plugin.models.conversations import AnswerRecord, Channel

from . import recall
from .answers import Given, Question, answer
from .notices import Notice

__all__ = ["Dialogue", "Message", "Notice", "Reply", "converse"]


class Dialogue(StrEnum):
    """Who led: Rasa, or nobody, where each message stands for itself."""

    RASA = "rasa"
    SINGLE_TURN = "single-turn"


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor sent. Either ``text`` was typed, or a button with ``payload`` was pressed.

    ``turn`` is the client's own name of the message ("" for none): the same turn sent again gets
    the answer that was already given. ``visitor`` is a hash, "" for none.
    """

    text: str = field(default="", repr=False)
    payload: str = field(default="", repr=False)
    language: str = "zh-hans"
    site: int | None = None
    main_site: int | None = None
    as_of: datetime.datetime | None = None
    channel: Channel = Channel.PAGE
    conversation: str = ""
    turn: str = ""
    visitor: str = ""
    asked_from: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back. ``prompt``: what is waited for, None for anything. ``language`` is that of
    the conversation from now on."""

    given: Given
    dialogue: Dialogue = Dialogue.SINGLE_TURN
    prompt: Prompt | None = None
    language: str = ""
    notices: tuple[Notice, ...] = ()

    @property
    def record(self) -> AnswerRecord:
        return self.given.record


def converse(message: Message) -> Reply:
    """Reply to a message; never raises for what a visitor typed."""
    question = Question(
        message.text,
        language=message.language,
        site=message.site,
        main_site=message.main_site,
        as_of=message.as_of,
        channel=message.channel,
        conversation=message.conversation,
        visitor=message.visitor,
        asked_from=message.asked_from,
    )
    given = answer(question=question)
    notices = (
        recall.tell(given.record, conversation=message.conversation, language=message.language)
        if given.is_kept
        else ()
    )
    return Reply(given, language=message.language, notices=notices)
