"""Receipts: an answer as it was given, and how it stands now. Computed anew with each look."""

import datetime
from dataclasses import dataclass

from assistant.portal_plugin.models.conversations import AnswerRecord, digest_of
from assistant.portal_plugin.models.receipts import OVER, AnswerBasis, ForgottenAnswer
from assistant.portal_plugin.models.receipts import ReceiptState as State

from .bases import Verdict, grounds_of, judged

__all__ = ["Receipt", "Replacement", "State", "find_record", "receipt", "receipt_of"]

LONGEST_ID = 32
_ID_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What holds now instead."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """``since``: from when the state holds, where it is known."""

    record: AnswerRecord
    state: State
    since: datetime.datetime | None = None
    replaced_by: Replacement | None = None

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_unaltered(self) -> bool:
        """Whether the text that is kept still has the fingerprint that it was given with."""
        return digest_of(self.record.text) == self.record.digest


def receipt(answer_id: str) -> Receipt | None:
    """The receipt with an id; None where there is none (any more)."""
    record = find_record(answer_id)
    return None if record is None else receipt_of(record)


def find_record(answer_id: str) -> AnswerRecord | None:
    if not is_answer_id(answer_id):
        return None
    return AnswerRecord.objects.select_related("feedback", "basis").filter(pk=answer_id).first()


def is_answer_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID and _ID_LETTERS.issuperset(text)


def is_forgotten(answer_id: str) -> bool:
    """Whether there was a receipt that its visitor wished to be forgotten."""
    return is_answer_id(answer_id) and ForgottenAnswer.objects.filter(pk=answer_id).exists()


def receipt_of(record: AnswerRecord) -> Receipt:
    """How an answer stands now: at most a handful of queries, none where no text was given."""
    grounds = grounds_of(record)
    if grounds is not None:
        verdict = judged([grounds])[grounds]
        return _receipt(record, verdict, record.basis)
    if record.basis is not None:  # its page is deleted: only what was noticed then is known
        return Receipt(record, State.ENDED, _since(record.basis, State.ENDED))
    return Receipt(record, State.ENDED if record.entry else State.NONE)


def _receipt(record: AnswerRecord, verdict: Verdict, basis: AnswerBasis | None) -> Receipt:
    instead = verdict.instead
    return Receipt(
        record,
        verdict.state,
        since=_since(basis, verdict.state) or verdict.since,
        replaced_by=Replacement(instead.question or instead.title, instead.url)
        if instead
        else None,
    )


def _since(basis: AnswerBasis | None, state: State) -> datetime.datetime | None:
    """The date that was noted when it happened, while the same still holds."""
    return basis.state_since if basis is not None and basis.state == state else None
