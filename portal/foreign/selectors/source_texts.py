"""The texts of a Chinese page that are translated apart: from the page itself, or as stored."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page
from wagtail_localize.models import String, StringSegment, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from portal.foreign.pairing import Text


@dataclass(frozen=True, slots=True)
class SourceText:
    """One text at its place: ``position`` is its number, from 0, among those of the same path.

    ``words`` is wagtail-localize's string data: plain text or inline HTML without attributes.
    """

    path: str
    position: int
    hash: str
    words: str

    @property
    def field(self) -> str:
        return self.path.split(".", 1)[0]

    def as_text(self, alike: dict[str, str]) -> Text:
        """For pairing; ``alike`` names one hash for all that mean the same."""
        return Text(self.path, alike.get(self.hash, self.hash), self.words)


def hash_of(words: str) -> str:
    return str(String._get_data_hash(words))


def numbered(rows: Iterable[tuple[str, str]]) -> list[SourceText]:
    """(path, words) in reading order as texts."""
    seen: dict[str, int] = defaultdict(int)
    texts = []
    for path, words in rows:
        texts.append(SourceText(path, seen[path], hash_of(words), words))
        seen[path] += 1
    return texts


def texts_of(page: Page) -> list[SourceText]:
    """Of a page as it is in memory, such as a draft. ``page`` is specific."""
    return numbered(
        (segment.path, segment.string.data)
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue)
    )


def stored_source(page: Page) -> TranslationSource | None:
    """What was last taken from the published page; None before it was core."""
    found: TranslationSource | None = TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).first()
    return found


def stored_segments(source: TranslationSource) -> list[Any]:
    """wagtail-localize's rows in reading order, with string and context."""
    return list(
        StringSegment.objects.filter(source=source)
        .select_related("string", "context")
        .order_by("order")
    )


def stored_texts(source: TranslationSource) -> list[SourceText]:
    return numbered((row.context.path, row.string.data) for row in stored_segments(source))


@dataclass(frozen=True, slots=True)
class StoredTexts:
    """What is stored of a Chinese page, read once for all that is done with it.

    ``rows`` are wagtail-localize's, with string and context; ``texts`` the same, row by row.
    """

    source: TranslationSource
    rows: list[Any]
    texts: list[SourceText]

    @classmethod
    def read(cls, source: TranslationSource) -> "StoredTexts":
        rows = stored_segments(source)
        return cls(source, rows, numbered((row.context.path, row.string.data) for row in rows))

    @classmethod
    def of(cls, page: Page) -> "StoredTexts | None":
        source = stored_source(page)
        return cls.read(source) if source is not None else None
