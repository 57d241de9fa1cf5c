"""What the writer of a letter does with it (found by number and code), and how it is reopened."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.interaction import deadlines, permissions
from portal.interaction.masking import masked
from portal.interaction.models import (
    FollowUp,
    Letter,
    LetterRating,
    LetterSender,
    LetterState,
    Verb,
)

from .desk import detach, restart_clock
from .handling import end_transfer
from .moving import Moment, MoveRefused, begin, demand_text, lock, record

S = LetterState
LONGEST = 2000
HIGHEST = 5
# From here on down, and not solved, a rating reopens the letter, once.
LOW = 2


@transaction.atomic
def withdraw(*, letter: Letter, reason: str = "", at: Moment | None = None) -> Letter:
    """The writer takes it back. A handover ends with it; letters that were joined with it go back
    to the desk, because their writers still wait.

    Raises:
        MoveRefused: it is closed already.
    """
    found, moment = begin(letter, Verb.WITHDRAW, at=at)
    transfer = permissions.open_transfer(found)
    if transfer is not None:
        end_transfer(transfer, moment, _("taken back by the writer"))
    deadlines.stop_all(found, "withdrawn", at=moment, by=None)
    found.holder = None
    record(found, Verb.WITHDRAW, at=moment, reason=reason)
    for joined in Letter.objects.filter(merged_into=found, state=S.MERGED).order_by("pk"):
        own = lock(joined)
        last = own.steps.order_by("-seq").values_list("at", flat=True)[0]
        detach(own, max(moment, last), by=None, reason=_("the joint letter was taken back"))
    return found


@transaction.atomic
def follow_up(*, letter: Letter, text: str, at: Moment | None = None) -> Letter:
    """The one question that a writer may add to an answer (R-INT-33). It brings the letter back to
    the unit that answered, with a time of its own, and the desk is told.

    Raises:
        MoveRefused: there is no answer yet, one was asked already, or it is empty or too long.
    """
    found, moment = begin(letter, Verb.FOLLOW_UP, at=at)
    asked = demand_text(text, _("Write your question."))
    if len(asked) > LONGEST:
        raise MoveRefused(_("At most %(count)d signs, please.") % {"count": LONGEST})
    if FollowUp.objects.filter(letter=found).exists():
        raise MoveRefused(_("You have added a question to this letter already."))
    sender = LetterSender.objects.filter(letter=found).first()
    names = [sender.name] if sender and sender.name else []
    FollowUp.objects.create(letter=found, text=asked, masked_text=masked(asked, names), at=moment)
    _bring_back(found, Verb.FOLLOW_UP, moment, by=None, reason="")
    return found


@transaction.atomic
def reopen(*, letter: Letter, reason: str, by: Any, at: Moment | None = None) -> Letter:
    """Take a closed letter up again: with the unit that answered, else with the desk.

    Raises:
        PermissionDenied, MoveRefused: as for every move.
    """
    found, moment = begin(letter, Verb.REOPEN, by=by, at=at, reason=reason)
    _bring_back(found, Verb.REOPEN, moment, by=by, reason=reason)
    return found


@transaction.atomic
def rate(
    *,
    letter: Letter,
    score: int,
    is_solved: bool | None = None,
    text: str = "",
    at: Moment | None = None,
) -> LetterRating:
    """How content the writer is with the answer; once for each answer. One who is not content,
    and whose matter is not solved, is heard again: the letter is reopened, once.

    Raises:
        MoveRefused: there is no answer, it is rated already, or the score is none.
    """
    found, moment = begin(letter, Verb.RATE, at=at)
    if not 1 <= score <= HIGHEST:
        raise MoveRefused(_("Choose a score from 1 to 5."))
    before = LetterRating.objects.filter(letter=found).first()
    if before is not None and found.answered_at is not None and before.at >= found.answered_at:
        raise MoveRefused(_("You have rated this answer already. Thank you."))
    rating = before or LetterRating(letter=found)
    rating.score, rating.is_solved, rating.text, rating.at = score, is_solved, text[:500], moment
    rating.save()
    record(found, Verb.RATE, at=moment, data={"score": score, "first": before is None})
    if score <= LOW and is_solved is False and not found.reopened:
        _bring_back(found, Verb.REOPEN, moment, by=None,
                    reason=_("The writer is not content with the answer."))  # fmt: skip
    return rating


def _bring_back(found: Letter, verb: Verb, moment: Moment, *, by: Any, reason: str) -> None:
    was_answered = found.state == S.ANSWERED
    found.holder, found.closed_at = None, None
    found.reopened += 1
    if not (was_answered and found.unit_id):
        found.unit = None
    found.accepted_at = found.accepted_at or moment  # one that was refused at once
    deadlines.stop_all(found, "reopened", at=moment, by=by)
    restart_clock(found, moment, by)
    record(
        found,
        verb,
        at=moment,
        by=by,
        to=S.ASSIGNED if found.unit_id else S.ACCEPTED,
        reason=reason,
        data={"reopens": True},
    )
