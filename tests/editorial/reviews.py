"""Wagtail's reviews as reviewers go through them, without the screens."""

from typing import Any

from wagtail.models import Page

from portal.core import extension_points, outbox
from portal.core.models import ReviewRound, ReviewStep
from portal.core.reviews.duties import current_task
from portal.core.reviews.services import note_opening, send_back
from tests.factories import member, open_round_of, signed_by
from tests.factories.reviews import ROLE_OF


def again(page: Page) -> Any:
    return Page.objects.get(pk=page.pk).specific


def submit(page: Page, user: Any) -> None:
    found = again(page)
    found.get_workflow().start(found, user)


def approve_all(page: Page) -> None:
    while ReviewRound.objects.open().filter(page=page.pk).exists():
        approve_one(page)


def approve_one(page: Page) -> None:
    signed_by(_taker(page), page)


def reject(page: Page, reason: str) -> None:
    review, person = open_round_of(page), _taker(page)
    note_opening(review=review, user=person)
    task = current_task(review)
    assert task is not None
    send_back(review=review, step=task.step, user=person, reason=reason)


def _taker(page: Page) -> Any:
    """Somebody new for the step that waits."""
    review = open_round_of(page)
    task = current_task(review)
    assert task is not None
    return member(ROLE_OF[ReviewStep(task.step)], review.site)


def read_outbox() -> None:
    """Let the follower of the plugin see what was published."""
    outbox.run_consumers(
        entry.item
        for entry in extension_points.outbox_consumers.entries()
        if entry.item.name == "editorial_acceptance"
    )
