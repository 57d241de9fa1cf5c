"""One message of a conversation, from the visitor to the reply: page, widget and API come here.

The dialogue (Rasa) decides what is to be done where it answers in time; else each message is
answered by itself from the knowledge base, in the same shape.
"""

import datetime
import logging
import threading
import time
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from assistant.dialogue.cleaning import asks
from assistant.dialogue.intents import Command, Intent
from assistant.dialogue.prompts import Prompt
from assistant.dialogue.statuses import Status, Words
from assistant.portal_plugin.answering import languages, limits
from assistant.portal_plugin.dialogue import asking
from assistant.portal_plugin.dialogue.client import Outgoing
from assistant.portal_plugin.dialogue.incoming import Incoming, read
from assistant.portal_plugin.dialogue.standing import prompt_of, standing_of
from assistant.portal_plugin.dialogue.trackers import Sent
from assistant.portal_plugin.models.conversations import AnswerRecord, Channel

from . import recall, receipts, switch, turns
from .answers import Given, Question, compose, keep, say_own, spoken
from .notices import Notice

__all__ = ["Dialogue", "Message", "Notice", "Reply", "converse", "reply_of"]

logger = logging.getLogger(__name__)

# A second message of a conversation waits for the first, but not for long: it holds a thread.
_WAITS, _LOOKS_EVERY = 1.0, 0.05
_RETRY_AFTER = 2
_may_wait = threading.BoundedSemaphore(1)
# Rasa closes a form in which nothing was entered for so long (``session_expiration_time``).
_FORM_RESTS = datetime.timedelta(minutes=30)


