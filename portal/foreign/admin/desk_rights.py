"""Who may open the desk of a translation, and what it offers them."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from portal.foreign.models import PageTranslation, Step
from portal.foreign.permissions import (
    may_manage,
    may_release,
    may_review_content,
    may_review_language,
    may_translate,
    reach_of,
)
from portal.foreign.selectors.review import Review, may_take, objection, review_of
from portal.plugin_api import is_enabled


@dataclass(frozen=True, slots=True)
class Rights:
    """What one account may do at this moment."""

    review: Review | None
    may_translate: bool
    may_write: bool
    takes_step: bool
    objection: str

    @property
    def is_running(self) -> bool:
        return self.review is not None and not self.review.is_returned

    @property
    def may_submit(self) -> bool:
        return self.may_translate and not self.is_running


def translation_for(user: Any, pk: int) -> PageTranslation:
    """The translation, for who works on it or runs its section.

    Raises:
        Http404: there is none.
        PermissionDenied: another language, another column, no active membership, plugin off.
    """
    rows = PageTranslation.objects.select_related(
        "section__locale", "section__site__root_page", "source__locale", "target"
    )
    translation = get_object_or_404(rows, pk=pk)
    if not is_enabled("foreign", translation.section.site_id):
        raise PermissionDenied
    reach = reach_of(user)
    works = any(
        may(user, translation, reach=reach)
        for may in (may_translate, may_review_language, may_review_content, may_release)
    )
    if not works and not may_manage(user, translation.section):
        raise PermissionDenied
    return translation


def rights_of(user: Any, translation: PageTranslation) -> Rights:
    review = review_of(translation)
    translates = may_translate(user, translation)
    if review is None or review.is_returned:
        return Rights(review, translates, translates, takes_step=False, objection="")
    takes = may_take(user, translation, review.step)
    return Rights(
        review,
        translates,
        may_write=takes and review.step == Step.LANGUAGE,
        takes_step=takes,
        objection=objection(user, translation, review) if takes else "",
    )
