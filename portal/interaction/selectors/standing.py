"""A letter as its writer sees it: how far it is, by when, what was answered. No name of staff."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.interaction.models import (
    Letter,
    LetterState,
    LetterStep,
    Reply,
    ReplyState,
    Verb,
)

from .ledger import BasisLink, basis_links

# The line of progress: a state stands for the stage that it lies in.
_STAGE_OF = {
    LetterState.RECEIVED: 0,
    LetterState.ACCEPTED: 1,
    LetterState.ASSIGNED: 2,
    LetterState.HANDLING: 2,
    LetterState.IN_REVIEW: 2,
    LetterState.APPROVED: 2,
    LetterState.ANSWERED: 3,
}
# What the writer is told of the history; the rest is the house's own work.
_TOLD = frozenset({
    Verb.RECEIVE, Verb.ACCEPT, Verb.ASSIGN, Verb.TRANSFER, Verb.CONFIRM, Verb.DEFER, Verb.PAUSE,
    Verb.RESUME, Verb.REFUSE, Verb.INVALIDATE, Verb.MERGE, Verb.DIRECT, Verb.FORWARD, Verb.RECALL,
    Verb.RELEASE, Verb.PUBLISH, Verb.FOLLOW_UP, Verb.REOPEN, Verb.RATE, Verb.WITHDRAW,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """``state`` is ``done``, ``now`` or ``ahead``."""

    label: str
    state: str
    at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: datetime.datetime
    label: str
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReplyShown:
    pk: int
    text: str
    translation: str
    unit: str
    at: datetime.datetime
    basis: Sequence[BasisLink]
    files: Sequence[tuple[int, str, int]]


@dataclass(frozen=True, slots=True)
class LetterShown:
    """``stages`` is empty for a letter that ended otherwise than with an answer."""

    letter: Letter
    stages: Sequence[Stage]
    history: Sequence[HistoryLine]
    replies: Sequence[ReplyShown]
    files: Sequence[tuple[int, str, int]]
    follow_up: str
    can_rate: bool
    can_ask: bool
    can_withdraw: bool


def shown_to_writer(letter: Letter) -> LetterShown:
    """Everything for the page of one letter; the caller has made sure that the writer asks."""
    steps = list(letter.steps.select_related("unit").order_by("seq"))
    replies = _replies(letter)  # of a joint letter each writer gets a copy
    follow_up = getattr(letter, "follow_up", None)
    is_answered = letter.state == LetterState.ANSWERED
    return LetterShown(
        letter=letter,
        stages=_stages(letter, steps),
        history=[_line(step) for step in steps if step.verb in _TOLD],
        replies=replies,
        files=[(file.pk, file.name, file.size) for file in letter.files.all()],
        follow_up=follow_up.text if follow_up is not None else "",
        can_rate=is_answered,
        can_ask=is_answered and follow_up is None,
        can_withdraw=letter.is_open,
    )


def _stages(letter: Letter, steps: Sequence[LetterStep]) -> Sequence[Stage]:
    reached = _STAGE_OF.get(LetterState(letter.state))
    if reached is None:
        return ()
    given = next((step.at for step in steps if step.verb == Verb.ASSIGN), None)
    lines = (
        (_("Received"), letter.received_at),
        (pgettext("letter", "Accepted"), letter.accepted_at),
        (_("Being handled"), given),
        (_("Answered"), letter.answered_at),
    )
    return [
        Stage(
            label,
            "done" if place < reached or reached == 3 else "now" if place == reached else "ahead",
            at if place <= reached else None,
        )
        for place, (label, at) in enumerate(lines)
    ]


def _line(step: LetterStep) -> HistoryLine:
    return HistoryLine(
        at=step.at,
        label=str(step.get_verb_display()),
        unit=step.unit.full_name if step.unit is not None else "",
        note=step.public_note,
    )


def _replies(letter: Letter) -> list[ReplyShown]:
    rows = (
        Reply.objects.filter(letter=letter, state=ReplyState.RELEASED)
        .select_related("unit")
        .prefetch_related("basis__target", "files")
        .order_by("released_at", "pk")
    )
    return [
        ReplyShown(
            pk=reply.pk,
            text=reply.text,
            translation=reply.translation,
            unit=reply.unit.full_name if reply.unit else "",
            at=reply.released_at or reply.changed_at,
            basis=basis_links(reply),
            files=[(file.pk, file.name, file.size) for file in reply.files.all()],
        )
        for reply in rows
    ]
