"""Is it in force? What the library of policies knows of a document, on the day asked for."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from assistant.dialogue.contract import Action
from assistant.dialogue.days import the_day
from assistant.dialogue.naming import Named, document_in
from assistant.dialogue.prompts import Button
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from assistant.portal_plugin.models.conversations import AnswerRecord, digest_of
from portal.plugin_api import (
    CapabilityUnavailable,
    DocumentNamed,
    PolicyStanding,
    Standing,
    capability,
    policy_standing,
)
from portal.text.official.script import matchable, squeezed

from .answering import answer
from .offers import OTHERWISE, offer
from .voice import Voice, link, payload

POLICY = "policy"  # values of the buttons that choose one: ``policy:17``
_MOST = 5
_ENDED = frozenset({Standing.REPEALED, Standing.EXPIRED})


@action(Action.ASK_POLICY)
def ask_policy(turn: Turn) -> Outcome:
    """Tell how the document stands that the message names; a question about it is looked up.

    A name that no public document has is said to be unknown, where it was given as one (in 《》, or
    a number); else the message is answered as any question.
    """
    named = document_in(turn.question.message)
    provider = capability(policy_standing, turn.question.site)
    if named is None or provider is None:
        return answer(turn)
    day = _day(turn)
    try:
        found = provider.find(
            named.words,
            site=_searched(turn),
            language="zh-hans",  # of the documents, whatever language one asks in
            day=day or timezone.localdate(),
            count=_MOST,
        )
    except CapabilityUnavailable:
        return answer(turn)
    voice = Voice(turn)
    if len(found) == 1 and _is_meant(named, found[0]):
        return Outcome(_told(voice, found[0], day))
    if found:
        key = "policy.which" if len(found) > 1 else "policy.perhaps"
        return _which(voice, voice(key), found)
    if not named.is_exact:
        return answer(turn)
    record = voice.record(Status.DECLINED_NO_SOURCE, voice("policy.unknown", name=named.words))
    return Outcome(record, offer(turn, voice, OTHERWISE))


def tell_policy(turn: Turn, document: int) -> Outcome | None:
    """How a document stands that was chosen; None where it is not public (any more)."""
    provider = capability(policy_standing, turn.question.site)
    if provider is None:
        return None
    day = _day(turn)
    try:
        found = provider.read(document, day=day or timezone.localdate())
    except CapabilityUnavailable:
        return None
    voice = Voice(turn)
    return None if found is None else Outcome(_told(voice, found, day))


def _is_meant(named: Named, found: PolicyStanding) -> bool:
    """Whether this is the document, or one of a similar name: nobody is told about another one."""
    words, title = squeezed(matchable(named.words)), squeezed(matchable(found.title))
    if named.is_exact:
        return words in (title, squeezed(matchable(found.number)))
    return words in title


# --- what is asked --------------------------------------------------------------------------------
def _day(turn: Turn) -> datetime.date | None:
    """The day that is asked for, where it is another one than today."""
    if turn.question.as_of is not None:
        day: datetime.date | None = timezone.localdate(turn.question.as_of)
    else:
        day = the_day(_asked_about(turn))
    return None if day == timezone.localdate() else day


def _asked_about(turn: Turn) -> str:
    """The question with the day: of a button, the one that the choice belongs to."""
    if not turn.is_pressed:
        return turn.question.message
    last = turn.earlier().exclude(question="").order_by("-asked_at").first()
    return last.question if last is not None and last.status == Status.CLARIFY else ""


def _searched(turn: Turn) -> int | None:
    """The portal's own visitors ask for documents of every site."""
    question = turn.question
    return None if question.site == question.main_site else question.site


# --- what is told ---------------------------------------------------------------------------------
def _which(voice: Voice, text: str, found: Sequence[PolicyStanding]) -> Outcome:
    record = voice.record(Status.CLARIFY, text)
    buttons = [
        Button(
            " ".join(part for part in (one.title, one.number) if part),
            payload("choose", value=f"{POLICY}:{one.document}"),
        )
        for one in found
    ]
    buttons.append(voice.button("start.human", payload("human")))
    return Outcome(record, voice.offer(buttons, field=POLICY))


def _told(voice: Voice, found: PolicyStanding, day: datetime.date | None) -> AnswerRecord:
    lines = [
        voice("policy.as_of", day=voice.day(day)) if day else "",
        *_sentences(voice, found),
        voice("policy.rests_on", bodies="、".join(found.bodies)) if found.bodies else "",
    ]
    record = voice.record(Status.ANSWERED, *lines, title=found.title)
    record.confidence = 1.0
    record.content["citations"] = [_citation(found, record.text)]
    record.content["owner"] = "、".join(found.bodies)
    record.content["actions"] = [link("document", found.title, found.url)]
    following = found.ended_by or found.amended_by
    if following is not None and following.url:
        record.content["actions"].append(link("document", following.title, following.url))
    return record


def _sentences(voice: Voice, found: PolicyStanding) -> list[str]:
    name = _name(found.title, found.number)
    standing = Standing(found.standing)
    if standing in _ENDED:
        return [_ended(voice, found, name)]
    if standing is Standing.NOT_YET_EFFECTIVE and found.in_force_from is not None:
        return [voice("policy.not_yet", document=name, day=voice.day(found.in_force_from))]
    since = found.in_force_from
    lines = [
        voice("policy.in_force_since", document=name, day=voice.day(since))
        if since
        else voice("policy.in_force", document=name)
    ]
    if standing is Standing.AMENDED and found.amended_on is not None:
        lines.append(
            voice("policy.amended_by", day=voice.day(found.amended_on), by=_named(found.amended_by))
            if found.amended_by
            else voice("policy.amended", day=voice.day(found.amended_on))
        )
    if standing is Standing.PARTLY_INVALID:
        lines.append(voice("policy.partly"))
    if found.valid_through is not None:
        lines.append(voice("policy.in_force_until", day=voice.day(found.valid_through)))
    return lines


def _ended(voice: Voice, found: PolicyStanding, name: str) -> str:
    if found.standing == Standing.EXPIRED and found.valid_through is not None:
        return voice("policy.expired", document=name, day=voice.day(found.valid_through))
    if found.ended_on is None:
        return voice("policy.over", document=name)
    key = "policy.replaced" if found.is_replaced else "policy.repealed"
    day = voice.day(found.ended_on)
    if found.ended_by is not None:
        return voice(f"{key}_by", document=name, day=day, by=_named(found.ended_by))
    return voice(key, document=name, day=day)


def _named(document: DocumentNamed | None) -> str:
    return _name(document.title, document.number) if document is not None else ""


def _name(title: str, number: str) -> str:
    called = title if title.startswith("《") else f"《{title}》"
    return f"{called}（{number}）" if number else called


def _citation(found: PolicyStanding, text: str) -> dict[str, object]:
    def day(value: datetime.date | None) -> str | None:
        return value.isoformat() if value else None

    ends = found.ended_on
    if ends is None and found.valid_through is not None:
        ends = found.valid_through + datetime.timedelta(days=1)
    return {
        "entry": "",
        "kind": "policy",
        "title": found.title,
        "url": found.url,
        "passage": "",
        "label": found.number,
        "valid_from": day(found.in_force_from),
        "valid_until": day(ends),
        "standing": str(found.standing),
        "trust": "human",
        "page": found.document,
        "version": None,
        "hash": digest_of(text),
    }
