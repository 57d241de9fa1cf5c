"""How far items are in their reviews, for lists of many."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page, TaskState

from portal.core.models import ReviewRound, ReviewTask


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """The newest round of an item; ``step`` and ``waits_for`` (roles, names) while it runs."""

    review: ReviewRound
    step: str = ""
    waits_for: str = ""


def review_standings(pages: Iterable[Page]) -> dict[int, ReviewStanding]:
    """By primary key; pages that were never handed in are left out. Four queries at most."""
    rounds: dict[int, ReviewRound] = {}
    for row in (
        ReviewRound.objects.filter(page__in=[page.pk for page in pages])
        .select_related("workflow_state__current_task_state")
        .order_by("submitted_at", "pk")
    ):
        if row.page_id is not None:
            rounds[row.page_id] = row  # the newest comes last
    waiting = {
        pk: state.task_id
        for pk, row in rounds.items()
        if row.state == ReviewRound.State.RUNNING and (state := _waiting(row)) is not None
    }
    tasks = {
        task.pk: task
        for task in ReviewTask.objects.filter(pk__in=set(waiting.values())).prefetch_related(
            "groups", "reviewers"
        )
    }
    return {pk: _standing(row, tasks.get(waiting.get(pk, 0))) for pk, row in rounds.items()}


def _waiting(review: ReviewRound) -> TaskState | None:
    state = review.workflow_state.current_task_state if review.workflow_state else None
    return state if state is not None and state.status == TaskState.STATUS_IN_PROGRESS else None


def _standing(review: ReviewRound, task: ReviewTask | None) -> ReviewStanding:
    if task is None:
        return ReviewStanding(review)
    takers = [group.name for group in task.groups.all()]
    takers += [str(user) for user in task.reviewers.all()]
    return ReviewStanding(review, str(task.get_step_display()), "、".join(takers))
