"""The flow of a letter as one table: what may be done, from where, to where, by whom.

Services check against it, the desk offers its buttons from it, the documentation and the tests are
made from it. Knows no database.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.plugin_api import Action

from .models.letters import OPEN_STATES, LetterState
from .models.steps import Verb

S = LetterState


class Relation(StrEnum):
    """How an account stands to a letter, beside its role at the site."""

    SITE = "site"  # the role at the letter's site is enough
    UNIT = "unit"  # the letter lies with the own unit or one below it
    HOLDER = "holder"  # it is in the own hands
    RECEIVER = "receiver"  # it is on its way to the own unit
    ADVISER = "adviser"  # the own unit is asked for its opinion
    LANGUAGE = "language"  # it waits for a translator of the own language team


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table.

    Attributes:
        sources: states in which it may be done.
        target: the state after it; None: the letter stays where it is, or the service says.
        who: any of these pairs allows it. Empty: the writer of the letter, or the portal itself.
        needs_reason: nothing happens without words that are kept.
        on_the_way: may be done while a handover waits for its receipt.
        tells_writer: the writer gets a notice.
    """

    sources: frozenset[str]
    target: str | None
    who: tuple[tuple[Action, Relation], ...] = ()
    needs_reason: bool = False
    on_the_way: bool = False
    tells_writer: bool = False


def _from(*states: str) -> frozenset[str]:
    return frozenset(str(state) for state in states)


DESK = (Action.LETTERS_DESK, Relation.SITE)
OFFICE = (Action.LETTERS_RELEASE, Relation.SITE)
UNIT = (Action.LETTERS_HANDLE, Relation.UNIT)
HEAD = (Action.LETTERS_REVIEW, Relation.UNIT)
HOLDER = (Action.LETTERS_HANDLE, Relation.HOLDER)
RECEIVERS = (
    (Action.LETTERS_HANDLE, Relation.RECEIVER),
    (Action.LETTERS_REVIEW, Relation.RECEIVER),
)
ADVISERS = (
    (Action.LETTERS_HANDLE, Relation.ADVISER),
    (Action.LETTERS_REVIEW, Relation.ADVISER),
)
TRANSLATORS = (Action.LETTERS_TRANSLATE, Relation.LANGUAGE)

OPEN = _from(*OPEN_STATES)
WITH_DESK = _from(S.RECEIVED, S.ACCEPTED)
WITH_UNIT = _from(S.ASSIGNED, S.HANDLING)
CLOSED = _from(*(state for state in S if state not in OPEN))
EVERY = OPEN | CLOSED

TRANSITIONS: dict[Verb, Move] = {
    # --- to the desk ----------------------------------------------------------------------------
    Verb.TRANSLATE: Move(OPEN, None, (DESK, UNIT, TRANSLATORS), on_the_way=True),
    Verb.ACCEPT: Move(_from(S.RECEIVED), S.ACCEPTED, (DESK,), tells_writer=True),
    Verb.ASSIGN: Move(_from(S.ACCEPTED) | WITH_UNIT, S.ASSIGNED, (DESK, HEAD)),
    # --- in the unit ----------------------------------------------------------------------------
    Verb.TAKE: Move(WITH_UNIT, S.HANDLING, (UNIT,)),
    Verb.RETURN: Move(WITH_UNIT, S.ACCEPTED, (UNIT, HEAD), needs_reason=True),
    Verb.TRANSFER: Move(WITH_UNIT, None, (UNIT, HEAD, DESK), needs_reason=True),
    Verb.CONFIRM: Move(WITH_UNIT, None, (*RECEIVERS, DESK), on_the_way=True, tells_writer=True),
    Verb.DECLINE: Move(
        WITH_UNIT, None, (*RECEIVERS, UNIT, HEAD, DESK), needs_reason=True, on_the_way=True
    ),
    Verb.ASK_ADVICE: Move(_from(S.ACCEPTED) | WITH_UNIT, None, (DESK, UNIT, HEAD)),
    Verb.ADVISE: Move(OPEN, None, ADVISERS, on_the_way=True),
    Verb.DRAFT: Move(_from(S.HANDLING), None, (HOLDER,)),
    Verb.HAND_IN: Move(_from(S.HANDLING), S.IN_REVIEW, (HOLDER,)),
    # --- reviews and release --------------------------------------------------------------------
    Verb.REWORK: Move(
        _from(S.IN_REVIEW, S.APPROVED), S.HANDLING, (HEAD, OFFICE), needs_reason=True
    ),
    Verb.APPROVE: Move(_from(S.IN_REVIEW), S.APPROVED, (HEAD,)),
    Verb.RELEASE: Move(_from(S.APPROVED), S.ANSWERED, (OFFICE,), tells_writer=True),
    Verb.PUBLISH: Move(_from(S.ANSWERED), None, (DESK, OFFICE)),
    Verb.WITHHOLD: Move(_from(S.ANSWERED), None, (OFFICE,), needs_reason=True),
    # --- time -----------------------------------------------------------------------------------
    Verb.DEFER: Move(OPEN, None, (HEAD, DESK), needs_reason=True, tells_writer=True),
    Verb.PAUSE: Move(OPEN, None, (HEAD, DESK), needs_reason=True),
    Verb.RESUME: Move(OPEN, None, (HEAD, DESK)),
    # --- other ends -----------------------------------------------------------------------------
    Verb.REFUSE: Move(WITH_DESK, S.REFUSED, (DESK,), needs_reason=True, tells_writer=True),
    Verb.INVALIDATE: Move(
        WITH_DESK | _from(S.ASSIGNED), S.INVALID, (DESK,), needs_reason=True, tells_writer=True
    ),
    Verb.MERGE: Move(WITH_DESK | WITH_UNIT, S.MERGED, (DESK,)),
    Verb.SPLIT: Move(_from(S.MERGED), S.ACCEPTED, (DESK,)),
    Verb.DIRECT: Move(WITH_DESK, S.DIRECTED, (DESK,), needs_reason=True, tells_writer=True),
    Verb.FORWARD: Move(
        WITH_DESK | _from(S.ASSIGNED), S.FORWARDED, (DESK,), needs_reason=True, tells_writer=True
    ),
    Verb.RECALL: Move(_from(S.FORWARDED), S.ACCEPTED, (DESK,), needs_reason=True),
    # --- by the writer, afterwards --------------------------------------------------------------
    Verb.FOLLOW_UP: Move(_from(S.ANSWERED), S.ASSIGNED),
    Verb.RATE: Move(_from(S.ANSWERED), None),
    Verb.WITHDRAW: Move(OPEN, S.WITHDRAWN, on_the_way=True),
    Verb.REOPEN: Move(
        _from(S.ANSWERED, S.REFUSED, S.INVALID, S.DIRECTED),
        None,
        (DESK, HEAD, OFFICE),
        needs_reason=True,
        tells_writer=True,
    ),
    # --- beside the flow ------------------------------------------------------------------------
    Verb.REMIND: Move(OPEN | _from(S.MERGED), None, on_the_way=True),
    Verb.ESCALATE: Move(OPEN | _from(S.MERGED), None, on_the_way=True),
    Verb.NOTE: Move(EVERY, None, (DESK, UNIT, HEAD, OFFICE, *ADVISERS), on_the_way=True),
    # Who is joined with another letter still waits for an answer.
    Verb.ERASE: Move(CLOSED - _from(S.MERGED), None, (DESK,), needs_reason=True),
}
