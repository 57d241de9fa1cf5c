"""The one way from a question to an answer: page, API, command line and slots all use it."""

import datetime
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from assistant.dialogue.cleaning import clean
from assistant.dialogue.intents import Intent
from assistant.dialogue.routing import Route, route
from assistant.dialogue.scope import is_outside
from assistant.dialogue.statuses import Status, Words
from assistant.portal_plugin.answering import content, languages, limits, wording
from assistant.portal_plugin.answering.finding import Match, Search, find
from assistant.portal_plugin.answering.generator import machine_text
from assistant.portal_plugin.answering.gist import machine_gist
from assistant.portal_plugin.answering.related import related_text
from assistant.portal_plugin.models.conversations import (
    AnswerRecord,
    Channel,
    Conversation,
    digest_of,
)
from assistant.portal_plugin.selectors.knowledge import Answerable, Worded, answerable, in_language
from assistant.portal_plugin.services import receipts, switch
from assistant.portal_plugin.services.proposals import propose
from assistant.portal_plugin.services.turns import CONVERSATION_ENDS_AFTER, uuid_of
from assistant.portal_plugin.texts import to_traditional
from assistant.retrieval.contract import ALL_SITES, Decision, Retriever
from portal.text.personal_data import scrub

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and by whom. ``message`` is as it was typed and stays in this object.

    ``site`` is the visitor's site, ``main_site`` the portal's own, whose visitors get answers of
    every site. ``as_of`` asks how it stood at a moment. ``begins`` is the id that
    a new conversation gets, "" for any. ``visitor`` is a hash, "" for none.
    """

    message: str = field(repr=False)
    language: str = "zh-hans"
    site: int | None = None
    main_site: int | None = None
    as_of: datetime.datetime | None = None
    audience: frozenset[str] | None = None
    channel: Channel = Channel.PAGE
    conversation: str = ""
    begins: str = ""
    visitor: str = ""
    asked_from: str = ""

    @property
    def sites(self) -> frozenset[int] | None:
        if self.site is None or self.site == self.main_site:
            return None
        return frozenset({ALL_SITES, self.site, *([self.main_site] if self.main_site else [])})


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given. ``is_kept`` False: there is no receipt (too many questions, or
    the database is gone). ``retry_after``: seconds, with status ``rate_limited``."""

    record: AnswerRecord
    is_kept: bool = True
    retry_after: int = 0

    @property
    def status(self) -> Status:
        return Status(self.record.status)


def answer(*, question: Question, retriever: Retriever | None = None) -> Given:
    """Answer a question, or say honestly why not; never raises for what a visitor typed.

    Nothing of the message but its scrubbed part is searched with, logged or written.
    """
    started = time.perf_counter()
    routed = route(question.message)
    record = new_record(question, routed)
    wait = limits.seconds_to_wait(question.visitor)
    if wait:
        _say(record, Status.RATE_LIMITED, Words.RATE_LIMITED)
        return Given(record, is_kept=False, retry_after=wait)
    try:
        if (nothing := stopped(question)) is not None:
            return nothing
        _fill(record, question, routed, retriever)
    except DatabaseError:
        logger.exception("The database cannot be asked; visitors are told so")
        return Given(spoken(question, Status.UNAVAILABLE, Words.UNAVAILABLE), is_kept=False)
    record.took_ms = round((time.perf_counter() - started) * 1000)
    return Given(record, is_kept=keep(record, question))


def compose(*, question: Question, retriever: Retriever | None = None) -> AnswerRecord:
    """The answer to a question, not yet written: for the dialogue, which writes it with the turn.

    Raises:
        DatabaseError: the database cannot be asked.
    """
    routed = route(question.message)
    record = new_record(question, routed)
    _fill(record, question, routed, retriever)
    return record


def spoken(question: Question, status: Status, words: Words) -> AnswerRecord:
    """The assistant's own words to a message, not yet written."""
    record = new_record(question, route(question.message))
    _say(record, status, words)
    return record


def stopped(question: Question) -> Given | None:
    """What visitors get while the assistant is stopped at their site; None while it answers.

    Raises:
        DatabaseError: the database cannot be asked.
    """
    sentence = switch.paused(question.site, question.language)
    if sentence is None:
        return None
    record = spoken(question, Status.UNAVAILABLE, Words.PAUSED)
    say_own(record, sentence)
    return Given(record, is_kept=False)


