"""Items in review, and people who sign them: through the services, as at the screen."""

from typing import Any

from wagtail.models import Page

from portal.core.models import ReviewRound, ReviewStep, SiteRecord, User
from portal.core.reviews.duties import current_task
from portal.core.reviews.secrecy import NONE, QUESTIONS
from portal.core.reviews.services import hand_in, note_opening, sign
from portal.pages.models import ArticlePage

from .core import member

ROLE_OF = {
    ReviewStep.FIRST_CHECK: "first_checker",
    ReviewStep.SECRECY: "secrecy_reviewer",
    ReviewStep.REVIEW: "reviewer",
    ReviewStep.RELEASE: "releaser",
}
ALL_CLEAR = dict.fromkeys(QUESTIONS, NONE)


def handed_in(page: Page, user: User | None = None) -> ReviewRound:
    """The round of a draft that was just handed in."""
    if page.latest_revision_id is None:
        page.save_revision(user=user or page.owner)
    return hand_in(page=Page.objects.get(pk=page.pk).specific, user=user or page.owner)


def open_round_of(page: Page) -> ReviewRound:
    return ReviewRound.objects.open().get(page_id=page.pk)


def signed_by(user: User, page: Page, **more: Any) -> ReviewRound:
    """Have an account open the item and sign the step that waits."""
    review = open_round_of(page)
    task = current_task(review)
    assert task is not None
    note_opening(review=review, user=user)
    answers = ALL_CLEAR if task.step == ReviewStep.SECRECY else None
    return sign(review=review, step=task.step, user=user, **({"answers": answers} | more))


def reviewed(
    page: Page, record: SiteRecord, *, until: ReviewStep = ReviewStep.RELEASE
) -> ReviewRound:
    """Sign the steps up to ``until`` by people of their own; after the last the item is public."""
    review = open_round_of(page)
    for step, role in ROLE_OF.items():
        review = signed_by(member(role, record), page)
        if step == until:
            break
    return review


def fresh(page: Page) -> ArticlePage:
    """An article as it is stored now."""
    return ArticlePage.objects.get(pk=page.pk)
