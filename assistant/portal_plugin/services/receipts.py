"""Receipts follow what they rest on: the state of every answer that was given."""

import datetime
import logging
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.models.conversations import AnswerRecord, AnswerStatus
from assistant.portal_plugin.models.receipts import (
    OVER,
    AnswerBasis,
    BasisChange,
    BasisSource,
    ReceiptState,
)
from assistant.portal_plugin.selectors.bases import (
    Grounds,
    Verdict,
    grounds_of,
    grounds_of_basis,
    judged,
)

logger = logging.getLogger(__name__)

_BATCH = 500
# What was looked at later than this is not looked at again by the nightly round.
_FRESH = datetime.timedelta(hours=12)


def rest(record: AnswerRecord) -> None:
    """Put an answer that is about to be saved on its basis; none where no text was approved.

    All answers with the same text from the same sources share one.
    """
    grounds = grounds_of(record)
    if grounds is None:
        return
    fingerprint = grounds.fingerprint
    record.basis = (
        AnswerBasis.objects.filter(fingerprint=fingerprint).first()
        or _new_basis(grounds, fingerprint, is_past=record.as_of is not None)
    )  # fmt: skip


@transaction.atomic
def _new_basis(grounds: Grounds, fingerprint: str, *, is_past: bool) -> AnswerBasis:
    # What was asked of another day may long be over: nobody has to be told of that later.
    verdict = judged([grounds])[grounds] if is_past else Verdict(ReceiptState.VALID)
    basis, is_new = AnswerBasis.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "page": grounds.page,
            "language": grounds.language,
            "digest": grounds.digest,
            "state": verdict.state,
            "state_since": verdict.since,
            "superseded_by_id": verdict.instead.page if verdict.instead else None,
        },
    )
    if is_new:
        BasisSource.objects.bulk_create(
            BasisSource(
                basis=basis,
                page=one.page,
                clauses=list(one.clauses),
                digest=one.digest,
                standing=one.standing,
            )
            for one in grounds.rests
        )
    return basis


def follow_pages(*, page_pks: Iterable[int]) -> int:
    """Say anew how all answers stand that were given from some pages or rest on them.

    Returns the number of bases whose state changed. Told twice, it changes nothing.
    """
    pages = list(page_pks)
    about = Q(page__in=pages) | Q(sources__page__in=pages) | Q(superseded_by__in=pages)
    # A translation rests on its source, which its answers do not cite.
    about |= Q(page__in=QuestionPage.objects.filter(translation_of__in=pages).values("pk"))
    return _follow_all(AnswerBasis.objects.filter(about))


def look_again(*, site: int | None = None) -> int:
    """The nightly round over everything: what was missed while a process was down.

    Bases of all sites are looked at, whichever site's turn it is; those of today's round only once.
    Answers that have no basis yet, of before there were any, are put on one first.
    """
    _rest_older()
    changed = _follow_all(AnswerBasis.objects.filter(checked_at__lt=timezone.now() - _FRESH))
    if changed:
        logger.warning("The nightly round found %s answers whose change was missed", changed)
    return changed


def _rest_older() -> None:
    """Batch by batch, the newest first; interrupted, it goes on where it was."""
    without = AnswerRecord.objects.filter(
        basis=None, status=AnswerStatus.ANSWERED, page__isnull=False
    ).exclude(entry="")
    while batch := list(without[:_BATCH]):
        with transaction.atomic():
            for record in batch:
                rest(record)
            AnswerRecord.objects.bulk_update(batch, ["basis"])


def _follow_all(bases: QuerySet[AnswerBasis]) -> int:
    pks = list(bases.order_by("pk").values_list("pk", flat=True).distinct())
    return sum(_follow(pks[start : start + _BATCH]) for start in range(0, len(pks), _BATCH))


@transaction.atomic
def _follow(pks: Sequence[int]) -> int:
    now = timezone.now()
    bases = AnswerBasis.objects.filter(pk__in=pks).select_for_update().prefetch_related("sources")
    grounds = {basis: grounds_of_basis(basis) for basis in bases}
    verdicts = judged(grounds.values())
    changes = []
    for basis, one in grounds.items():
        basis.checked_at = now
        if change := _changed(basis, verdicts[one], now):
            changes.append(change)
    AnswerBasis.objects.bulk_update(
        grounds, ["state", "state_since", "superseded_by", "noticed_at", "checked_at"]
    )
    BasisChange.objects.bulk_create(changes)
    return len(changes)


def _changed(basis: AnswerBasis, verdict: Verdict, now: datetime.datetime) -> BasisChange | None:
    """Put into a basis how it stands, not stored; None where that is known."""
    instead = verdict.instead.page if verdict.instead else None
    if (basis.state, basis.superseded_by_id) == (verdict.state, instead):
        _date_back(basis, verdict)
        return None
    since = _since(basis, verdict, now)
    basis.state, basis.superseded_by_id, basis.noticed_at = verdict.state, instead, now
    basis.state_since = since if verdict.state in OVER else None
    return BasisChange(
        basis=basis,
        state=verdict.state,
        since=since,
        superseded_by_id=instead,
        noticed_at=now,
    )


def _since(basis: AnswerBasis, verdict: Verdict, now: datetime.datetime) -> datetime.datetime:
    """The day of the change. A document that is marked as amended says nothing of when: it was
    public before, in the words that the answer was given on."""
    since = verdict.since or now
    is_older = verdict.state == ReceiptState.SOURCE_AMENDED and since < basis.created_at
    return now if is_older else since


def _date_back(basis: AnswerBasis, verdict: Verdict) -> None:
    """What a source's end makes of its entry is known only when the entry has followed it."""
    since = verdict.since
    if verdict.state == ReceiptState.ENDED and since and basis.state_since:
        basis.state_since = min(basis.state_since, since)
