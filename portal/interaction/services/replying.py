"""The reply: drafted by one person, approved and released by others."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.interaction import deadlines
from portal.interaction.masking import masked_reply, without_writer
from portal.interaction.models import (
    Letter,
    LetterSender,
    LetterState,
    Reply,
    ReplyBasis,
    ReplyFile,
    ReplyState,
    ReplyTemplate,
    Verb,
)
from portal.interaction.uploads import CheckedFile
from portal.plugin_api import Clock, clocks

from .guarding import findings_for
from .moving import Moment, MoveRefused, begin, lock, name_of, record

S = LetterState


@dataclass(frozen=True, slots=True)
class Rests:
    """What a reply rests on: a page, or clauses of it; or a name where there is no page."""

    page: Any = None
    clauses: Sequence[str] = ()
    label: str = ""


def open_reply(letter: Letter) -> Reply | None:
    """The reply that is being prepared; None before the first draft and after the release."""
    found: Reply | None = (
        Reply.objects.filter(letter=letter).exclude(state=ReplyState.RELEASED).first()
    )
    return found


def version_of(reply: Reply | None) -> str:
    """What a screen carries of the draft that it shows."""
    return reply.changed_at.isoformat() if reply is not None else "none"


@transaction.atomic
def save_draft(
    *,
    letter: Letter,
    text: str,
    by: Any,
    basis: Iterable[Rests] | None = None,
    template: ReplyTemplate | None = None,
    translation: str | None = None,
    version: str | None = None,
    at: Moment | None = None,
) -> Reply:
    """Keep what has been written so far. The history gets a line when somebody begins to write,
    not for each save.

    Args:
        basis, translation: replace what was there before; None leaves it.
        version: of the draft that was on the screen (``version_of``); None is not checked.

    Raises:
        PermissionDenied, MoveRefused: as for every move: only who has the letter in hand writes;
            the draft is another one by now: nothing is written over.
    """
    found, moment = begin(letter, Verb.DRAFT, by=by, at=at)
    kept = open_reply(found)
    if version is not None and version != version_of(kept):
        raise MoveRefused(
            _("The draft was changed in another window, or by somebody else. Nothing was written "
              "over: copy your text, open the letter anew and bring both together.")
        )  # fmt: skip
    reply = kept or Reply(letter=found)
    is_new_hand = reply.pk is None or reply.drafted_by_id != by.pk
    reply.text = text
    if translation is not None:
        reply.translation = translation
    reply.unit_id, reply.template = found.unit_id, template or reply.template
    reply.drafted_by, reply.drafted_by_name, reply.drafted_at = by, name_of(by), moment
    reply.save()
    if basis is not None:
        reply.basis.all().delete()
        for rest in basis:
            ReplyBasis.objects.create(
                reply=reply,
                target=rest.page,
                clauses=list(rest.clauses),
                label=(rest.label or str(rest.page or ""))[:255],
            )
    if is_new_hand:
        record(found, Verb.DRAFT, at=moment, by=by, data={"reply": reply.pk})
    return reply


@transaction.atomic
def add_file(*, letter: Letter, file: CheckedFile, by: Any) -> ReplyFile:
    """Add a file to the reply that is being drafted.

    Raises:
        PermissionDenied, MoveRefused: as for ``save_draft``; there is no draft yet.
    """
    found, _moment = begin(letter, Verb.DRAFT, by=by)
    reply = open_reply(found)
    if reply is None:
        raise MoveRefused(_("Begin the reply first."))
    row = ReplyFile(
        reply=reply,
        name=file.name[:120],
        mime_type=file.mime_type[:80],
        size=len(file.data),
        sha256=file.sha256,
        scanned_at=file.scanned_at,
        scanned_by=file.scanned_by[:80],
    )
    row.file.save(file.sha256[:32], ContentFile(file.data), save=True)
    return row


@transaction.atomic
def hand_in(*, letter: Letter, by: Any, guard_reason: str = "", at: Moment | None = None) -> Letter:
    """Hand the draft in for review.

    Args:
        guard_reason: why it goes on although the reply guard has found something grave.

    Raises:
        PermissionDenied, MoveRefused: as for every move; nothing is written, or the guard has found
            something and no reason is given.
    """
    found, moment = begin(letter, Verb.HAND_IN, by=by, at=at)
    reply = _reply(found)
    findings = findings_for(found, reply)
    if any(finding.get("blocking") for finding in findings) and not guard_reason.strip():
        told = " ".join(str(one.get("message", "")) for one in findings if one.get("blocking"))
        raise MoveRefused(
            _("The reply guard asks you to look again: %(found)s Mend it, or say why it is right.")
            % {"found": told}
        )
    reply.guard, reply.guard_reason = findings, guard_reason.strip()[:300]
    reply.state, reply.drafted_by, reply.drafted_by_name = ReplyState.IN_REVIEW, by, name_of(by)
    reply.drafted_at = moment
    reply.save()
    if not found.language.startswith("zh"):
        found.needs_translation = not _is_translated(found, reply)
    deadlines.stop(found, deadlines.ERROR_CENTRAL_DRAFT, "drafted", at=moment, by=by)
    record(found, Verb.HAND_IN, at=moment, by=by, reason=guard_reason, data={"reply": reply.pk})
    return found


def text_mark(text: str) -> str:
    """Tells with a translation of which text it is one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_translated(letter: Letter, reply: Reply) -> bool:
    """Whether there are words in the writer's language that say this text: the drafter's own, or a
    translator's for the text as it is now."""
    if not reply.translation.strip():
        return False
    steps = letter.steps.filter(verb=Verb.TRANSLATE, data__reply=reply.pk).order_by("-seq")
    last = steps.values_list("data", flat=True).first()
    return last is None or last.get("of") == text_mark(reply.text)


