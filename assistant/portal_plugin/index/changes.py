"""Numbers for changes, handed out in the order in which they become visible."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from assistant.portal_plugin.models import IndexedEntry, IndexGeneration
from portal.plugin_api import take_turn


def next_numbers(count: int) -> int:
    """Numbers for changes; the last of them. The row stays locked until the transaction ends, so
    that numbers become visible in their order."""
    take_turn()
    rows = IndexGeneration.objects.filter(pk=1)
    if not rows.update(seq=F("seq") + count):
        IndexGeneration.objects.bulk_create([IndexGeneration(pk=1)], ignore_conflicts=True)
        rows.update(seq=F("seq") + count)
    return rows.values_list("seq", flat=True).get()


@transaction.atomic
def touch(*, pages: Iterable[int]) -> int:
    """Let every worker read these entries again, because they have vectors now; how many."""
    rows = IndexedEntry.objects.filter(pk__in=list(pages), live=True)
    pks = list(rows.values_list("pk", flat=True))
    if pks:
        rows.filter(pk__in=pks).update(seq=next_numbers(1))
    return len(pks)
