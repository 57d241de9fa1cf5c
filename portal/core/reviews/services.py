"""What people do in a review: open, sign, return, and what follows at the end."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowState

from portal.core import gate
from portal.core.models import (
    ReviewOpening,
    ReviewRound,
    ReviewSignature,
    ReviewStep,
    ReviewTask,
)
from portal.core.review_points import review_moved
from portal.core.turns import take_turn

from .dates import earlier_date
from .duties import Duty, current_task, duty_of, objection
from .grounds import no_ground
from .holding import holder_of
from .rounds import State, missing_steps, running_round
from .secrecy import record_of

LOG_SIGNED = "portal.review.signed"
LOG_RETURNED = "portal.review.returned"
LOG_URGENT = "portal.review.urgent"


class ReviewRefused(ValidationError):
    """A step was not taken. Nothing was written; the messages say why."""


def note_opening(*, review: ReviewRound, user: Any) -> None:
    """Note that an account has the version in front of it."""
    ReviewOpening.objects.get_or_create(round=review, account=user)


@transaction.atomic
def sign(
    *,
    review: ReviewRound,
    step: str,
    user: Any,
    opinion: str = "",
    answers: dict[str, str] | None = None,
    address: str | None = None,
) -> ReviewRound:
    """Sign the step that waits; after the last one the version goes live (or waits for its time).

    Args:
        step: the step that the person saw; another one waits meanwhile: refused.
        answers: at the secrecy review, question → "none" or "concerns" (``reviews.secrecy``).

    Raises:
        ReviewRefused: not this account's step, not opened, signed by somebody else meanwhile.
        PublishRefused: at the last step, the publish gate found something.
    """
    review, state, task, duty = _own(review, step, user)
    if not review.date_reason and earlier_date(review) is not None:
        raise ReviewRefused(
            _("The publication time lies back. Who provided the item says why; or it is returned.")
        )
    recorded = record_of(answers or {}) if step == ReviewStep.SECRECY else {}
    _write(review, task, ReviewSignature.Verdict.SIGNED, user, duty, opinion, recorded, address)
    state.specific.approve(user=user, comment=opinion.strip())
    review.refresh_from_db()
    review_moved.send(site=review.site_id, review=review)
    return review


@transaction.atomic
def send_back(
    *, review: ReviewRound, step: str, user: Any, reason: str, address: str | None = None
) -> ReviewRound:
    """Return an item to who provided it. Handed in again, it begins anew with the first step.

    Raises:
        ReviewRefused: no reason was given; else as ``sign``.
    """
    if not reason.strip():
        raise ReviewRefused(_("Say why it is returned, and what has to be changed."))
    review, state, task, duty = _own(review, step, user)
    _write(review, task, ReviewSignature.Verdict.RETURNED, user, duty, reason, {}, address)
    workflow_state = state.workflow_state
    state.specific.reject(user=user, comment=reason.strip())
    # Wagtail would go on where it stopped; the new version has to be looked at by all.
    workflow_state.task_states.filter(status=TaskState.STATUS_APPROVED).update(
        status=TaskState.STATUS_CANCELLED
    )
    review.state, review.finished_at = State.RETURNED, timezone.now()
    review.save(update_fields=["state", "finished_at"])
    review_moved.send(site=review.site_id, review=review)
    return review


@transaction.atomic
def hand_in(*, page: Page, user: Any) -> ReviewRound:
    """Hand the newest version of a page in for review, as the button of the editor does.

    Raises:
        ReviewRefused: it is in review already, or no reviews are set up where it stands.
        PublishRefused: the gate found something that would hinder its release.
    """
    take_turn()
    workflow = page.get_workflow()
    if workflow is None:
        raise ReviewRefused(_("No reviews are set up for this place."))
    version = page.get_latest_revision_as_object()
    blocking = [problem for problem in gate.problems_of(version) if problem.blocking]
    if blocking:
        raise gate.PublishRefused(page, blocking)
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=user)
    elif state is not None:
        raise ReviewRefused(_("It is in review already."))
    else:
        state = workflow.start(page, user)
    review = running_round(state)
    if review is None:
        raise ReviewRefused(_("The workflow of this place has none of the three reviews."))
    return review


@transaction.atomic
def take_back(*, page: Page, user: Any) -> bool:
    """Take a page out of its review, to go on writing; False where it is in none."""
    take_turn()
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return False
    state.cancel(user=user)
    return True


@transaction.atomic
def make_urgent(*, review: ReviewRound, user: Any, reason: str) -> None:
    """Put an item on the fast lane: first in all lists, and for approvers on duty as well.

    Raises:
        ReviewRefused: no reason, or the review is over.
    """
    if not reason.strip():
        raise ReviewRefused(_("Say why it is urgent."))
    _still_running(review)
    review.urgent, review.urgent_reason = True, reason.strip()[:200]
    review.save(update_fields=["urgent", "urgent_reason"])
    if review.page is not None:
        log(
            instance=review.page.specific,
            action=LOG_URGENT,
            user=user,
            data={"reason": review.urgent_reason},
        )
    review_moved.send(site=review.site_id, review=review)


@transaction.atomic
def explain_date(*, review: ReviewRound, reason: str) -> None:
    """Say why the publication time lies back; it stays on record.

    Raises:
        ReviewRefused: no reason, the review is over, or somebody has signed with another reason.
    """
    if not reason.strip():
        raise ReviewRefused(_("Say why the publication time lies back."))
    _still_running(review)
    if review.date_reason and review.signatures.exists():
        raise ReviewRefused(_("The reason is part of what was signed. Take the item back first."))
    review.date_reason = reason.strip()[:200]
    review.save(update_fields=["date_reason"])
    _to_be_opened_anew(review)


@transaction.atomic
def note_correction(*, review: ReviewRound, text: str) -> None:
    """What readers are told of a changed text; settled before the first signature.

    Raises:
        ReviewRefused: the review is over, or somebody has signed, who saw another note.
    """
    _still_running(review)
    if review.signatures.exists():
        raise ReviewRefused(_("The note is part of what was signed. Take the item back first."))
    review.correction = text.strip()[:500]
    review.save(update_fields=["correction"])
    _to_be_opened_anew(review)


def _still_running(review: ReviewRound) -> None:
    """Have a round for ourselves, as it is stored now: somebody may sign it at this moment."""
    take_turn()
    review.refresh_from_db(from_queryset=ReviewRound.objects.select_for_update())
    if review.state != State.RUNNING:
        raise ReviewRefused(_("This review is over."))


def _to_be_opened_anew(review: ReviewRound) -> None:
    """What is signed with the version has changed: who had it open has not seen that."""
    review.openings.all().delete()


def finish(workflow_state: WorkflowState, user: Any = None) -> None:
    """Wagtail's action at the end of a workflow (``WAGTAIL_FINISH_WORKFLOW_ACTION``).

    The very version that was signed goes live, unless something holds it: a set that is released
    as a whole.
    """
    review = running_round(workflow_state)
    page = workflow_state.content_object
    if review is None:  # a workflow without our steps: the gate will say what is missing
        page.get_latest_revision().publish(user=user)
        return
    missing = missing_steps(review)
    if missing:
        raise ReviewRefused(
            _("Not signed: %(steps)s. Return the item; it begins anew with all its steps.")
            % {"steps": ", ".join(str(step.label) for step in missing)}
        )
    review.state, review.finished_at = State.SIGNED, timezone.now()
    review.save(update_fields=["state", "finished_at"])
    if holder_of(page) is None:
        go_live(review=review, user=user)


def go_live(*, review: ReviewRound, user: Any) -> None:
    """Publish the version of a signed round: now, or at the time that stands in it.

    Raises:
        PublishRefused: the gate found something.
    """
    revision = Revision.objects.get(pk=review.revision_id)
    # Who releases is said by the signature, not by a right on pages; and it stands on the review,
    # also where an operator works.
    with no_ground():
        revision.publish(user=user, skip_permission_checks=True)


@transaction.atomic
def let_go(*, review: ReviewRound) -> None:
    """What was signed and held back does not go live any more; handed in again, it begins anew.

    Raises:
        ReviewRefused: it does not wait to go live.
    """
    take_turn()
    review = ReviewRound.objects.select_for_update().get(pk=review.pk)
    if review.state != State.SIGNED:
        raise ReviewRefused(_("It does not wait to go live."))
    review.state, review.finished_at = State.CANCELLED, timezone.now()
    review.save(update_fields=["state", "finished_at"])
    review_moved.send(site=review.site_id, review=review)


def _own(
    review: ReviewRound, step: str, user: Any
) -> tuple[ReviewRound, TaskState, ReviewTask, Duty]:
    """The step that waits, locked, after everything that speaks against the account."""
    take_turn()
    review = ReviewRound.objects.select_for_update().get(pk=review.pk)
    task = current_task(review)
    if task is None or task.step != step:
        raise ReviewRefused(_already(review, step))
    duty = duty_of(user, review, task)
    if duty is None:
        raise ReviewRefused(_("This step is not among your duties."))
    if reason := objection(user, review, task):
        raise ReviewRefused(reason)
    if not ReviewOpening.objects.filter(round=review, account=user).exists():
        raise ReviewRefused(_("Open the item and read it before you decide on it."))
    assert review.workflow_state is not None  # current_task found it
    state = TaskState.objects.select_for_update().get(
        pk=review.workflow_state.current_task_state_id
    )
    return review, state, task, duty


def _already(review: ReviewRound, step: str) -> str:
    done = review.signatures.filter(step=step).first()
    if done is not None:
        return _("%(who)s has decided on this step already: %(what)s.") % {
            "who": done.account_name,
            "what": done.get_verdict_display(),
        }
    return _("This step does not wait any more: the item was taken back or has gone on.")


def _write(
    review: ReviewRound,
    task: ReviewTask,
    verdict: str,
    user: Any,
    duty: Duty,
    opinion: str,
    answers: dict[str, str],
    address: str | None,
) -> None:
    opening = ReviewOpening.objects.get(round=review, account=user)
    ReviewSignature.objects.create(
        round=review,
        step=task.step,
        verdict=verdict,
        account=user,
        account_name=user.get_username(),
        for_name=duty.in_place_of.get_username() if duty.in_place_of is not None else "",
        unit_name=str(getattr(user, "organisation", None) or "")[:200],
        on_duty=duty.on_duty,
        opinion=opinion.strip(),
        answers=answers,
        content_hash=review.content_hash,
        opened_at=opening.at,
        address=address,
    )
    if review.page is not None:
        action = LOG_SIGNED if verdict == ReviewSignature.Verdict.SIGNED else LOG_RETURNED
        log(
            instance=review.page.specific,
            action=action,
            user=user,
            data={"step": task.step, "opinion": opinion.strip()},
        )
