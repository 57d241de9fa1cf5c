"""Who may sign a step, as what, and what speaks against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from portal.core.models import (
    THREE_REVIEWS,
    DutyShift,
    ReviewDelegation,
    ReviewRound,
    ReviewSignature,
    ReviewStep,
    ReviewTask,
    User,
)


@dataclass(frozen=True, slots=True)
class Duty:
    """As what somebody signs: for themselves, in place of somebody, or on duty."""

    in_place_of: Any = None
    on_duty: bool = False


def current_task(review: ReviewRound) -> ReviewTask | None:
    """The step that waits, or None when the round is over."""
    return current_tasks([review]).get(review.pk)


def current_tasks(rounds: Iterable[ReviewRound]) -> dict[int, ReviewTask]:
    """The steps that wait, by round; those that are over are left out. One query for all, where
    the rounds have ``workflow_state__current_task_state`` at hand."""
    waiting = {}
    for review in rounds:
        if review.state != ReviewRound.State.RUNNING or review.workflow_state is None:
            continue
        if review.workflow_state.status != WorkflowState.STATUS_IN_PROGRESS:
            continue  # it is being taken back at this moment
        state = review.workflow_state.current_task_state
        if state is not None and state.status == TaskState.STATUS_IN_PROGRESS:
            waiting[review.pk] = state.task_id
    tasks = ReviewTask.objects.in_bulk(set(waiting.values())) if waiting else {}
    return {pk: tasks[task_pk] for pk, task_pk in waiting.items() if task_pk in tasks}


def duty_of(user: Any, review: ReviewRound, task: ReviewTask) -> Duty | None:
    """As what an account may sign a step; None: it is not among its duties."""
    if not user.is_active:
        return None
    if task.is_taken_by(user):
        return Duty()
    for delegation in _delegations_to(user, review.site_id):
        if delegation.absent.is_active and task.is_taken_by(delegation.absent):
            return Duty(in_place_of=delegation.absent)
    if review.urgent and on_duty(user, review.site_id):
        return Duty(on_duty=True)
    return None


def _delegations_to(user: Any, site_pk: int | None) -> QuerySet[ReviewDelegation]:
    now = timezone.now()
    return ReviewDelegation.objects.filter(
        stand_in=user, site_id=site_pk, since__lte=now, until__gte=now
    ).select_related("absent")


def on_duty(user: Any, site_pk: int | None) -> bool:
    now = timezone.now()
    shifts = DutyShift.objects.filter(account=user, since__lte=now, until__gte=now)
    return shifts.filter(site_id=site_pk).exists()


def objection(user: Any, review: ReviewRound, task: ReviewTask) -> str:
    """Why this account must not sign this step although it is among its duties; "" for nothing."""
    if user.pk in review.writers:
        return _("You wrote or handed in this version. Another person signs it.")
    page = review.page
    if (
        task.step == ReviewStep.RELEASE
        and page is not None
        and page.locale.language_code != settings.LANGUAGE_CODE
        and not page.specific_deferred.permissions_for_user(user).can_publish()
    ):
        return _("You release nothing in this language.")
    if task.step in THREE_REVIEWS:
        mine = next((row for row in review.signatures.all() if _is_signed_by(user, row)), None)
        if mine is not None:
            return _("You signed “%(step)s”. The three reviews are made by three people.") % {
                "step": mine.get_step_display()
            }
    return ""


def _is_signed_by(user: Any, row: ReviewSignature) -> bool:
    """Whether it is one of the three signatures, and this account's."""
    is_one = row.verdict == ReviewSignature.Verdict.SIGNED and row.step in THREE_REVIEWS
    return is_one and (row.account_id == user.pk or row.account_name == user.get_username())


def takers(review: ReviewRound, task: ReviewTask) -> list[User]:
    """The active accounts that could sign a step now; empty: the item cannot go on."""
    accounts = User.objects.filter(
        Q(groups__in=task.groups.all()) | Q(review_tasks=task), is_active=True
    ).distinct()
    found = {account.pk: account for account in accounts}
    now = timezone.now()
    stand_ins = ReviewDelegation.objects.filter(
        site_id=review.site_id, absent__in=accounts, since__lte=now, until__gte=now
    ).select_related("stand_in")
    found |= {row.stand_in_id: row.stand_in for row in stand_ins if row.stand_in.is_active}
    if review.urgent:
        shifts = DutyShift.objects.filter(
            site_id=review.site_id, since__lte=now, until__gte=now
        ).select_related("account")
        found |= {row.account_id: row.account for row in shifts if row.account.is_active}
    return [user for user in found.values() if not objection(user, review, task)]


def waiting_for(user: Any) -> QuerySet[ReviewRound]:
    """The rounds whose next step an account could sign, over all sites; urgent ones first."""
    if not user.is_active:
        return ReviewRound.objects.none()
    now = timezone.now()
    own = Q(groups__in=user.groups.all()) | Q(reviewers=user)
    mine = _current_step_in(ReviewTask.objects.filter(own))
    delegations = ReviewDelegation.objects.filter(
        stand_in=user, since__lte=now, until__gte=now, absent__is_active=True
    ).select_related("absent")
    for row in delegations:
        theirs = Q(groups__in=row.absent.groups.all()) | Q(reviewers=row.absent)
        mine |= _current_step_in(ReviewTask.objects.filter(theirs)) & Q(site=row.site_id)
    shifts = DutyShift.objects.filter(account=user, since__lte=now, until__gte=now)
    mine |= Q(urgent=True, site__in=shifts.values("site"))
    rounds = ReviewRound.objects.open().filter(
        mine, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS
    )
    return (
        rounds.distinct()
        .select_related("site", "page__locale", "workflow_state__current_task_state")
        .prefetch_related("signatures")
        .order_by("-urgent", "submitted_at")
    )


def _current_step_in(tasks: QuerySet[ReviewTask]) -> Q:
    return Q(workflow_state__current_task_state__task__in=tasks.values("pk"))


def signable(user: Any, rounds: list[ReviewRound]) -> list[tuple[ReviewRound, ReviewTask]]:
    """Of rounds that wait, those that the account may sign: nothing speaks against it."""
    found, tasks = [], current_tasks(rounds)
    for review in rounds:
        task = tasks.get(review.pk)
        if task is not None and not objection(user, review, task):
            found.append((review, task))
    return found
