"""What units do with letters: take, give on, ask for opinions, and the time that they need."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.interaction import deadlines, permissions
from portal.interaction.models import Advice, Letter, LetterState, LetterStep, Transfer, Verb
from portal.plugin_api import Action, Clock, ClockError, clocks, may

from .moving import Moment, MoveRefused, begin, demand_text, name_of, record

S = LetterState


@transaction.atomic
def take(*, letter: Letter, by: Any, at: Moment | None = None) -> Letter:
    """Take it into the own hands.

    Raises:
        PermissionDenied, MoveRefused: as for every move; somebody else has it.
    """
    found, moment = begin(letter, Verb.TAKE, by=by, at=at)
    if found.holder_id not in (None, by.pk):
        raise MoveRefused(
            _("%(person)s has this letter in hand; the head of the unit can assign it anew.")
            % {"person": name_of(found.holder)}
        )
    if found.state == S.HANDLING and found.holder_id == by.pk:
        raise MoveRefused(_("You have this letter in hand already."))
    found.holder = by
    record(found, Verb.TAKE, at=moment, by=by)
    return found


@transaction.atomic
def return_letter(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """Give it back to the desk: it is not for this unit (退回).

    Raises:
        PermissionDenied, MoveRefused: as for every move.
    """
    found, moment = begin(letter, Verb.RETURN, by=by, at=at, reason=reason)
    found.unit = found.holder = None
    record(found, Verb.RETURN, at=moment, by=by, reason=reason)
    return found


# --- handing over ---------------------------------------------------------------------------------
@transaction.atomic
def transfer(
    *,
    letter: Letter,
    reason: str,
    by: Any,
    to_unit: Any = None,
    to_name: str = "",
    at: Moment | None = None,
) -> Transfer:
    """Hand it over to another unit, or by name to a body that does not work on this portal.

    Until the receipt is confirmed the unit that gives it still answers for it.

    Raises:
        PermissionDenied, MoveRefused: as for every move; nobody is named, or it lies there.
    """
    found, moment = begin(letter, Verb.TRANSFER, by=by, at=at, reason=reason)
    if (to_unit is None) == (not to_name.strip()):
        raise MoveRefused(_("Choose a unit, or name the body that it goes to."))
    if to_unit is not None and to_unit.pk == found.unit_id:
        raise MoveRefused(_("The letter lies with this unit already."))
    made = Transfer.objects.create(
        letter=found,
        number=_transfer_number(moment),
        from_unit_id=found.unit_id,
        to_unit=to_unit,
        to_name=to_name.strip()[:120],
        reason=reason.strip(),
        sent_at=moment,
        sent_by_name=name_of(by),
    )
    data = {"transfer": made.number, "to": str(to_unit or made.to_name)}
    record(found, Verb.TRANSFER, at=moment, by=by, reason=reason, data=data)
    return made


@transaction.atomic
def confirm_transfer(
    *, transfer: Transfer, by: Any, their_number: str = "", at: Moment | None = None
) -> Letter:
    """The other side has it (签收): from now on it answers for it. What went to a body outside is
    confirmed by the desk, with the number there.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the handover has ended.
    """
    found, moment = begin(transfer.letter, Verb.CONFIRM, by=by, at=at)
    made = _waiting(transfer, found)
    if made.to_unit_id is None and not may(by, Action.LETTERS_DESK, found.site_id):
        raise PermissionDenied
    if made.to_unit_id is not None and not _receives(by, made, found.site_id):
        raise PermissionDenied
    made.confirmed_at, made.confirmed_by_name = moment, name_of(by)
    made.their_number = their_number.strip()[:60]
    made.save()
    data = {"transfer": made.number, "to": str(made.to_unit or made.to_name)}
    found.holder = None
    if made.to_unit_id is not None:
        found.unit = made.to_unit
        record(found, Verb.CONFIRM, at=moment, by=by, to=S.ASSIGNED, data=data)
        return found
    if Letter.objects.filter(merged_into=found, state=S.MERGED).exists():
        raise MoveRefused(
            _("Other letters were joined with this one. Take them out first: each needs its end.")
        )
    deadlines.stop_all(found, "forwarded", at=moment, by=by)
    note = _("Forwarded to %(to)s. %(number)s") % {"to": made.to_name, "number": made.their_number}
    record(
        found,
        Verb.CONFIRM,
        at=moment,
        by=by,
        to=S.FORWARDED,
        reason=made.reason,
        public_note=note.strip(),
        data=data | {"their_number": made.their_number},
    )
    return found


@transaction.atomic
def decline_transfer(
    *, transfer: Transfer, reason: str, by: Any, at: Moment | None = None
) -> Letter:
    """The other side does not take it, or the giver takes it back. It stays where it was.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the handover has ended.
    """
    found, moment = begin(transfer.letter, Verb.DECLINE, by=by, at=at, reason=reason)
    made = _waiting(transfer, found)
    end_transfer(made, moment, reason)
    data = {"transfer": made.number, "to": str(made.to_unit or made.to_name)}
    record(found, Verb.DECLINE, at=moment, by=by, reason=reason, data=data)
    return found


def end_transfer(made: Transfer, moment: Moment, reason: str) -> None:
    made.declined_at, made.declined_reason = moment, reason.strip()
    made.save()


def _receives(user: Any, made: Transfer, site_pk: int) -> bool:
    """The unit that it goes to, or whoever runs the site: not the giver's own people."""
    rights = (Action.LETTERS_HANDLE, Action.LETTERS_REVIEW)
    held = [action for action in rights if may(user, action, site_pk)]
    if not held:
        return False
    return made.to_unit_id in permissions.own_units(user) or any(
        permissions.runs_units(user, action, site_pk) for action in held
    )


