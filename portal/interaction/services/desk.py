"""What the desk of a site does with letters: accept, assign, join, and the ends without a reply."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.interaction import deadlines, permissions
from portal.interaction.models import (
    OPEN_STATES,
    Letter,
    LetterKind,
    LetterState,
    LetterStep,
    OtherChannel,
    Reply,
    ReplyState,
    Verb,
)
from portal.interaction.profiles import profile_of
from portal.plugin_api import Action, may

from .moving import Moment, MoveRefused, begin, demand_seen, lock, record
from .replying import text_mark

S = LetterState


@transaction.atomic
def translate(
    *, letter: Letter, text: str, by: Any, subject: str = "", at: Moment | None = None
) -> Letter:
    """Add what a letter in another language says, in Chinese; where its reply waits for words in
    the writer's language, add those.

    Raises:
        PermissionDenied, MoveRefused: as for every move (``moving.begin``); the text is empty.
    """
    found, moment = begin(letter, Verb.TRANSLATE, by=by, at=at)
    if not text.strip():
        raise MoveRefused(_("Write the translation."))
    reply = reply_to_translate(found)
    if reply is not None:
        reply.translation, found.needs_translation = text.strip(), False
        reply.save(update_fields=["translation", "changed_at"])
        data = {"reply": reply.pk, "of": text_mark(reply.text)}
        record(found, Verb.TRANSLATE, at=moment, by=by, data=data)
        return found
    whole = f"{subject.strip()}\n\n{text.strip()}" if subject.strip() else text.strip()
    found.chinese_text, found.needs_translation = whole, False
    record(found, Verb.TRANSLATE, at=moment, by=by)
    return found


def reply_to_translate(letter: Letter) -> Reply | None:
    """The reply that goes to the writer in Chinese only unless somebody translates it, or with the
    translation of an earlier text."""
    if not letter.needs_translation or letter.state not in (S.IN_REVIEW, S.APPROVED):
        return None
    waiting = (ReplyState.IN_REVIEW, ReplyState.APPROVED)
    found: Reply | None = Reply.objects.filter(letter=letter, state__in=waiting).first()
    return found


@transaction.atomic
def accept(
    *,
    letter: Letter,
    by: Any,
    kind: str = "",
    theme: str = "",
    at: Moment | None = None,
) -> Letter:
    """Take it on (受理). Another ``kind`` than the writer's has its own deadline, counted from the
    receipt all the same.

    Raises:
        PermissionDenied, MoveRefused: as for every move; there is no such kind.
    """
    found, moment = begin(letter, Verb.ACCEPT, by=by, at=at)
    data: dict[str, Any] = {}
    if theme:
        found.theme = theme[:12]
    if kind and kind != found.kind:
        if kind not in LetterKind.values:
            raise MoveRefused(_("There is no such kind of letter."))
        data["kind_before"] = found.kind
        found.kind = kind
        _count_by_kind(found, moment, by)
    found.accepted_at = found.accepted_at or moment
    record(found, Verb.ACCEPT, at=moment, by=by, data=data)
    return found


@transaction.atomic
def assign(
    *,
    letter: Letter,
    unit: Any,
    by: Any,
    holder: Any = None,
    note: str = "",
    at: Moment | None = None,
) -> Letter:
    """Give it to a unit, or within a unit to somebody (转办, 交办).

    The desk assigns to any unit; the head of a unit within what is below it.

    Raises:
        PermissionDenied, MoveRefused: as for every move; there is no unit, or ``holder`` does not
            handle its letters.
    """
    found, moment = begin(letter, Verb.ASSIGN, by=by, at=at)
    if unit is None:
        raise MoveRefused(_("Choose a unit."))
    if not may(by, Action.LETTERS_DESK, found.site_id) and not (
        unit.pk in permissions.own_units(by)
        or permissions.runs_units(by, Action.LETTERS_REVIEW, found.site_id)
    ):
        raise PermissionDenied
    first = not LetterStep.objects.filter(letter=found, verb=Verb.ASSIGN).exists()
    found.unit, found.holder = unit, holder
    if holder is not None and not permissions.may(holder, Verb.TAKE, found):
        raise MoveRefused(_("%(person)s does not handle letters of this unit.")
                          % {"person": holder})  # fmt: skip
    record(
        found,
        Verb.ASSIGN,
        at=moment,
        by=by,
        to=S.ASSIGNED if holder is None else S.HANDLING,
        reason=note,
        data={"first": first},
    )
    return found


@dataclass(slots=True)
class BulkResult:
    """What became of each; ``refused`` are (letter, why)."""

    done: list[Letter] = field(default_factory=list)
    refused: list[tuple[Letter, str]] = field(default_factory=list)


def bulk_assign(
    *,
    letters: Iterable[Letter],
    unit: Any,
    by: Any,
    holder: Any = None,
    seen: Mapping[int, str] | None = None,
    at: Moment | None = None,
) -> BulkResult:
    """Assign many; those that were only received are accepted on the way. Each is a transaction of
    its own: one that is refused holds up no other. ``seen``: how each stood on the screen."""
    result = BulkResult()
    for letter in letters:
        try:
            with transaction.atomic():
                demand_seen(letter, (seen or {}).get(letter.pk, ""))
                if letter.state == S.RECEIVED:
                    letter = accept(letter=letter, by=by, at=at)
                result.done.append(assign(letter=letter, unit=unit, holder=holder, by=by, at=at))
        except MoveRefused as error:
            result.refused.append((letter, " ".join(error.messages)))
        except PermissionDenied:
            result.refused.append((letter, _("You may not assign this letter.")))
    return result


# --- other ends -----------------------------------------------------------------------------------
@transaction.atomic
def refuse(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """It is not taken on, or what it asks for is not possible (不予受理). The writer is told why.

    Raises:
        PermissionDenied, MoveRefused: as for every move; others were joined with it.
    """
    return _end(letter, Verb.REFUSE, reason, by, at)


@transaction.atomic
def invalidate(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """It is no valid letter: without content, an advertisement, the same again (无效).

    Raises:
        PermissionDenied, MoveRefused: as for every move; others were joined with it.
    """
    return _end(letter, Verb.INVALIDATE, reason, by, at)


@transaction.atomic
def direct(
    *, letter: Letter, channel: OtherChannel, reason: str, by: Any, at: Moment | None = None
) -> Letter:
    """Its matter has a channel of its own, such as petitions; it is not counted here (R-INT-35).

    Raises:
        PermissionDenied, MoveRefused: as for every move; others were joined with it, or the
            channel is not one of this site.
    """
    if channel.site_id not in (None, letter.site_id):
        raise MoveRefused(_("This channel belongs to another site."))
    told = "\n".join(filter(None, (channel.explanation, channel.url, channel.phone)))
    return _end(letter, Verb.DIRECT, reason, by, at, note=told, data={"channel_name": channel.name})


@transaction.atomic
def forward(
    *,
    letter: Letter,
    to_name: str,
    reason: str,
    by: Any,
    their_number: str = "",
    at: Moment | None = None,
) -> Letter:
    """Give it to a body that does not work on this portal, such as another level (转上级).

    Raises:
        PermissionDenied, MoveRefused: as for every move; others were joined with it, or nobody is
            named.
    """
    if not to_name.strip():
        raise MoveRefused(_("Say to whom it is forwarded."))
    data = {"to_name": to_name.strip()[:120], "their_number": their_number.strip()[:60]}
    note = _("Forwarded to %(to)s. %(number)s") % {
        "to": data["to_name"], "number": data["their_number"]
    }  # fmt: skip
    return _end(letter, Verb.FORWARD, reason, by, at, note=note.strip(), data=data)


@transaction.atomic
def recall(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """Take back what was forwarded. Its deadline goes on as if it had never been away.

    Raises:
        PermissionDenied, MoveRefused: as for every move.
    """
    found, moment = begin(letter, Verb.RECALL, by=by, at=at, reason=reason)
    found.unit = found.holder = None
    found.accepted_at = found.accepted_at or moment
    restart_clock(found, found.received_at, by)
    record(found, Verb.RECALL, at=moment, by=by, reason=reason)
    return found


def _end(
    letter: Letter,
    verb: Verb,
    reason: str,
    by: Any,
    at: Moment | None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Letter:
    """Close without a reply: the reason is what the writer gets."""
    found, moment = begin(letter, verb, by=by, at=at, reason=reason)
    if Letter.objects.filter(merged_into=found, state=S.MERGED).exists():
        raise MoveRefused(
            _("Other letters were joined with this one. Take them out first: each needs its end.")
        )
    deadlines.stop_all(found, str(verb), at=moment, by=by)
    found.holder = None
    record(found, verb, at=moment, by=by, reason=reason, public_note=note or reason, data=data)
    return found


# --- joining --------------------------------------------------------------------------------------
@transaction.atomic
def merge(
    *, letter: Letter, into: Letter, by: Any, reason: str = "", at: Moment | None = None
) -> Letter:
    """Join it with another about the same matter. Whoever wrote it keeps number, code and promised
    day, and gets the answer of the other when that is released.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the other is closed, joined itself, of
            another site, or the letter has others joined with it.
    """
    found, moment = begin(letter, Verb.MERGE, by=by, at=at)
    target = lock(into)
    if not permissions.may(by, Verb.MERGE, target):
        raise PermissionDenied
    if target.pk == found.pk or target.site_id != found.site_id:
        raise MoveRefused(_("Choose another letter of the same site."))
    if target.state not in OPEN_STATES:
        raise MoveRefused(_("The other letter is closed, or was joined with a third one."))
    if Letter.objects.filter(merged_into=found, state=S.MERGED).exists():
        raise MoveRefused(_("Other letters were joined with this one. Take them out first."))
    found.merged_into, found.unit, found.holder = target, target.unit, None
    found.accepted_at = found.accepted_at or moment  # joining takes it on
    record(found, Verb.MERGE, at=moment, by=by, reason=reason, data={"into": target.number})
    return found


@transaction.atomic
def split(*, letter: Letter, by: Any, reason: str = "", at: Moment | None = None) -> Letter:
    """Take it out of the joint letter again; it goes back to the desk.

    Raises:
        PermissionDenied, MoveRefused: as for every move.
    """
    found, moment = begin(letter, Verb.SPLIT, by=by, at=at)
    return detach(found, moment, by=by, reason=reason)


def detach(found: Letter, moment: datetime.datetime, *, by: Any, reason: str) -> Letter:
    """Let a locked letter stand by itself again."""
    found.merged_into = found.unit = found.holder = None
    found.accepted_at = found.accepted_at or moment
    record(found, Verb.SPLIT, at=moment, by=by, reason=reason)
    return found


# --- clocks ---------------------------------------------------------------------------------------
def restart_clock(letter: Letter, since: datetime.datetime, by: Any) -> None:
    """A new deadline of the letter's kind."""
    kind = profile_of(letter.site_id, letter.kind).clock_kind
    letter.clock = deadlines.start(letter, kind, at=since, by=by)
    letter.due_at, letter.is_deferred = letter.clock.due_at, False


def _count_by_kind(letter: Letter, moment: datetime.datetime, by: Any) -> None:
    if (
        letter.clock is not None
        and letter.clock.kind == profile_of(letter.site_id, letter.kind).clock_kind
    ):
        return
    deadlines.stop_all(letter, "another kind", at=moment, by=by)
    restart_clock(letter, letter.received_at, by)