def say_own(record: AnswerRecord, sentence: str) -> None:
    """Put a site's own sentence in the place of the portal's words."""
    record.words, record.text, record.digest = "", sentence, digest_of(sentence)


def choose(*, record: AnswerRecord, page: int, channel: Channel = Channel.PAGE) -> Given | None:
    """Answer with an entry that the visitor chose among those offered; None for any other.

    That the entry was the right one for these words is told to its owners as a proposed phrasing.
    """
    offered = {choice["page"] for choice in record.content.get("choices", ())}
    entry = answerable([page], at=record.as_of).get(page) if page in offered else None
    if entry is None:
        return None
    given = _give_again(record, entry, record.language, channel, note="chosen")
    if given.is_kept:
        propose(entry=page, text=record.question, language=record.language)
    return given


def reword(*, record: AnswerRecord, language: str, channel: Channel = Channel.PAGE) -> Given | None:
    """The same entry in another language; None where it is no longer in force, or none was given.

    As with any answer: the approved translation where there is one, else the text with a label.
    """
    page = record.page_id
    if record.status != Status.ANSWERED or page is None:
        return None
    entry = answerable([page], at=record.as_of).get(page)
    if entry is None:
        return None
    return _give_again(record, entry, language, channel, intent=Intent.SWITCH_LANGUAGE)


def _give_again(
    record: AnswerRecord,
    entry: Answerable,
    language: str,
    channel: Channel,
    *,
    note: str = "",
    intent: str = "",
) -> Given:
    """Answer the question of a receipt with an entry, as a further answer of its conversation."""
    started = time.perf_counter()
    question = Question(
        record.question,
        language=language,
        site=record.site_id,
        as_of=record.as_of,
        channel=channel,
        conversation=str(record.conversation_id),
        asked_from=record.asked_from,
    )
    if (nothing := stopped(question)) is not None:
        return nothing
    again = new_record(question, Route(None, None, record.question))
    again.hidden = record.hidden
    again.mode = record.mode
    again.intent = intent
    _give(again, Match(entry, 1.0))
    if note:
        again.content["notes"].insert(0, note)
    again.confidence = 1.0
    again.took_ms = round((time.perf_counter() - started) * 1000)
    return Given(again, is_kept=keep(again, question))


# --- steps ----------------------------------------------------------------------------------------
def new_record(question: Question, routed: Route) -> AnswerRecord:
    """The receipt of a question before anything is said to it."""
    notes = []
    if routed.hidden:
        notes.append("masked")
    if routed.is_shortened:
        notes.append("shortened")
    return AnswerRecord(
        site_id=question.site,
        question=routed.question,
        hidden=sorted(routed.hidden),
        asked_from=scrub(clean(question.asked_from)).text[:255],
        language=question.language,
        as_of=question.as_of,
        content={"notes": notes},
    )


def _say(record: AnswerRecord, status: Status, words: Words) -> None:
    """Put the assistant's own words into an answer."""
    with override(languages.interface(record.language)):
        text = wording.said(words, site=record.site_id)
    record.words = words
    say_text(record, status, text)


def say_text(record: AnswerRecord, status: Status, text: str) -> None:
    """Put a text into an answer that is in the language of its interface."""
    spoken = languages.interface(record.language)
    if record.language == languages.ZH_HANT:
        text, spoken = to_traditional(text), languages.ZH_HANT
    record.status = status
    record.text = text
    record.text_language = spoken
    record.trust = "human"
    record.digest = digest_of(text)


def _fill(
    record: AnswerRecord, question: Question, routed: Route, retriever: Retriever | None
) -> None:
    if routed.status is not None and routed.words is not None:
        _say(record, routed.status, routed.words)
    else:
        _look_up(record, question, routed, retriever)


