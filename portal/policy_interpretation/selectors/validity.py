"""How many documents stand, with one query; whatever column or alias they were reached through."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models.functions import Coalesce

from portal.plugin_api import page_today
from portal.policy_interpretation.models import PolicyPage, PolicyRecord
from portal.policy_interpretation.validity import IN_FORCE, Dates, Validity, validity_on

_FIELDS = ("effective_on", "valid_through", "repealed_on", "amended_on", "partly_invalid_on")


def dates_of(policy_pks: Iterable[int]) -> dict[int, Dates]:
    """The days that decide, by page; an alias and a translation have those of their document.

    One query where all are documents, else two. Pages whose document has no record (never saved by
    the plugin) are left out.
    """
    wanted = set(policy_pks)
    if not wanted:
        return {}
    own = PolicyPage.objects.filter(pk__in=wanted).annotate(
        document=Coalesce("alias_of__translation_key", "translation_key")
    )
    records = PolicyRecord.objects.filter(
        page__translation_key__in=own.values("document"),
        page__locale__language_code=settings.LANGUAGE_CODE,
    )
    rows, by_key = {}, {}
    for pk, key, *days in records.values_list("page_id", "page__translation_key", *_FIELDS):
        rows[pk] = by_key[key] = Dates(*days)
    if not wanted <= rows.keys():
        for pk, key in own.values_list("pk", "document"):
            if key in by_key:
                rows[pk] = by_key[key]
    return {pk: rows[pk] for pk in wanted & rows.keys()}


def validity_of(policy_pks: Iterable[int], day: datetime.date | None = None) -> dict[int, Validity]:
    """The state of each on a day (default: today)."""
    day = day or page_today()
    return {pk: validity_on(dates, day) for pk, dates in dates_of(policy_pks).items()}


def in_force(policy_pks: Iterable[int], day: datetime.date | None = None) -> set[int]:
    """Those that may be presented as in force on a day."""
    return {pk for pk, validity in validity_of(policy_pks, day).items() if validity in IN_FORCE}