@transaction.atomic
def rework(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """Send a reply back to who drafted it.

    Raises:
        PermissionDenied, MoveRefused: as for every move.
    """
    found, moment = begin(letter, Verb.REWORK, by=by, at=at, reason=reason)
    reply = _reply(found)
    reply.state, reply.approved_by, reply.approved_by_name = ReplyState.RETURNED, None, ""
    reply.approved_at = None
    reply.save()
    if not found.language.startswith("zh"):
        found.needs_translation = not found.chinese_text
    to = S.HANDLING if found.holder_id is not None else S.ASSIGNED
    record(found, Verb.REWORK, at=moment, by=by, to=to, reason=reason, data={"reply": reply.pk})
    return found


@transaction.atomic
def approve(*, letter: Letter, by: Any, at: Moment | None = None) -> Letter:
    """The head of the unit approves; never what is (in part) the own work.

    Raises:
        PermissionDenied, MoveRefused: as for every move.
    """
    found, moment = begin(letter, Verb.APPROVE, by=by, at=at)
    reply = _reply(found)
    reply.state, reply.approved_by, reply.approved_by_name = (
        ReplyState.APPROVED,
        by,
        name_of(by),
    )
    reply.approved_at = moment
    reply.save()
    record(found, Verb.APPROVE, at=moment, by=by, data={"reply": reply.pk})
    return found


@transaction.atomic
def release(*, letter: Letter, by: Any, at: Moment | None = None) -> Letter:
    """Send the reply to the writer, and to those whose letters were joined with this one.

    Raises:
        PermissionDenied, MoveRefused: as for every move: who drafted does not release.
    """
    found, moment = begin(letter, Verb.RELEASE, by=by, at=at)
    reply = _reply(found)
    reply.state = ReplyState.RELEASED
    _mask(reply, found)
    reply.released_by, reply.released_by_name = by, name_of(by)
    reply.released_at = moment
    reply.save()
    _answer(found, reply, moment, by)
    for joined in Letter.objects.filter(merged_into=found, state=S.MERGED).order_by("pk"):
        own = lock(joined)
        at_last = max(moment, _last_step(own))
        _answer(own, _copy(reply, own, at_last), at_last, by)
    return found


def _answer(letter: Letter, reply: Reply, moment: datetime.datetime, by: Any) -> None:
    clock = deadlines.stop_all(letter, "answered", at=moment, by=by)
    first = letter.answered_at is None
    letter.answered_at, letter.holder, letter.needs_translation = moment, None, False
    letter.closed_at = None  # one that was joined ends now, not when it was joined
    letter.unit_id = reply.unit_id or letter.unit_id
    letter.in_time = clock.was_in_time if isinstance(clock, Clock) else None
    received, today = timezone.localdate(letter.received_at), timezone.localdate(moment)
    days = clocks.working_days_since(letter.site_id, [received], today)[received]
    record(
        letter,
        Verb.RELEASE,
        at=moment,
        by=by,
        to=S.ANSWERED,
        data={
            "reply": reply.pk,
            "first": first,
            "in_time": bool(letter.in_time),
            "days": max(0, days),
        },
    )


def _copy(reply: Reply, letter: Letter, at: datetime.datetime) -> Reply:
    """The same reply for a letter that was joined; nothing in it tells who wrote the other."""
    for draft in Reply.objects.filter(letter=letter).exclude(state=ReplyState.RELEASED):
        draft.files.all().delete()
        draft.delete()
    made = Reply.objects.get(pk=reply.pk)
    made.pk, made._state.adding, made.letter, made.released_at = None, True, letter, at
    other = LetterSender.objects.filter(letter=reply.letter_id).first()
    if other is not None:
        names, data = [other.name], [other.phone, other.email, other.address]
        made.text = without_writer(made.text, names, data)
        made.translation = without_writer(made.translation, names, data)
        made.guard = []
    _mask(made, letter)
    made.save()
    for rest in reply.basis.all():
        ReplyBasis.objects.create(
            reply=made, target_id=rest.target_id, clauses=rest.clauses, label=rest.label
        )
    for file in reply.files.all():
        file.pk, file._state.adding, file.reply = None, True, made
        file.save()
    return made


def _mask(reply: Reply, letter: Letter) -> None:
    reply.masked_text = public_words(reply.text, letter)
    reply.masked_translation = public_words(reply.translation, letter)


def public_words(text: str, letter: Letter) -> str:
    """A reply as the public may read it, until somebody has looked it over."""
    sender = LetterSender.objects.filter(letter=letter).first()
    data = [sender.phone, sender.email, sender.address] if sender is not None else []
    return masked_reply(text, names_of(letter), data)


def names_of(letter: Letter) -> list[str]:
    """The name of who wrote, to be hidden; empty where there is none."""
    name = LetterSender.objects.filter(letter=letter).values_list("name", flat=True).first()
    return [name] if name else []


def _last_step(letter: Letter) -> datetime.datetime:
    return letter.steps.order_by("-seq").values_list("at", flat=True)[0]


def _reply(letter: Letter) -> Reply:
    """The reply that is being prepared, with words in it."""
    reply = open_reply(letter)
    if reply is None or not reply.text.strip():
        raise MoveRefused(_("Write the reply first: no letter is closed without one."))
    return reply


def released_reply(letter: Letter) -> Reply | None:
    """The answer that the writer got last."""
    found: Reply | None = (
        Reply.objects.filter(letter=letter, state=ReplyState.RELEASED).order_by("-pk").first()
    )
    return found