def _look_up(
    record: AnswerRecord, question: Question, routed: Route, retriever: Retriever | None
) -> None:
    search = Search(
        routed.question,
        question.language,
        question.as_of,
        sites=question.sites,
        audience=question.audience,
    )
    found = find(search, retriever)
    record.mode, record.confidence = found.mode, found.confidence
    if found.mode != "full":
        record.content["notes"].append(found.mode)
    match found.decision:
        case Decision.ANSWER:
            _give(record, found.matches[0], [m for m in found.close if m != found.matches[0]])
        case Decision.ASK_BACK:
            _say(record, Status.CLARIFY, Words.CLARIFY)
            _offer(record, found.close)
        case Decision.DECLINE:
            _decline(record, routed, question)
    record.content["candidates"] = content.candidates(found.matches)
    if record.status != Status.ANSWERED and record.status != Status.DECLINED_OUT_OF_SCOPE:
        record.content["related"] = related_text(
            routed.question,
            site=question.site,
            language=question.language,
            at=question.as_of,
        )
    if record.status == Status.DECLINED_NO_SOURCE:
        record.content["machine"] = machine_text(routed.question, record.content["related"])


def _decline(record: AnswerRecord, routed: Route, question: Question) -> None:
    if is_outside(routed.question):
        _say(record, Status.DECLINED_OUT_OF_SCOPE, Words.OUT_OF_SCOPE)
    elif question.as_of is not None and question.as_of < timezone.now():
        _say(record, Status.DECLINED_NO_SOURCE, Words.NOT_YET_THEN)
    else:
        _say(record, Status.DECLINED_NO_SOURCE, Words.NO_SOURCE)


def _give(
    record: AnswerRecord,
    match: Match,
    close: Sequence[Match] = (),
) -> None:
    """Put an approved text into an answer, word for word: the translation where there is one."""
    worded = in_language(match.entry, record.language, at=record.as_of)
    entry = worded.entry
    record.status, record.words = Status.ANSWERED, Words.ANSWERED
    record.entry, record.page_id, record.version = entry.entry, entry.page, entry.version
    record.title = (entry.question or entry.title)[:500]
    record.text, record.html = entry.answer_text, entry.answer_html
    record.text_language = worded.language
    record.trust = str(entry.trust)
    record.digest = digest_of(entry.answer_text)
    record.content["citations"] = content.citations(
        worded, language=record.language, site=record.site_id
    )
    record.content["topic"] = {"slug": entry.topic, "name": entry.topic_name}
    record.content["owner"] = entry.owner
    record.content["gist"] = machine_gist(worded, record.language, record.site_id)
    record.content["since"] = entry.since.isoformat() if entry.since else None
    record.content["notes"] += _notes(worded, record)
    _offer(record, close)


def _notes(worded: Worded, record: AnswerRecord) -> list[str]:
    notes = []
    if not worded.is_asked_language:
        notes.append("behind" if worded.is_behind else "other_language")
    if worded.is_converted:
        notes.append("converted")
    if worded.entry.translation_of:
        notes.append("stale" if worded.entry.is_stale else "translated")
    if record.as_of is not None:
        notes.append("as_of")
    return notes


def _offer(record: AnswerRecord, close: Sequence[Match]) -> None:
    worded = [in_language(match.entry, record.language, at=record.as_of) for match in close]
    record.content["choices"] = content.choices(worded)
    record.content["suggestions"] = [choice["question"] for choice in record.content["choices"]]


def keep(record: AnswerRecord, question: Question) -> bool:
    """Write the receipt; an answer that cannot be written down is given all the same.

    Raises:
        IntegrityError: its turn has been answered already.
    """
    try:
        with transaction.atomic():
            record.conversation = _conversation(question)
            receipts.rest(record)
            record.save(force_insert=True)
    except IntegrityError:
        raise
    except DatabaseError:
        logger.exception("An answer was given without a receipt: the database takes no writes")
        return False
    return True


def _conversation(question: Question) -> Conversation:
    now = timezone.now()
    for name in (question.conversation, question.begins):
        asked = uuid_of(name)
        if asked is None:
            continue
        known = Conversation.objects.filter(pk=asked, last_at__gt=now - CONVERSATION_ENDS_AFTER)
        if known.update(last_at=now):
            return Conversation(pk=asked)
    return Conversation.objects.create(
        pk=uuid_of(question.begins) or uuid.uuid4(),
        site_id=question.site,
        language=question.language,
        channel=question.channel,
        started_at=now,
        last_at=now,
    )