class Dialogue(StrEnum):
    """Who led: Rasa, or nobody, where each message stands for itself."""

    RASA = "rasa"
    SINGLE_TURN = "single-turn"


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor sent. Either ``text`` was typed, or a button with ``payload`` was pressed.

    ``turn`` is the client's own name of the message ("" for none): the same turn sent again gets
    the answer that was already given; also a conversation's first, where the name is a random UUID.
    ``language`` "" is that of the conversation. ``visitor`` is a hash, "" for none.
    """

    text: str = field(default="", repr=False)
    payload: str = field(default="", repr=False)
    language: str = ""
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
    """Reply to a message; never raises for what a visitor typed.

    1. limits; 2. an answer that was given already; 3. the switch; 4. guards; 5. Rasa, where it is
    up and has room; 6. else the knowledge base alone, with a line that says so. What was entered
    in a form is kept by Rasa; a message that it could not take goes back into the visitor's field.
    """
    started = time.perf_counter()
    question = _question(message)
    wait = limits.seconds_to_wait(message.visitor)
    if wait:
        return _unkept(message, question, Status.RATE_LIMITED, Words.RATE_LIMITED, wait)
    try:
        reply = _Turn(message, question, started).reply()
    except DatabaseError:
        logger.exception("The database cannot be asked; visitors are told so")
        return _unkept(message, question, Status.UNAVAILABLE, Words.UNAVAILABLE)
    return _with_news(reply, message.conversation)


def _with_news(reply: Reply, conversation: str) -> Reply:
    """The reply with what its visitor must be told; the answer is there without it, too."""
    if not reply.given.is_kept:
        return reply
    try:
        news = recall.tell(reply.record, conversation=conversation, language=reply.language)
    except DatabaseError:
        logger.exception("A visitor is not told of answers that no longer hold: the database")
        return reply
    return replace(reply, notices=(*reply.notices, *news))


def reply_of(record: AnswerRecord, language: str = "") -> Reply:
    """The reply that a receipt tells of."""
    return Reply(
        Given(record),
        dialogue=Dialogue(record.dialogue),
        prompt=prompt_of(record.content),
        language=record.content.get("switched") or language or record.language,
        notices=recall.told_with(record),
    )


class _Turn:
    """One message on its way."""

    def __init__(self, message: Message, question: Question, started: float) -> None:
        self.message, self.started = message, started
        self.standing = standing_of(message.conversation or question.begins)
        language = message.language or self.standing.language or "zh-hans"
        self.question = replace(question, language=language)
        self.incoming = self._read()
        self.timings: dict[str, int] = {}

    def _read(self) -> Incoming:
        with override(languages.interface(self.question.language)):
            return read(self.message.text, self.message.payload, self.standing)

    def reply(self) -> Reply:
        if known := self._given_before():
            return known
        if nothing := self._stopped():
            return nothing
        if self.incoming.words is not None and self.incoming.status is not None:
            return self._guarded(self.incoming.status, self.incoming.words)
        if not asking.is_set_up():
            return self._alone(None)
        try:
            turn = self._open()
        except DatabaseError:
            logger.exception("The database takes no writes; the message is answered by itself")
            return self._alone(None)
        if turn is None:
            return self._given_before() or self._back(
                Status.RATE_LIMITED, Words.ONE_AT_A_TIME, retry_after=_RETRY_AFTER
            )
        try:
            return self._given_before() or self._answered(turn)
        finally:
            _close(turn)

    # --- turns ------------------------------------------------------------------------------------
    def _given_before(self) -> Reply | None:
        pk = turns.uuid_of(self.question.conversation) or turns.uuid_of(self.question.begins)
        if not self.message.turn or pk is None:
            return None
        record = AnswerRecord.objects.filter(conversation_id=pk, turn=self.message.turn).first()
        return reply_of(record, self.question.language) if record else None

    def _open(self) -> turns.OpenTurn | None:
        """Begin the turn; another one of the conversation is waited for a moment."""
        turn = self._try_to_open()
        if turn is not None or not _may_wait.acquire(blocking=False):
            return turn
        try:
            ends = time.monotonic() + _WAITS
            while turn is None and time.monotonic() < ends:
                time.sleep(_LOOKS_EVERY)
                turn = self._try_to_open()
        finally:
            _may_wait.release()
        return turn

    def _try_to_open(self) -> turns.OpenTurn | None:
        return turns.open_turn(
            conversation=self.question.conversation,
            begins=self.question.begins,
            site=self.question.site,
            language=self.question.language,
            channel=self.question.channel,
        )

    # --- with Rasa --------------------------------------------------------------------------------
    def _answered(self, turn: turns.OpenTurn) -> Reply:
        began = time.perf_counter()
        is_led = False
        try:
            asking.ask(self._outgoing(turn), form=bool(self.standing.form))
            is_led = True
        except asking.RasaBusy:
            if self.standing.form:
                return self._back(Status.RATE_LIMITED, Words.RATE_LIMITED, retry_after=_RETRY_AFTER)
        except asking.RasaAbsent:
            pass
        self.timings["rasa"] = round((time.perf_counter() - began) * 1000)
        if not is_led:
            turns.shut(turn)
        # Whoever was first has answered, Rasa's last word or not.
        record = AnswerRecord.objects.filter(pk=turn.answer).first()
        if record is None:
            if is_led:
                logger.warning("Rasa answered, but none of its steps said anything")
            return self._alone(turn)
        return self._finished(record)

    def _outgoing(self, turn: turns.OpenTurn) -> Outgoing:
        incoming, question = self.incoming, self.question
        sent = Sent(
            answer=turn.answer,
            language=question.language,
            shown=incoming.shown if incoming.is_veiled else "",
            site=question.site,
            main_site=question.main_site,
            page=question.asked_from,
            as_of=question.as_of,
            channel=question.channel,
            turn=self.message.turn,
            hidden=incoming.hidden,
            notes=incoming.notes,
        )
        return Outgoing(
            sender=str(turn.conversation),
            message=incoming.text,
            payload=incoming.payload,
            metadata=sent.to_metadata(),
        )

    def _finished(self, record: AnswerRecord) -> Reply:
        at = self.standing.at
        if (
            self.standing.form
            and not record.content.get("form")
            and at is not None
            and timezone.now() - at > _FORM_RESTS
        ):
            record.content["notes"] = [*record.content.get("notes", ()), "form_closed"]
        record.took_ms = self._took()
        record.timings = {**record.timings, **self.timings}
        record.save(update_fields=["content", "took_ms", "timings"])
        return reply_of(record, self.question.language)

    # --- without Rasa -----------------------------------------------------------------------------
    def _alone(self, turn: turns.OpenTurn | None) -> Reply:
        """The answer of the knowledge base to this message alone."""
        incoming = self.incoming
        is_entry = len(incoming.text) > _LONGEST_ASIDE or not asks(incoming.text)
        if self.standing.form and is_entry and incoming.command not in _HANDING_OVER:
            return self._back(Status.FORM, Words.FORM_WAITS)
        if incoming.command in _HANDING_OVER:
            record = spoken(self.question, Status.HANDED_OVER, Words.HANDED_OVER)
        elif incoming.command in Command:
            record = spoken(self.question, Status.UNAVAILABLE, Words.NOT_NOW)
        else:
            # Of a button its title is looked up: "opening hours" has an answer, too.
            asked = incoming.text or incoming.shown
            record = compose(question=replace(self.question, message=asked))
        self._complete(record)
        return self._kept(record, turn)

    def _complete(self, record: AnswerRecord) -> None:
        """What the portal knows of the message, and that nobody led."""
        record.question = self.incoming.shown
        record.hidden = list(self.incoming.hidden)
        notes = [*self.incoming.notes]
        notes += [note for note in record.content.get("notes", ()) if note not in notes]
        if asking.is_set_up() or record.status != Status.ANSWERED:
            notes += self._unled(record)
        record.content["notes"] = notes
        if self.standing.form:
            prompt, form, asked = self.standing.prompt, self.standing.form, self.standing.asked
            record.content |= turns.standing(prompt, form, asked)
        record.turn = self.message.turn
        record.took_ms = self._took()
        record.timings = self.timings

    def _unled(self, record: AnswerRecord) -> list[str]:
        if self.standing.form:
            return ["form_open"]
        is_told = record.words == Words.NOT_NOW or record.status in _SAYS_ENOUGH
        return [] if is_told or not asking.is_set_up() else ["single_turn"]

    def _kept(self, record: AnswerRecord, turn: turns.OpenTurn | None) -> Reply:
        is_kept = True
        try:
            if turn is None:
                is_kept = keep(record, self.question)
            else:
                with transaction.atomic():
                    record.pk, record.conversation_id = turn.answer, turn.conversation
                    receipts.rest(record)
                    record.save(force_insert=True)
        except IntegrityError:
            known = self._given_before()
            if known is None:
                raise
            return known
        except DatabaseError:
            logger.exception("An answer was given without a receipt: the database takes no writes")
            is_kept = False
        return replace(
            reply_of(record, self.question.language), given=Given(record, is_kept=is_kept)
        )

    # --- at once ----------------------------------------------------------------------------------
    def _guarded(self, status: Status, words: Words) -> Reply:
        """What the guards say; in a form all that was typed goes back into the field."""
        if self.standing.form:
            return self._back(status, words)
        record = spoken(replace(self.question, message=self.message.text), status, words)
        record.question = self.incoming.shown
        record.hidden = list(self.incoming.hidden)
        record.content["notes"] = list(self.incoming.notes)
        record.turn = self.message.turn
        record.took_ms = self._took()
        return self._kept(record, None)

    def _stopped(self) -> Reply | None:
        """While the assistant is stopped nothing is taken; in a form all stands as it was."""
        sentence = switch.paused(self.question.site, self.question.language)
        if sentence is None:
            return None
        reply = self._back(Status.UNAVAILABLE, Words.PAUSED)
        say_own(reply.record, sentence)
        return reply

    def _back(self, status: Status, words: Words, *, retry_after: int = 0) -> Reply:
        """The message was not taken: nothing is kept, and the visitor may send it again."""
        record = spoken(self.question, status, words)
        record.question = self.incoming.whole or self.incoming.shown
        record.content |= turns.standing(
            self.standing.prompt, self.standing.form, self.standing.asked
        )
        known = turns.uuid_of(self.question.conversation)
        if known is not None and self.standing.language:
            record.conversation_id = known
        record.took_ms = self._took()
        reply = reply_of(record, self.question.language)
        return replace(reply, given=Given(record, is_kept=False, retry_after=retry_after))

    def _took(self) -> int:
        return round((time.perf_counter() - self.started) * 1000)


def _close(turn: turns.OpenTurn) -> None:
    """Let the next message come. Where this fails it may come half a minute later."""
    try:
        turns.close(turn)
    except DatabaseError:
        logger.exception("A conversation stays busy for a while: the database")


# In a form a longer text is what was asked for, even if it asks something.
_LONGEST_ASIDE = 100
_HANDING_OVER = frozenset({Command.CALL_HUMAN, Intent.HUMAN})
# A refusal, a greeting or a person's number: what no dialogue would have done better.
_SAYS_ENOUGH = frozenset({Status.SMALLTALK, Status.HANDED_OVER, Status.UNAVAILABLE})


def _question(message: Message) -> Question:
    """What is asked, but for the words: those are made ready first."""
    begins = turns.first_conversation(visitor=message.visitor, turn=message.turn)
    return Question(
        "",
        language=message.language or "zh-hans",
        site=message.site,
        main_site=message.main_site,
        as_of=message.as_of,
        channel=message.channel,
        conversation=message.conversation,
        begins=begins,
        visitor=message.visitor,
        asked_from=message.asked_from,
    )


def _unkept(
    message: Message, question: Question, status: Status, words: Words, retry_after: int = 0
) -> Reply:
    """The message goes back into the visitor's field."""
    record = spoken(replace(question, message=message.text), status, words)
    given = Given(record, is_kept=False, retry_after=retry_after)
    return Reply(given, language=question.language)
