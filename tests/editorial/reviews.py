"""Wagtail's reviews as reviewers go through them, without the screens."""

from typing import Any

from wagtail.models import Page

from portal.core import extension_points, outbox


def again(page: Page) -> Any:
    return Page.objects.get(pk=page.pk).specific


def submit(page: Page, user: Any) -> None:
    found = again(page)
    found.get_workflow().start(found, user)


def approve_all(page: Page, user: Any) -> None:
    while (state := again(page).current_workflow_task_state) is not None:
        state.approve(user=user)


def approve_one(page: Page, user: Any) -> None:
    again(page).current_workflow_task_state.approve(user=user)


def reject(page: Page, user: Any, reason: str) -> None:
    again(page).current_workflow_task_state.reject(user=user, comment=reason)


def read_outbox() -> None:
    """Let the follower of the plugin see what was published."""
    outbox.run_consumers(
        entry.item
        for entry in extension_points.outbox_consumers.entries()
        if entry.item.name == "editorial_acceptance"
    )