def _waiting(transfer: Transfer, letter: Letter) -> Transfer:
    made = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if made.letter_id != letter.pk or made.confirmed_at or made.declined_at:
        raise MoveRefused(_("This handover has ended already."))
    return made


def _transfer_number(moment: Moment) -> str:
    return f"T{timezone.localtime(moment):%y%m%d}-{secrets.token_hex(5).upper()}"


# --- opinions -------------------------------------------------------------------------------------
@transaction.atomic
def ask_advice(
    *, letter: Letter, unit: Any, request: str, by: Any, at: Moment | None = None
) -> Advice:
    """Ask another unit for its opinion; the letter stays where it is (R-INT-06).

    Raises:
        PermissionDenied, MoveRefused: as for every move; nothing is asked, or the unit is asked
            already.
    """
    found, moment = begin(letter, Verb.ASK_ADVICE, by=by, at=at)
    asked = demand_text(request, _("Say what you want to know."))
    if unit is None or unit.pk == found.unit_id:
        raise MoveRefused(_("Choose another unit."))
    if Advice.objects.filter(letter=found, unit=unit, given_at__isnull=True).exists():
        raise MoveRefused(_("This unit is asked already."))
    made = Advice.objects.create(
        letter=found, unit=unit, request=asked, asked_at=moment, asked_by_name=name_of(by)
    )
    record(found, Verb.ASK_ADVICE, at=moment, by=by, reason=asked, data={"unit": str(unit)})
    return made


@transaction.atomic
def give_advice(*, advice: Advice, opinion: str, by: Any, at: Moment | None = None) -> Advice:
    """The opinion of the unit that was asked.

    Raises:
        PermissionDenied, MoveRefused: as for every move; it is given already, or empty.
    """
    found, moment = begin(advice.letter, Verb.ADVISE, by=by, at=at)
    made = Advice.objects.select_for_update().get(pk=advice.pk)
    runs = any(
        permissions.runs_units(by, action, found.site_id)
        for action in (Action.LETTERS_HANDLE, Action.LETTERS_REVIEW)
    )
    if made.unit_id not in permissions.own_units(by) and not runs:
        raise PermissionDenied
    if made.given_at is not None:
        raise MoveRefused(_("This opinion is given already."))
    made.opinion = demand_text(opinion, _("Write the opinion."))
    made.given_at, made.given_by_name = moment, name_of(by)
    made.save()
    record(found, Verb.ADVISE, at=moment, by=by, reason=made.opinion, data={"unit": str(made.unit)})
    return made


# --- time -----------------------------------------------------------------------------------------
@transaction.atomic
def defer(*, letter: Letter, reason: str, notice: str, by: Any, at: Moment | None = None) -> Letter:
    """Extend its time, once, as far as the site's terms allow. ``notice`` is told to the writer.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the clock does not allow it.
    """
    found, moment = begin(letter, Verb.DEFER, by=by, at=at, reason=reason)
    try:
        clock = clocks.extend(clock=_clock(found), reason=reason, notice=notice, by=by, at=moment)
    except ClockError as error:
        raise MoveRefused(error.messages) from error
    found.clock, found.due_at, found.is_deferred = clock, clock.due_at, True
    record(found, Verb.DEFER, at=moment, by=by, reason=reason, public_note=notice,
           data={"due_at": clock.due_at.isoformat()})  # fmt: skip
    return found


@transaction.atomic
def pause(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """Stop its clock, such as while the writer is asked for more.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the clock does not allow it.
    """
    found, moment = begin(letter, Verb.PAUSE, by=by, at=at, reason=reason)
    try:
        found.clock = clocks.pause(clock=_clock(found), reason=reason, by=by, at=moment)
    except ClockError as error:
        raise MoveRefused(error.messages) from error
    record(found, Verb.PAUSE, at=moment, by=by, reason=reason)
    return found


@transaction.atomic
def resume(*, letter: Letter, by: Any, reason: str = "", at: Moment | None = None) -> Letter:
    """Let its clock go on; the day that is promised moves by the pause.

    Raises:
        PermissionDenied, MoveRefused: as for every move; the clock is not paused.
    """
    found, moment = begin(letter, Verb.RESUME, by=by, at=at)
    try:
        clock = clocks.resume(clock=_clock(found), reason=reason, by=by, at=moment)
    except ClockError as error:
        raise MoveRefused(error.messages) from error
    found.clock, found.due_at = clock, clock.due_at
    record(found, Verb.RESUME, at=moment, by=by, reason=reason)
    return found


def _clock(letter: Letter) -> Clock:
    if letter.clock is None:
        raise MoveRefused(_("No deadline runs for this letter."))
    return letter.clock


@transaction.atomic
def note(*, letter: Letter, text: str, by: Any, at: Moment | None = None) -> LetterStep:
    """A remark for colleagues; the writer never sees it.

    Raises:
        PermissionDenied, MoveRefused: as for every move; it is empty.
    """
    found, moment = begin(letter, Verb.NOTE, by=by, at=at)
    words = demand_text(text, _("Write the note."))
    return record(found, Verb.NOTE, at=moment, by=by, reason=words)
