"""How long a page is and what it is paid as: read from its streams and rich texts."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from portal.editorial.models import ContributorKind, ItemKind
from portal.text.words import count_words


@dataclass(frozen=True, slots=True)
class Measured:
    words: int
    minutes: int
    kind: ItemKind


def measured(page: Page, capacity: str) -> Measured:
    """Of a specific page, as it is in memory. Title, summary and keywords are not counted.

    The kind is a proposal: film and sound by what the page holds, the rest by who wrote it.
    """
    words = 0
    films, sounds, pictures = [], [], 0
    for field in page._meta.get_fields():
        if not isinstance(field, StreamField | RichTextField):
            continue
        value = getattr(page, field.name)
        words += sum(count_words(str(text)) for text in field.get_searchable_content(value))
        if isinstance(field, StreamField):
            for name, found in _media(value):
                films += [found] if name == "video" else []
                sounds += [found] if name == "audio" else []
                pictures += name == "image"
    seconds = sum(getattr(media, "duration", 0) or 0 for media in (*films, *sounds))
    if films:
        kind = ItemKind.VIDEO
    elif sounds:
        kind = ItemKind.AUDIO
    elif capacity == ContributorKind.COMMENTATOR:
        kind = ItemKind.COMMENTARY
    elif pictures > 1 and words < 100 * pictures:
        kind = ItemKind.PICTURES
    else:
        kind = ItemKind.NEWS
    return Measured(words, math.ceil(seconds / 60), kind)


def _media(value: Any) -> Iterator[tuple[str, Any]]:
    """(name of the block, what is chosen in it) of films, sounds and pictures, at the top only."""
    for child in value or ():
        if child.block_type in ("video", "audio", "image"):
            inner = child.value
            chosen = inner.get(child.block_type) if hasattr(inner, "get") else inner
            if chosen is not None:
                yield child.block_type, chosen
