"""How many documents stand, with one query; whatever column or alias they were reached through."""

import datetime
from collections.abc import Iterable

from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.policy_interpretation.models import PolicyPage, PolicyRecord
from portal.policy_interpretation.validity import IN_FORCE, Dates, Validity, validity_on

_FIELDS = ("effective_on", "valid_through", "repealed_on", "amended_on", "partly_invalid_on")


def dates_of(policy_pks: Iterable[int]) -> dict[int, Dates]:
    """The days that decide, by page; an alias has those of its document. One query.

    Pages without a record (never saved by the plugin) are left out.
    """
    wanted = set(policy_pks)
    if not wanted:
        return {}
    own = PolicyPage.objects.filter(pk__in=wanted).annotate(document=Coalesce("alias_of_id", "pk"))
    pairs = PolicyRecord.objects.filter(page_id__in=own.values("document"))
    rows = {pk: Dates(*days) for pk, *days in pairs.values_list("page_id", *_FIELDS)}
    if wanted <= rows.keys():
        return rows
    documents = dict(own.values_list("pk", "document"))
    return {pk: rows[document] for pk, document in documents.items() if document in rows}


def validity_of(policy_pks: Iterable[int], day: datetime.date | None = None) -> dict[int, Validity]:
    """The state of each on a day (default: today)."""
    day = day or timezone.localdate()
    return {pk: validity_on(dates, day) for pk, dates in dates_of(policy_pks).items()}


def in_force(policy_pks: Iterable[int], day: datetime.date | None = None) -> set[int]:
    """Those that may be presented as in force on a day."""
    return {pk for pk, validity in validity_of(policy_pks, day).items() if validity in IN_FORCE}
