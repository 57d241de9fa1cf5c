"""Wagtail's reviews, followed. A failure here is logged: the review itself goes on."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext as _
from wagtail import signals
from wagtail.models import Page, TaskState, WorkflowState

from portal.plugin_api import is_enabled, site_of_path

from .permissions import SLUG
from .services import contributions

logger = logging.getLogger(__name__)


def _aside(work: Callable[..., None]) -> Callable[..., None]:
    """A receiver that never stops what it listens to; tests see its errors."""

    @wraps(work)
    def run(**kwargs: Any) -> None:
        try:
            with transaction.atomic():
                work(**kwargs)
        except Exception:
            if getattr(settings, "PORTAL_PLUGIN_ERRORS_RAISE", False):
                raise
            logger.exception("A step of a review was not noted with its contribution")

    return run


def _page_of(state: WorkflowState) -> Page | None:
    page = state.content_object
    if not isinstance(page, Page) or not is_enabled(SLUG, site_of_path(page.path)):
        return None
    return page


@receiver(signals.workflow_submitted)
@_aside
def _submitted(instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    if (page := _page_of(instance)) is not None:
        contributions.submit(page=page, by=user or instance.requested_by)


@receiver(signals.task_submitted)
@_aside
def _step_begins(instance: TaskState, user: Any = None, **_kwargs: Any) -> None:
    if (page := _page_of(instance.workflow_state)) is not None:
        contributions.submit_again(page_pk=page.pk, by=user)


@receiver(signals.task_approved)
@_aside
def _step_approved(instance: TaskState, user: Any = None, **_kwargs: Any) -> None:
    state = instance.workflow_state
    # The last approval is told as the end of the review.
    if state.status == WorkflowState.STATUS_IN_PROGRESS and (page := _page_of(state)) is not None:
        contributions.pass_step(page_pk=page.pk, by=user)


@receiver(signals.workflow_approved)
@_aside
def _approved(instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    if (page := _page_of(instance)) is not None:
        contributions.approve(page_pk=page.pk, by=user)


@receiver(signals.workflow_rejected)
@_aside
def _rejected(instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    if (page := _page_of(instance)) is not None:
        step = instance.current_task_state
        contributions.give_back(page_pk=page.pk, reason=step.comment if step else "", by=user)


@receiver(signals.task_rejected)
@_aside
def _step_rejected(instance: TaskState, user: Any = None, **_kwargs: Any) -> None:
    if (page := _page_of(instance.workflow_state)) is not None:
        contributions.give_back(page_pk=page.pk, reason=instance.comment, by=user)


@receiver(signals.workflow_cancelled)
@_aside
def _cancelled(instance: WorkflowState, user: Any = None, **_kwargs: Any) -> None:
    if (page := _page_of(instance)) is not None:
        contributions.withdraw(page_pk=page.pk, by=user)


@receiver(pre_delete, sender=Page)
@_aside
def _deleted(instance: Page, **_kwargs: Any) -> None:
    contributions.withdraw(page_pk=instance.pk, by=None, reason=_("The page was deleted."))
