"""A translation memory with many texts, written in bulk."""

from collections.abc import Iterable

from django.utils import timezone

from portal.foreign.models import MemoryKey, MemoryUnit
from portal.foreign.shapes import digest, keys_of, shape_of


def fill_memory(locale: int, texts: Iterable[str]) -> None:
    """``locale`` is a primary key; the texts are different from each other."""
    at = timezone.now()
    units = MemoryUnit.objects.bulk_create(
        (
            MemoryUnit(
                locale_id=locale,
                source_text=text,
                shape=(shape := shape_of(text)),
                shape_hash=digest(shape),
                pair_hash=digest(text),
                text=f"t{number}",
                released_at=at,
            )
            for number, text in enumerate(texts)
        ),
        batch_size=500,
    )
    MemoryKey.objects.bulk_create(
        (
            MemoryKey(unit=unit, locale_id=locale, key=key)
            for unit in units
            for key in keys_of(unit.shape)
        ),
        batch_size=1000,
    )
