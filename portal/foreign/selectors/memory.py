"""What was released for texts like this one: the same text at this place first, then the same
text anywhere, then texts that are alike."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Count
from wagtail_localize.models import String, StringTranslation

from portal.foreign.models import MemoryKey, MemoryUnit, PageTranslation
from portal.foreign.shapes import digest, keys_of, likeness, plain, shape_of

LOWEST = 0.55
MOST = 5
_CANDIDATES = 40
_SHORT = 6  # characters; a short text is found by itself only


class HasText(Protocol):
    """What is needed of a segment."""

    @property
    def path(self) -> str: ...
    @property
    def source_text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a difference. ``kind``: same, added (in this text), left (in the remembered one)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A translation from the memory. ``score`` 1.01 is the same text at the same place."""

    source_text: str
    text: str
    score: float
    made_by: str
    released: bool = True

    @property
    def percent(self) -> int:
        return min(round(self.score * 100), 101)

    def difference(self, source_text: str) -> list[Piece]:
        """What is other in the text at hand than in the remembered one."""
        return difference(self.source_text, source_text)


def suggestions(translation: PageTranslation, segment: HasText) -> list[Suggestion]:
    """At most five, the best first; each text only once."""
    shape = shape_of(segment.source_text)
    if not shape:
        return []
    locale = translation.section.locale_id
    units = _alike(locale, shape)
    found = [
        Suggestion(
            unit.source_text, unit.text, _score(unit, shape, translation, segment), unit.made_by
        )
        for unit in units
    ]
    found += _drafts(locale, segment, translation)
    return _best(found)


def _alike(locale: int, shape: str) -> list[MemoryUnit]:
    exact = MemoryUnit.objects.filter(locale_id=locale, shape_hash=digest(shape))
    units = {unit.pk: unit for unit in exact.order_by("-released_at")[:20]}
    if len(shape) > _SHORT:
        keys = keys_of(shape)
        least = 2 if len(keys) >= 6 else 1
        rows = (
            MemoryKey.objects.filter(locale_id=locale, key__in=keys)
            .values("unit")
            .annotate(shared=Count("pk"))
            .filter(shared__gte=least)
            .order_by("-shared", "-unit")[:_CANDIDATES]
        )
        units |= MemoryUnit.objects.in_bulk([row["unit"] for row in rows])
    return list(units.values())


def _score(unit: MemoryUnit, shape: str, translation: PageTranslation, segment: HasText) -> float:
    if unit.source_text == segment.source_text:
        here = unit.translation_id == translation.pk and unit.path == segment.path
        return 1.01 if here else 1.0
    score = likeness(unit.shape, shape)
    # Only numbers or tags are other: nearly the same, but never taken for the same.
    return 0.99 if score == 1.0 else min(score, 0.98)


def _drafts(locale: int, segment: HasText, translation: PageTranslation) -> Iterable[Suggestion]:
    """The very same text in work elsewhere, not yet released."""
    rows: Any = (
        StringTranslation.objects.filter(
            locale_id=locale,
            has_error=False,
            translation_of__data_hash=String._get_data_hash(segment.source_text),
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        )
        .exclude(
            context__path=segment.path,
            context__object_id=translation.source.translation_key,
        )
        .order_by("-updated_at")
    )
    for text in rows.values_list("data", flat=True)[:10]:
        yield Suggestion(segment.source_text, text, 0.995, "human", released=False)


def _best(found: Iterable[Suggestion]) -> list[Suggestion]:
    best: dict[str, Suggestion] = {}
    for one in sorted(found, key=lambda one: (-one.score, not one.released)):
        if one.score >= LOWEST and one.text:
            best.setdefault(one.text, one)
    return list(best.values())[:MOST]


def difference(before: str, now: str) -> list[Piece]:
    """Two texts side by side, tags left out."""
    first, second = plain(before), plain(now)
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", second[c:d]))
            continue
        if b > a:
            pieces.append(Piece("left", first[a:b]))
        if d > c:
            pieces.append(Piece("added", second[c:d]))
    return pieces
