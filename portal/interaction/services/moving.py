"""What every move of a letter has in common: lock, checks, one line of the history, what follows.

``begin`` locks the letter and refuses what the table of moves, the account's rights or the clock on
the wall do not allow. ``record`` writes the letter with its step, counts it, puts it into the
outbox and tells whom it concerns: all in the caller's transaction, so that a process that dies in
between has done nothing.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.interaction import permissions
from portal.interaction.models import Letter, LetterState, LetterStep, Verb
from portal.interaction.states import CLOSED, TRANSITIONS
from portal.plugin_api import outbox_event, take_turn

from . import counting, notices

type Moment = datetime.datetime


class MoveRefused(ValidationError):
    """What was asked for cannot be done with this letter; the message says why, to the person."""


def name_of(user: Any) -> str:
    """As an account is called in the history; kept where the account is gone."""
    if user is None or not getattr(user, "pk", None):
        return ""
    return str(user.get_full_name() or user.get_username())[:150]


def lock(letter: Letter) -> Letter:
    """The letter as it is stored now, for us alone. Writers take turns, so that one who needs
    several letters waits for nobody who waits for it."""
    take_turn()
    return Letter.objects.select_for_update().get(pk=letter.pk)


def begin(
    letter: Letter,
    verb: Verb,
    *,
    by: Any = None,
    at: Moment | None = None,
    reason: str | None = None,
) -> tuple[Letter, Moment]:
    """Lock a letter for a move and check that it may be made.

    Args:
        by: the account; None where the writer of the letter or the portal itself acts.
        at: when it was done, by default now; never before the last step, never to come.

    Raises:
        PermissionDenied: the account has no right to it.
        MoveRefused: the letter does not stand so, the moment cannot be, or a reason is missing.
    """
    move = TRANSITIONS[verb]
    found = lock(letter)
    if by is not None and move.who and not permissions.may(by, verb, found):
        raise PermissionDenied
    if by is not None and not move.who:
        raise PermissionDenied
    if found.state not in move.sources:
        raise MoveRefused(
            _("“%(move)s” is not possible: the letter is now “%(state)s”.")
            % {"move": verb.label, "state": found.get_state_display()}
        )
    transfer = None if move.on_the_way else permissions.open_transfer(found)
    if transfer is not None:
        raise MoveRefused(
            _("The letter is on its way to %(unit)s; take the handover back first.")
            % {"unit": transfer.to_unit or transfer.to_name}
        )
    if move.needs_reason and reason is not None and not reason.strip():
        raise MoveRefused(_("Give a reason; it is kept with the letter."))
    return found, checked_moment(found, at)


# What somebody who decides need not have seen.
_BESIDE = (Verb.NOTE, Verb.REMIND, Verb.ESCALATE)


def standing_of(letter: Letter) -> int:
    """What a screen carries of how a letter stood when it was shown: the number of its last step,
    without those that change nothing."""
    return standings_of([letter])[letter.pk]


def standings_of(letters: Iterable[Letter]) -> dict[int, int]:
    """The same of many, in one query."""
    found = {letter.pk: 0 for letter in letters}
    steps = LetterStep.objects.filter(letter__in=found).exclude(verb__in=_BESIDE)
    found |= dict(steps.order_by().values_list("letter").annotate(last=Max("seq")))
    return found


def demand_seen(letter: Letter, seen: str) -> None:
    """Nobody decides about what they did not see: two people at one letter, or one who pressed
    twice. In the transaction of the move; "" (no screen) is not checked.

    Raises:
        MoveRefused: something was done since the screen was made.
    """
    if seen and str(standing_of(lock(letter))) != seen:
        raise MoveRefused(
            _("Somebody has done something with this letter since you opened it. Nothing was done "
              "now: look at how it stands, then decide.")
        )  # fmt: skip


def checked_moment(letter: Letter, at: Moment | None) -> Moment:
    now = timezone.now()
    moment = at or now
    if moment > now:
        raise MoveRefused(_("The moment lies in the future."))
    last = letter.steps.order_by("-seq").values_list("at", flat=True).first()
    if last is not None and moment < last:
        if at is None:  # two clocks that differ by a little: the order of the steps decides
            return last
        raise MoveRefused(_("The moment lies before what happened last to this letter."))
    return moment


def record(
    letter: Letter,
    verb: Verb,
    *,
    at: Moment,
    by: Any = None,
    to: str | None = None,
    reason: str = "",
    public_note: str = "",
    data: dict[str, Any] | None = None,
) -> LetterStep:
    """Write the letter with one step. ``to`` is the new state, by default that of the table."""
    move = TRANSITIONS.get(verb)
    before = letter.state if letter.steps_count else ""
    target = to or (move.target if move else None)
    if target is not None:
        letter.state = target
        if target in CLOSED and letter.closed_at is None:
            letter.closed_at = at
        elif target not in CLOSED:
            letter.closed_at = None
    letter.steps_count += 1
    letter.save()
    step = LetterStep.objects.create(
        letter=letter,
        seq=letter.steps_count,
        verb=verb,
        at=at,
        from_state=before,
        to_state=letter.state,
        by=by if getattr(by, "pk", None) else None,
        by_name=name_of(by),
        unit_id=letter.unit_id,
        holder_id=letter.holder_id,
        holder_name=name_of(letter.holder) if letter.holder_id else "",
        reason=reason.strip(),
        public_note=public_note.strip(),
        data=(data or {}) | {"kind": letter.kind, "theme": letter.theme},
    )
    counting.count(letter, step)
    outbox_event(
        "letter.moved",
        f"letter:{letter.pk}",
        {
            "number": letter.number,
            "site": letter.site_id,
            "verb": str(verb),
            "state": str(letter.state),
            "seq": step.seq,
        },
    )
    notices.prepare(letter, step)
    return step


def demand_text(text: str, message: str) -> str:
    """Words that must be there, without the space around them."""
    if not text.strip():
        raise MoveRefused(message)
    return text.strip()


def demand_open(letter: Letter, what: str) -> None:
    if letter.state in CLOSED or letter.state == LetterState.MERGED:
        raise MoveRefused(what)
