"""Pairs of records whose texts are nearly the same: found in the background, decided by people."""

import time
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.library.models import NearDuplicate, State, TextPrint
from portal.library.permissions import may_write
from portal.library.selectors.duplicates import similar_to

# Of one record, its nearest: of a form letter sent a thousand times every copy is named once.
MOST_OF_ONE = 3
_PORTION = 200


def forget(records: Collection[int]) -> None:
    """Texts have changed: their open pairs go, and what was paired with them is compared anew."""
    if not records:
        return
    old = NearDuplicate.objects.filter(
        Q(newer__in=records) | Q(older__in=records), dismissed_at=None
    )
    others = {key for pair in old.values_list("newer", "older") for key in pair}
    old.delete()
    TextPrint.objects.filter(record__in=others).update(is_compared=False)


def compare_missing(site: int | None, *, seconds: float | None = None) -> int:
    """Compare the texts of a site that have not been; how many. Goes on where it stopped.

    Args:
        site: of the records that are compared, with those of all sites.
        seconds: begin no further portion after so many; None: to the end.
    """
    begun, done = time.monotonic(), 0
    rows = TextPrint.objects.filter(
        is_compared=False, record__site=site, record__state=State.PUBLIC
    ).select_related("record").order_by("-record")  # fmt: skip
    while prints := list(rows[:_PORTION]):
        _compare(prints)
        done += len(prints)
        if seconds is not None and time.monotonic() - begun > seconds:
            break
    return done


@transaction.atomic
def _compare(prints: Sequence[TextPrint]) -> None:
    found: dict[tuple[int, int], int] = {}
    for print_ in prints:
        record = print_.record
        near = [one for one in similar_to(record) if one.record.checksum != record.checksum]
        for one in near[:MOST_OF_ONE]:
            first, second = sorted((record.pk, one.record.pk))
            found[first, second] = one.percent
    NearDuplicate.objects.bulk_create(
        [NearDuplicate(older_id=a, newer_id=b, percent=part) for (a, b), part in found.items()],
        ignore_conflicts=True,
    )
    TextPrint.objects.filter(pk__in=[print_.pk for print_ in prints]).update(is_compared=True)


def of_public_records(*, is_decided: bool = False) -> "QuerySet[NearDuplicate]":
    """Pairs of public records that nobody has decided on, or those that are no duplicates."""
    rows = NearDuplicate.objects.filter(older__state=State.PUBLIC, newer__state=State.PUBLIC)
    return rows.filter(dismissed_at__isnull=not is_decided)


@transaction.atomic
def decide(*, pair: NearDuplicate, is_duplicate: bool, user: Any) -> NearDuplicate:
    """Remember that two texts are no duplicates, or take that back.

    Raises:
        ValidationError: the account may write neither record.
    """
    pair = NearDuplicate.objects.select_for_update(of=("self",)).select_related(
        "older", "newer"
    ).get(pk=pair.pk)  # fmt: skip
    if not may_decide(user, pair):
        raise ValidationError(_("Whoever may write one of the two records decides."))
    pair.dismissed_at = None if is_duplicate else timezone.now()
    pair.dismissed_by = None if is_duplicate else user
    pair.save(update_fields=["dismissed_at", "dismissed_by"])
    return pair


def may_decide(user: Any, pair: NearDuplicate) -> bool:
    return may_write(user, pair.older) or may_write(user, pair.newer)
