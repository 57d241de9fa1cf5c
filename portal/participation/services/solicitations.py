"""Opinions: taken in, decided, merged."""

import datetime
from collections.abc import Collection, Sequence
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.participation.models import (
    Activity,
    ClauseTally,
    Opinion,
    OpinionSender,
    SolicitationPage,
    Verdict,
)

from .activities import changed, contacts_until, count_one
from .errors import ParticipationError

# Databases bound how many values a statement may carry.
_AT_ONCE = 1_000


@transaction.atomic
def give_opinion(
    *,
    page: SolicitationPage,
    clause: str,
    text: str,
    key: str,
    name: str = "",
    contact: str = "",
    language: str = "",
    at: datetime.datetime | None = None,
) -> Opinion:
    """Store an opinion once, whatever is pressed twice.

    Args:
        clause: id of a clause of the draft; "" for the whole. The caller has checked it.
        key: names the sheet of paper.

    Raises:
        ParticipationError: the solicitation is not open.
    """
    now = at or timezone.now()
    activity = Activity.objects.select_for_update().get(page=page.pk)
    known = Opinion.objects.filter(key=key).first()
    if known is not None:
        return known
    if not is_open(activity, now):
        raise ParticipationError(_("Opinions are not taken now. Your text is still here."))
    opinion = Opinion.objects.create(
        solicitation=page, clause=clause, text=text, key=key, language=language, sent_at=now
    )
    if name or contact:
        end = contacts_until(activity, now)
        OpinionSender.objects.create(opinion=opinion, name=name, contact=contact, kept_until=end)
    count_one(page_pk=page.pk)
    tally, _made = ClauseTally.objects.get_or_create(solicitation=page, clause=clause)
    ClauseTally.objects.filter(pk=tally.pk).update(received=F("received") + 1)
    return opinion


def is_open(activity: Activity, now: datetime.datetime) -> bool:
    opens, closes = activity.opens_at, activity.closes_at
    return opens is not None and closes is not None and opens <= now < closes


@transaction.atomic
def decide(
    *,
    page: SolicitationPage,
    opinions: Collection[int] | QuerySet[Opinion],
    verdict: str,
    reason: str = "",
    is_shown: bool = False,
    by: Any = None,
) -> int:
    """Say of opinions what became of them; those that were merged into them go along.

    Args:
        opinions: their primary keys, or a query for them, however many it finds.

    Returns:
        How many were decided.

    Raises:
        ParticipationError: no such decision, or one that needs a reason has none.
    """
    if verdict not in Verdict.values:
        raise ParticipationError(_("Choose a decision."))
    reason = reason.strip()
    if verdict in (Verdict.PARTLY, Verdict.NOT_ADOPTED, Verdict.INVALID) and not reason:
        raise ParticipationError(_("What is not adopted in full needs a reason."))
    Activity.objects.select_for_update().get(page=page.pk)
    wanted: Any = opinions
    if isinstance(opinions, QuerySet):
        wanted = opinions.order_by().values("pk")
    rows = Opinion.objects.filter(solicitation=page).filter(
        Q(pk__in=wanted) | Q(merged_into__in=wanted)
    )
    clauses = dict(rows.values_list("pk", "clause"))
    now = timezone.now()
    for pks in batched(clauses, _AT_ONCE):
        found = Opinion.objects.filter(pk__in=pks)
        found.update(
            verdict=verdict,
            reason=reason,
            decided_at=now if verdict else None,
            decided_by=by,
            is_shown=False,
        )
        if is_shown and verdict and verdict != Verdict.INVALID:
            found.filter(merged_into__isnull=True).update(is_shown=True)
    recount(page=page, clauses=set(clauses.values()))
    changed(page_pk=page.pk)
    return len(clauses)


@transaction.atomic
def merge(*, page: SolicitationPage, opinions: Sequence[int]) -> Opinion:
    """Have the later opinions stand behind the first: each still counts, one is decided and shown.

    Raises:
        ParticipationError: fewer than two, or of several clauses.
    """
    Activity.objects.select_for_update().get(page=page.pk)
    rows = list(
        Opinion.objects.filter(solicitation=page, pk__in=opinions, merged_into=None).order_by(
            "sent_at", "pk"
        )
    )
    if len(rows) < 2:
        raise ParticipationError(_("Choose at least two opinions that are not merged yet."))
    if len({row.clause for row in rows}) > 1:
        raise ParticipationError(_("Only opinions on the same clause can be merged."))
    first, rest = rows[0], [row.pk for row in rows[1:]]
    Opinion.objects.filter(Q(pk__in=rest) | Q(merged_into__in=rest)).update(
        merged_into=first,
        verdict=first.verdict,
        reason=first.reason,
        decided_at=first.decided_at,
        is_shown=False,
    )
    recount(page=page, clauses={first.clause})
    changed(page_pk=page.pk)
    return first


@transaction.atomic
def recount(*, page: SolicitationPage, clauses: Collection[str]) -> None:
    """Count the decisions on clauses anew from the opinions themselves."""
    counted = (
        Opinion.objects.filter(solicitation=page, clause__in=clauses)
        .values("clause")
        .annotate(
            received=Count("pk"),
            adopted=Count("pk", filter=Q(verdict=Verdict.ADOPTED)),
            partly=Count("pk", filter=Q(verdict=Verdict.PARTLY)),
            not_adopted=Count("pk", filter=Q(verdict=Verdict.NOT_ADOPTED)),
            invalid=Count("pk", filter=Q(verdict=Verdict.INVALID)),
        )
        .order_by()
    )
    for row in counted:
        counts = {name: number for name, number in row.items() if name != "clause"}
        ClauseTally.objects.update_or_create(
            solicitation=page, clause=row["clause"], defaults=counts
        )
