"""What a changed name touches: every paragraph of every page in that language."""

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation

from portal.foreign.labels import label_of
from portal.foreign.models import LiveSegment, PageTranslation, TermChange, TermName

from .terms import current_book, hits_in, name_pattern
from .texts import NOT_TEXTS


@dataclass(frozen=True, slots=True)
class Touched:
    """One paragraph. ``after`` is the prepared text; "" where a person has to see to it, and
    ``reason`` says why."""

    page: Page
    translation: PageTranslation
    path: str
    position: int
    source_hash: str
    label: str
    source_text: str
    before: str
    after: str = ""
    reason: str = ""
    is_machine: bool = False
    text_pk: int = 0


def is_chinese_change(change: TermChange) -> bool:
    return bool(change.locale.language_code == settings.LANGUAGE_CODE)


def touched(change: TermChange) -> list[Touched]:
    """All paragraphs of translations that a change is about, in the order of pages and texts.

    None for a change of the Chinese name: that is about Chinese pages (``chinese_names``).
    """
    return [] if is_chinese_change(change) else _in_language(change)


def sources_of(change: TermChange) -> list[str]:
    """The Chinese names of a term, also the former ones: old documents go on using them."""
    former = TermChange.objects.filter(
        term=change.term, locale__language_code=settings.LANGUAGE_CODE, undone_at=None
    )
    return list(dict.fromkeys([change.term.source, *former.values_list("old_name", flat=True)]))


def _holds(field: str, words: Iterable[str]) -> Q:
    return reduce(or_, (Q(**{f"{field}__contains": word}) for word in words))


def _is_about(text: str, sources: Iterable[str], language: str) -> bool:
    """Whether the text names the term itself, not only a longer one that holds its characters."""
    wanted = set(sources)
    book = current_book()
    return any(
        hit.term in wanted
        for source in wanted
        for hit in hits_in(text, language=language, book=book, with_term=source)
    )


def _segments(sources: Iterable[str]) -> Any:
    return (
        StringSegment.objects.filter(
            _holds("string__data", sources), source__locale__language_code=settings.LANGUAGE_CODE
        )
        .exclude(context__path__in=NOT_TEXTS)
        .select_related("string", "context", "source__specific_content_type")
        .order_by("source_id", "order", "pk")
    )


def _in_language(change: TermChange) -> list[Touched]:
    language = change.locale.language_code
    sources = sources_of(change)
    rows = [row for row in _segments(sources) if _is_about(row.string.data, sources, language)]
    texts = {
        (text.translation_of_id, text.context_id): text
        for text in StringTranslation.objects.filter(
            locale_id=change.locale_id,
            has_error=False,
            translation_of__in={row.string_id for row in rows},
        )
    }
    translations = _translations(change, {row.source.object_id for row in rows})
    replace = replacing(change)
    found: list[Touched] = []
    seen: set[int] = set()
    for row in rows:
        text = texts.get((row.string_id, row.context_id))
        translation = translations.get(row.source.object_id)
        if text is None or translation is None or text.pk in seen:
            continue
        seen.add(text.pk)
        after = replace(text.data)
        if change.new_name and after == text.data and _already(change, text.data):
            continue
        changed = after != text.data
        found.append(
            Touched(
                page=translation.source,
                translation=translation,
                path=row.context.path,
                position=row.order,
                source_hash=str(row.string.data_hash),
                label=label_of(
                    row.source.specific_content_type.model_class(), row.context.field_path
                ),
                source_text=row.string.data,
                before=text.data,
                after=after if changed else "",
                reason=""
                if changed
                else _("The former name is not in the text as it was; look at it yourself."),
                is_machine=text.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE,
                text_pk=text.pk,
            )
        )
    return found + list(_behind(change, sources, language))


def _already(change: TermChange, text: str) -> bool:
    pattern = name_pattern([change.new_name], language=change.locale.language_code)
    return bool(pattern and pattern.search(text))


def _translations(change: TermChange, keys: set[Any]) -> dict[Any, PageTranslation]:
    rows = PageTranslation.objects.filter(
        section__locale=change.locale_id, source__translation_key__in=keys
    ).select_related("section__locale", "section__site", "source__locale", "target")
    return {row.source.translation_key: row for row in rows}


def _behind(change: TermChange, sources: list[str], language: str) -> Iterable[Touched]:
    """Public paragraphs whose Chinese has moved on: they are translated anew in any case."""
    rows = LiveSegment.objects.filter(
        _holds("source_text", sources),
        translation__section__locale=change.locale_id,
        stale_since__isnull=False,
        text__icontains=html.escape(change.old_name, quote=False),
    ).select_related("translation__source", "translation__section__locale")
    for row in rows:
        if _is_about(row.source_text, sources, language):
            yield Touched(
                page=row.translation.source,
                translation=row.translation,
                path=row.path,
                position=row.position,
                source_hash=row.source_hash,
                label="",
                source_text=row.source_text,
                before=row.text,
                reason=_("The paragraph is behind; it is translated anew with the new name."),
            )


def replacing(change: TermChange) -> Callable[[str], str]:
    """Puts the new name for the old one, and leaves longer official names alone that hold it."""
    language = change.locale.language_code
    longer = [
        name
        for name in TermName.objects.filter(locale=change.locale_id)
        .exclude(term=change.term)
        .values_list("name", flat=True)
        if change.old_name.lower() in name.lower()
    ]
    pattern = name_pattern([change.old_name, *longer], language=language)
    own = name_pattern([change.old_name], language=language)
    new = html.escape(change.new_name, quote=False)

    def replace(text: str) -> str:
        if pattern is None or own is None:
            return text
        return pattern.sub(lambda hit: new if own.fullmatch(hit[0]) else hit[0], text)

    return replace
