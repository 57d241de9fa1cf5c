"""Telling the outbox of records that changed by another way than a publication of their page."""

from collections.abc import Iterable

from django.db import transaction

from portal.plugin_api import outbox_event

_PORTION = 500
CHANGED = "record.changed"


@transaction.atomic
def tell_changed(pks: Iterable[int]) -> None:
    """In the transaction of the change. Publishing, withdrawing and deleting tell by themselves."""
    keys = sorted(set(pks))
    for start in range(0, len(keys), _PORTION):
        part = keys[start : start + _PORTION]
        outbox_event(CHANGED, f"record:{part[0]}", {"records": part})
