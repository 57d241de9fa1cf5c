"""Translations that go public together with others: with their policy, say.

Each takes all the steps of its desk. The head of the team signs the release, and the set makes the
page public. A Chinese page that waits for a set is taken over before it is public, so that its
translations are ready in time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.foreign.admin.links import desk_url
from portal.foreign.models import PageTranslation, Step
from portal.foreign.permissions import may_translate
from portal.foreign.selectors.review import Review, people_of, review_of, running_review
from portal.foreign.selectors.texts import authors_of, texts_of
from portal.foreign.services.drafts import place_target
from portal.foreign.services.placing import NoColumn
from portal.foreign.services.release import NotReady, release, signed_release, text_problems
from portal.foreign.services.review import submit
from portal.foreign.services.syncing import sync_source
from portal.plugin_api import (
    MemberStage,
    MemberStanding,
    ReviewRound,
    SiteLike,
    holder_of,
    release_held,
    review_moved,
)


class Translations:
    """Entered in ``bundle_members``: the pages that the desk works on."""

    def standings(self, *, pages: Sequence[Page]) -> Mapping[int, MemberStanding]:
        rows = PageTranslation.objects.filter(target__in=[page.pk for page in pages])
        rows = rows.select_related("section__locale", "source", "target")
        return {row.target_id: _standing(row) for row in rows if row.target_id is not None}

    def hand_in(self, *, page: Page, user: Any) -> None:
        translation = _of(page)
        if not may_translate(user, translation):
            raise PermissionDenied(_("A translation is handed in at the desk, by its translators."))
        submit(translation=translation, user=user)

    def release(self, *, page: Page, user: Any) -> None:
        """In the name of who signed the release; the set's own record names who released that."""
        translation = _of(page)
        review = running_review(translation)
        signer = signed_release(translation, review)
        if review is None or signer is None:
            raise NotReady([_("The release of this translation is not signed at the desk.")])
        release(
            translation=translation,
            user=signer,
            override_reason=review.state.signed_reason,
            comment=review.state.comment,
        )

    def try_out(self, *, page: Page, user: Any) -> None:
        translation = _of(page)
        if signed_release(translation, running_review(translation)) is not None:
            self.release(page=page, user=user)
        elif problems := text_problems(translation, texts_of(translation)):
            raise NotReady(problems)

    def let_go(self, *, page: Page) -> None:
        """The head of the team decides again."""
        review = running_review(_of(page))
        if review is not None and review.state.signed_by_id is not None:
            review.state.signed_by = review.state.signed_at = None
            review.state.save()


def _of(page: Page) -> PageTranslation:
    found: PageTranslation = PageTranslation.objects.select_related(
        "section__locale", "source", "target"
    ).get(target=page.pk)
    return found


def _standing(row: PageTranslation) -> MemberStanding:
    url = desk_url(row.pk)
    review = review_of(row)
    if review is None or review.is_returned:
        return _not_handed_in(row, url, is_returned=review is not None)
    writers = authors_of(texts_of(row)) | {review.workflow_state.requested_by_id or 0}
    if signed_release(row, review) is not None:
        return MemberStanding(MemberStage.READY, url=url, writers=frozenset(writers))
    step = str(review.step.label)
    return MemberStanding(
        MemberStage.IN_REVIEW,
        step=step,
        waits_for=_names(row, review),
        url=url,
        problem=_("At the translators' desk: %(step)s.") % {"step": step},
        writers=frozenset(writers),
    )


def _not_handed_in(row: PageTranslation, url: str, *, is_returned: bool) -> MemberStanding:
    is_public = row.target is not None and row.target.live
    if is_public and row.status == PageTranslation.Status.CURRENT and not is_returned:
        return MemberStanding(MemberStage.PUBLIC, url=url)
    said = (
        _("Returned to its translator.")
        if is_returned
        else _("Translated at the desk; not handed in yet.")
    )
    return MemberStanding(MemberStage.DRAFT, url=url, problem=said)


def _names(row: PageTranslation, review: Review) -> str:
    return "、".join(str(user) for user in people_of(row, Step(review.step)))


# --- Chinese pages that are not public yet --------------------------------------------------------
@release_held.receiver
def translate_what_waits(*, page: Page, site: SiteLike) -> None:
    """What waits for a set can be translated from the moment it is handed in."""
    _take_over(page.pk)


@review_moved.receiver
def translate_what_was_handed_in(*, review: ReviewRound, site: SiteLike) -> None:
    if review.page_id is not None and review.state in (
        ReviewRound.State.RUNNING,
        ReviewRound.State.SIGNED,
    ):
        _take_over(review.page_id)


def _take_over(page_pk: int) -> None:
    """Give the translators the text, and the page a place in each language's tree."""
    page = Page.objects.filter(pk=page_pk, live=False).select_related("locale").first()
    is_chinese = page is not None and page.locale.language_code == settings.LANGUAGE_CODE
    if page is None or not is_chinese or holder_of(page) is None:
        return
    sync_source(page)
    for row in PageTranslation.objects.filter(source=page.pk, target=None):
        try:
            place_target(translation=row)
        except (NoColumn, ValidationError):
            continue  # the section's screens say so
