"""Filling the translation memory from what was released."""

from collections.abc import Iterable

from django.db import transaction

from portal.foreign.models import LiveSegment, MemoryKey, MemoryUnit, PageTranslation
from portal.foreign.shapes import digest, keys_of, shape_of

_AT_ONCE = 500


@transaction.atomic
def remember(*, translation: PageTranslation) -> int:
    """Take over the public texts of a translation; how many were new."""
    rows = LiveSegment.objects.filter(translation=translation)
    return _store(rows.select_related("translation__section"))


def remember_all(*, section_pk: int | None = None) -> int:
    """Every released text; what is known already stays. For upgrades and for each night."""
    rows = LiveSegment.objects.select_related("translation__section").order_by("pk")
    if section_pk is not None:
        rows = rows.filter(translation__section=section_pk)
    made, last = 0, 0
    while batch := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        with transaction.atomic():
            made += _store(batch)
        last = batch[-1].pk
    return made


def _store(rows: Iterable[LiveSegment]) -> int:
    units: dict[tuple[int, str], MemoryUnit] = {}
    for row in rows:
        shape = shape_of(row.source_text)
        if not shape or not row.text.strip():
            continue
        locale = row.translation.section.locale_id
        pair = digest(f"{row.source_text}\0{row.text}")
        units[locale, pair] = MemoryUnit(
            locale_id=locale,
            translation_id=row.translation_id,
            path=row.path,
            source_text=row.source_text,
            shape=shape,
            shape_hash=digest(shape),
            pair_hash=pair,
            text=row.text,
            made_by=row.made_by,
            released_at=row.made_at,
        )
    known = set(
        MemoryUnit.objects.filter(pair_hash__in=[pair for _, pair in units]).values_list(
            "locale_id", "pair_hash"
        )
    )
    fresh = [unit for key, unit in units.items() if key not in known]
    # Another process may be at the same text: then its row is as good as this one.
    MemoryUnit.objects.bulk_create(fresh, ignore_conflicts=True)
    wanted = MemoryUnit.objects.filter(
        pair_hash__in=[unit.pair_hash for unit in fresh], keys__isnull=True
    )
    MemoryKey.objects.bulk_create(
        MemoryKey(unit=unit, locale_id=unit.locale_id, key=key)
        for unit in wanted
        for key in keys_of(unit.shape)
    )
    return len(fresh)
