"""The texts of a translation in reading order: what the Chinese says now, what was translated."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wagtail_localize.models import StringTranslation

from portal.foreign.labels import label_of
from portal.foreign.models import LiveSegment, PageTranslation
from portal.foreign.pairing import Pairing, pair

from .minor import alike
from .source_texts import SourceText, StoredTexts


class Character(StrEnum):
    """What a text needs.

    ``CURRENT``: nothing; ``STALE``: the Chinese has changed since it was translated; ``NEW``: never
    translated; ``MACHINE``: a machine's draft to be reviewed; ``REMOVED``: the public page still
    has what the Chinese no longer says.
    """

    CURRENT = "current"
    STALE = "stale"
    NEW = "new"
    MACHINE = "machine"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Segment:
    """One text of a translation.

    ``path`` and ``position`` name its place (of what was removed: its place in the public page).
    ``source_text`` is the Chinese as it is now, "" where it was removed; ``previous_source`` the
    Chinese that the public text was made from, where that was another one; ``text`` the work in
    progress for the present Chinese, ""  where there is none; ``live_text`` what is public.
    ``source_text``, ``previous_source``, ``text`` and ``live_text`` are wagtail-localize's string
    data: plain text or inline HTML, without attributes.
    """

    path: str
    position: int
    label: str
    source_text: str
    source_hash: str
    previous_source: str
    text: str
    live_text: str
    character: str


def segments_of(translation: PageTranslation, *, texts: StoredTexts | None = None) -> list[Segment]:
    """All texts of a translation; seven queries, whatever its length.

    Args:
        texts: what is stored of the Chinese page, where it was just read: five queries then.
    """
    texts = texts or StoredTexts.of(translation.source)
    rows, now = (texts.rows, texts.texts) if texts is not None else ([], [])
    live = list(translation.live_segments.all())
    pairing = pairing_of(live, now, alike(translation.source))
    drafts = _drafts(rows, translation)
    behind = {new: old for old, new in pairing.changed.items()}
    same = {new: old for old, new in pairing.same.items()}
    model = texts.source.specific_content_type.model_class() if texts is not None else None
    found: list[Segment] = []
    removed = _removed_after(pairing, same | behind)
    found += [_removed(live[at], model) for at in removed[None]]
    for at, (row, text) in enumerate(zip(rows, now, strict=True)):
        old = live[same[at]] if at in same else live[behind[at]] if at in behind else None
        draft = drafts.get((row.string_id, row.context_id))
        changed = at in behind
        found.append(
            Segment(
                path=text.path,
                position=text.position,
                label=label_of(model, row.context.field_path),
                source_text=text.words,
                source_hash=text.hash,
                previous_source=old.source_text
                if old is not None and old.source_hash != text.hash
                else "",
                text=draft.data if draft is not None else "",
                live_text=old.text if old is not None else "",
                character=_character(draft, is_same=at in same, changed=changed),
            )
        )
        found += [_removed(live[gone], model) for gone in removed[at]]
    return found


def pairing_of(
    live: Iterable[LiveSegment], now: Iterable[SourceText], alike: dict[str, str]
) -> Pairing:
    """Pair what is public (old) with the Chinese as it is now (new)."""
    old = [
        SourceText(row.path, row.position, row.source_hash, row.source_text).as_text(alike)
        for row in live
    ]
    return pair(old, [text.as_text(alike) for text in now])


def _drafts(rows: list[Any], translation: PageTranslation) -> dict[tuple[int, int], Any]:
    """Translations without errors by (string, context)."""
    if not rows:
        return {}
    found = StringTranslation.objects.filter(
        context__object_id=translation.source.translation_key,
        locale_id=translation.section.locale_id,
        has_error=False,
    )
    return {(row.translation_of_id, row.context_id): row for row in found}


def _character(draft: Any, *, is_same: bool, changed: bool) -> Character:
    if draft is None or not draft.data:
        return Character.STALE if changed else Character.NEW
    is_machine = draft.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    if is_machine and not is_same:
        return Character.MACHINE
    return Character.CURRENT


def _removed_after(pairing: Pairing, partner: dict[int, int]) -> dict[int | None, list[int]]:
    """What was removed, by the text of now that it is shown after; None: before all."""
    of_old = {old: new for new, old in partner.items()}
    gone = set(pairing.removed)
    found: dict[int | None, list[int]] = defaultdict(list)
    for at in sorted(gone):
        before = next((of_old[place] for place in range(at - 1, -1, -1) if place in of_old), None)
        found[before].append(at)
    return found


def _removed(row: LiveSegment, model: Any) -> Segment:
    return Segment(
        path=row.path,
        position=row.position,
        label=label_of(model, row.path),
        source_text="",
        source_hash="",
        previous_source=row.source_text,
        text="",
        live_text=row.text,
        character=Character.REMOVED,
    )
