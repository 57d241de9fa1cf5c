"""The review of a translation: which step runs, who may take it, what was said before."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page, TaskState, WorkflowState

from portal.foreign.models import (
    ContentReviewTask,
    ForeignSection,
    PageTranslation,
    ReviewState,
    SectionTask,
    Step,
    TeamMember,
    TeamRole,
)
from portal.foreign.permissions import may_release, may_review_content, may_review_language

from .texts import authors_of, texts_of

_ROLE_OF = {
    Step.LANGUAGE: TeamRole.LANGUAGE_REVIEWER,
    Step.CONTENT: TeamRole.CONTENT_REVIEWER,
    Step.RELEASE: TeamRole.LEAD,
}
_MAY = {
    Step.LANGUAGE: may_review_language,
    Step.CONTENT: may_review_content,
    Step.RELEASE: may_release,
}


@dataclass(frozen=True, slots=True)
class Review:
    """A review that runs, or one that was sent back (``is_returned``)."""

    workflow_state: WorkflowState
    state: ReviewState
    task: SectionTask
    is_returned: bool = False

    @property
    def step(self) -> Step:
        return self.task.step


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history of reviews."""

    at: datetime.datetime
    who: Any
    what: str
    said: str = ""


def review_of(translation: PageTranslation) -> Review | None:
    """The review that waits for somebody: a reviewer, or the translator after a return."""
    if translation.target_id is None:
        return None
    found = (
        _states(translation.target_id)
        .filter(status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES))
        .select_related("current_task_state", "workflow", "requested_by")
        .first()
    )
    if found is None or found.current_task_state is None:
        return None
    state = found.current_task_state.specific
    task = state.task.specific
    if not isinstance(task, SectionTask):
        return None
    returned = found.status == WorkflowState.STATUS_NEEDS_CHANGES
    return Review(found, state, task, returned)


def running_review(translation: PageTranslation) -> Review | None:
    """The review whose texts stand still, because somebody is looking at them."""
    found = review_of(translation)
    return None if found is None or found.is_returned else found


def _states(page_pk: int) -> QuerySet[WorkflowState]:
    page = Page.objects.get(pk=page_pk)
    found: QuerySet[WorkflowState] = WorkflowState.objects.for_instance(page).order_by("-pk")
    return found


def reviewable_sections(user: Any, step: Step) -> QuerySet[ForeignSection]:
    """The sections in which an account takes a step."""
    if not user.is_active:
        return ForeignSection.objects.none()
    if user.is_superuser:
        return ForeignSection.objects.all()
    mine = TeamMember.objects.filter(user=user, active=True, role=_ROLE_OF[step])
    return ForeignSection.objects.filter(pk__in=mine.values("section"))


def may_take(user: Any, translation: PageTranslation, step: Step) -> bool:
    """Whether a step is among an account's tasks; ``objection`` says whether it may here."""
    return _MAY[step](user, translation)


def objection(user: Any, translation: PageTranslation, review: Review) -> str:
    """Why this account must not take this step although it is among its tasks; "" for nothing."""
    if review.step == Step.LANGUAGE and user.pk in authors_of(texts_of(translation)):
        return _("You translated parts of this page. Its language is reviewed by another person.")
    if review.step == Step.LANGUAGE and user.pk == review.workflow_state.requested_by_id:
        return _("You handed this page in. Its language is reviewed by another person.")
    if isinstance(review.task, ContentReviewTask) and review.task.other_person:
        before = set(_approved(review).values_list("finished_by", flat=True))
        if user.pk in before | authors_of(texts_of(translation)):
            return _(
                "You translated or reviewed this page. Its content is reviewed by another person."
            )
    return ""


def approved_digest(review: Review) -> str:
    """What the language reviewer approved in this review; "" where that step was not taken."""
    for state in _approved(review).order_by("-finished_at"):
        found = state.specific
        if isinstance(found, ReviewState) and found.task.specific.step == Step.LANGUAGE:
            return found.digest
    return ""


def language_reviewer(review: Review) -> Any:
    for state in _approved(review).select_related("finished_by", "task"):
        if state.task.specific.step == Step.LANGUAGE:
            return state.finished_by
    return None


def _approved(review: Review) -> QuerySet[TaskState]:
    found: QuerySet[TaskState] = review.workflow_state.task_states.filter(
        status=TaskState.STATUS_APPROVED
    )
    return found


def history_of(translation: PageTranslation) -> list[Line]:
    """What was handed in, approved, returned and said, oldest first."""
    lines = list(_comment_lines(translation))
    if translation.target_id is not None:
        for workflow_state in _states(translation.target_id).select_related("requested_by"):
            lines += _review_lines(workflow_state)
    return sorted(lines, key=lambda line: line.at)


def _review_lines(workflow_state: WorkflowState) -> Iterable[Line]:
    states = workflow_state.task_states.select_related("task", "finished_by")
    yield Line(workflow_state.created_at, workflow_state.requested_by, _("Handed in for review"))
    words = {
        TaskState.STATUS_APPROVED: _("%(step)s: approved"),
        TaskState.STATUS_REJECTED: _("%(step)s: returned"),
        TaskState.STATUS_CANCELLED: _("%(step)s: ended without a decision"),
    }
    for state in states:
        task = state.task.specific
        if state.finished_at and state.status in words and isinstance(task, SectionTask):
            what = words[state.status] % {"step": task.step.label}
            yield Line(state.finished_at, state.finished_by, what, state.comment)


def _comment_lines(translation: PageTranslation) -> Iterable[Line]:
    for row in translation.comments.select_related("user", "settled_by"):
        what = _("Comment on “%(text)s”") % {"text": row.source_text[:40]}
        yield Line(row.at, row.user, what, row.comment)
        if row.settled_at:
            yield Line(row.settled_at, row.settled_by, _("Comment settled"), row.comment)


def people_of(translation: PageTranslation, step: Step) -> list[Any]:
    """The active accounts that hold a step's role in the section of a translation."""
    rows = translation.section.team.filter(role=_ROLE_OF[step], active=True, user__is_active=True)
    return [row.user for row in rows.select_related("user__wagtail_userprofile")]
