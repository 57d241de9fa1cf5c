"""Brings texts in. What is read comes first; pictures are stored together with the draft."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from wagtail.models import Page

from portal.core.turns import take_turn
from portal.pages.models import ArticlePage
from portal.pages.models.articles import source_of
from portal.text.document import Document, Picture
from portal.text.pasted import Report, from_html
from portal.text.rtf_pictures import pictures_in_rtf
from portal.text.word import WordText

from . import bodies
from .pictures import collection_for, store_pictures
from .reports import Told, told, told_of_word

_LONGEST_TITLE = 255


@dataclass(frozen=True, slots=True)
class Brought:
    """Blocks as they are stored, and what to tell the editor."""

    raw: list[bodies.Raw]
    told: Told
    title: str = ""


def bring_in_pasted(
    *,
    html: str,
    rtf: str,
    files: list[bytes],
    path: str,
    user: Any,
    text_only: bool = False,
) -> Brought:
    """What was on the clipboard, as blocks for a page at a treebeard path."""
    pasted = from_html(html)
    document = pasted.document
    given = _bytes_for(document, pictures_in_rtf(rtf), files)
    if not any(isinstance(block, Picture) for block in document):
        # A screenshot, or pictures copied from a folder: they come without a text around them.
        document += tuple(Picture(f"pasted:{number}") for number in range(len(files)))
        given |= {f"pasted:{number}": data for number, data in enumerate(files)}
    return _brought(document, pasted.report, given, path, user, text_only=text_only)


def _bytes_for(document: Document, from_rtf: list[bytes], files: list[bytes]) -> dict[str, bytes]:
    """Which picture has which bytes: by order, where the numbers agree."""
    sources = list(dict.fromkeys(b.source for b in document if isinstance(b, Picture)))
    local = [source for source in sources if source.startswith(("file:", "pasted"))]
    for available in (from_rtf, files):
        if local and len(available) == len(local):
            return dict(zip(local, available, strict=True))
    if len(sources) == len(files) == 1 and not sources[0].startswith("data:"):
        return {sources[0]: files[0]}
    return {}


def bring_in_word(*, word: WordText, path: str, user: Any) -> Brought:
    """A Word file as blocks for a page at a treebeard path."""
    # The styles that were counted are the converter's, not the author's.
    report = replace(word.report, removed=Counter())
    brought = _brought(word.document, report, word.pictures, path, user, title=word.title)
    brought.told.look.extend(told_of_word(word.left_out, word.formulas, word.text_boxes))
    return Brought(brought.raw, brought.told, word.title)


@transaction.atomic
def _brought(
    document: Document,
    report: Report,
    given: Mapping[str, bytes],
    path: str,
    user: Any,
    *,
    title: str = "",
    text_only: bool = False,
) -> Brought:
    stored = store_pictures(
        document=document,
        given=given,
        collection=None if text_only else collection_for(path, user),
        user=user,
        title=title,
    )
    result = told(document, stored, report)
    if text_only:
        document = bodies.as_text_only(document)
    return Brought(bodies.to_raw(document, pictures=stored.images), result)


@transaction.atomic
def create_article_from_word(
    *, word: WordText, fallback_title: str, parent: Page, user: Any
) -> tuple[ArticlePage, Told]:
    """A draft below ``parent``; it is never published here.

    Raises:
        ValidationError: what the page type refuses; nothing is left behind.
    """
    take_turn()
    brought = bring_in_word(word=word, path=parent.path, user=user)
    article = ArticlePage(
        title=(word.title or fallback_title)[:_LONGEST_TITLE],
        body=bodies.body_block().to_python(brought.raw),
        source=source_of(user, parent.path),
        owner=user,
        live=False,
        has_unpublished_changes=True,
        locale=parent.locale,
    )
    parent.add_child(instance=article)
    article.save_revision(user=user, log_action="wagtail.create")
    return article, brought.told
