"""The texts of a translation as wagtail-localize keeps them: what is written, by whom, how good."""

import hashlib
import unicodedata
from dataclasses import dataclass

from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from portal.foreign.models import MadeBy, PageTranslation

# The address of the page is made from its title; it is nobody's text.
NOT_TEXTS = ("slug",)
_JAPANESE = ("ja",)
# A short word may be the same in Japanese; a sentence is not.
_SAME_IN_JAPANESE = 6
_MOSTLY = 0.3


@dataclass(frozen=True, slots=True)
class Text:
    """One Chinese text of the snapshot and what stands for it in the language ("" for nothing)."""

    segment_pk: int
    string_pk: int
    context_pk: int
    path: str
    order: int
    source_hash: str
    source: str
    data: str = ""
    is_machine: bool = False
    has_error: bool = False
    translation_pk: int | None = None
    made_by: MadeBy = MadeBy.HUMAN
    author_pk: int | None = None
    corrected_by_pk: int | None = None
    confirmed_by_pk: int | None = None
    saved_by_pk: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.path, self.source_hash)


def source_of(translation: PageTranslation) -> TranslationSource | None:
    """The snapshot of the public Chinese page."""
    page = translation.source
    found: TranslationSource | None = TranslationSource.objects.filter(
        object_id=page.translation_key, locale_id=page.locale_id
    ).first()
    return found


def texts_of(translation: PageTranslation) -> list[Text]:
    """All texts of the snapshot, in reading order. Two queries."""
    page = translation.source
    segments = StringSegment.objects.filter(
        source__object_id=page.translation_key, source__locale_id=page.locale_id
    )
    rows = list(
        segments.exclude(context__path__in=NOT_TEXTS)
        .order_by("order", "pk")
        .values_list(
            "pk", "string_id", "context_id", "context__path", "order",
            "string__data_hash", "string__data",
        )
    )  # fmt: skip
    written = _written(translation, {row[2] for row in rows})
    return [_text(row, written.get((row[1], row[2]))) for row in rows]


def _written(
    translation: PageTranslation, contexts: set[int]
) -> dict[tuple[int, int], StringTranslation]:
    rows = StringTranslation.objects.filter(
        locale_id=translation.section.locale_id, context_id__in=contexts
    ).select_related("foreign_origin")
    return {(row.translation_of_id, row.context_id): row for row in rows}


def _text(
    row: tuple[int, int, int, str, int, object, str], found: StringTranslation | None
) -> Text:
    segment, string, context, path, order, digest, source = row
    if found is None:
        return Text(segment, string, context, path, order, str(digest), source)
    is_machine = found.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    origin = getattr(found, "foreign_origin", None)
    made_by = MadeBy(origin.made_by) if origin else MadeBy.HUMAN
    author = None if is_machine else found.last_translated_by_id
    if is_machine:
        made_by = MadeBy.MACHINE
    return Text(
        segment, string, context, path, order, str(digest), source,
        data=found.data,
        is_machine=is_machine,
        has_error=found.has_error,
        translation_pk=found.pk,
        made_by=made_by,
        author_pk=origin.author_id if origin else author,
        corrected_by_pk=origin.corrected_by_id if origin else None,
        confirmed_by_pk=origin.confirmed_by_id if origin else None,
        saved_by_pk=found.last_translated_by_id,
    )  # fmt: skip


def authors_of(texts: list[Text]) -> set[int]:
    """Who answers for a text as its translator; they review none of the page."""
    return {text.author_pk for text in texts if text.author_pk is not None}


def digest_of(texts: list[Text]) -> str:
    """What a review was of: changes when any text does, Chinese or translated."""
    found = hashlib.sha256()
    for text in texts:
        found.update(repr((text.path, text.source_hash, text.data)).encode())
    return found.hexdigest()


def is_chinese(text: str, source: str, language: str) -> bool:
    """Whether a text is still the Chinese one (or mostly), and no translation."""
    letters = [char for char in text if char.isalpha()]
    han = sum(1 for char in letters if "CJK UNIFIED" in unicodedata.name(char, ""))
    if not han:
        return False
    if language.split("-")[0] in _JAPANESE:
        return text.strip() == source.strip() and han >= _SAME_IN_JAPANESE
    return text.strip() == source.strip() or han > _MOSTLY * len(letters)
