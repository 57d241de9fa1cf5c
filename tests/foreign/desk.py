"""A page on its way through the desk."""

from typing import Any

from portal.core.models import User
from portal.foreign.models import MadeBy, PageTranslation
from portal.foreign.selectors.texts import texts_of
from portal.foreign.services.review import approve, submit
from portal.foreign.services.segments import save_segment
from portal.foreign.services.syncing import sync_source

from .factories import Section


def in_english(chinese: str) -> str:
    """Another text for each Chinese one, without figures: they would have to agree."""
    letters = str.maketrans("0123456789", "ghijklmnop")
    return "T:" + " ".join(
        f"{ord(letter):x}".translate(letters) if letter > "\u2e7f" else letter for letter in chinese
    )


def translation_of(section: Section, page: Any = None) -> PageTranslation:
    """The row of a core page, after the section heard of it."""
    page = page or section.article
    sync_source(page)
    return PageTranslation.objects.select_related("section__locale", "source").get(
        section=section.row, source_id=page.pk
    )


def write(translation: PageTranslation, user: User, made_by: MadeBy = MadeBy.HUMAN) -> None:
    """Translate everything that is not translated."""
    for text in texts_of(translation):
        if not text.data:
            save_segment(
                translation=translation,
                path=text.path,
                position=0,
                source_hash=text.source_hash,
                text=in_english(text.source),
                user=user,
                made_by=made_by,
            )


def to_release(section: Section, translation: PageTranslation) -> None:
    """Hand in and take the two reviews."""
    submit(translation=translation, user=section.team.translator)
    approve(translation=translation, user=section.team.language_reviewer)
    approve(translation=translation, user=section.team.content_reviewer)


def again(translation: PageTranslation) -> PageTranslation:
    return PageTranslation.objects.select_related("section__locale", "source").get(
        pk=translation.pk
    )
