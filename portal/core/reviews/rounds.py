"""Rounds of review: how one begins, what is signed in it, how it ends."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page, Revision, WorkflowState

from portal.core import structure
from portal.core.models import (
    THREE_REVIEWS,
    ReviewRound,
    ReviewSignature,
    ReviewStep,
    ReviewTask,
    User,
)
from portal.core.publications import item_key
from portal.core.review_points import review_moved
from portal.core.units import unit_for

State = ReviewRound.State
# What Wagtail writes into a revision that says nothing of the content.
_NOT_CONTENT = frozenset(
    {
        "live", "has_unpublished_changes", "first_published_at", "last_published_at",
        "live_revision", "latest_revision", "latest_revision_created_at", "locked", "locked_at",
        "locked_by", "path", "depth", "numchild", "url_path", "draft_title",
    }
)  # fmt: skip


def hash_of(revision: Revision) -> str:
    """Of what a version says: 64 hexadecimal digits."""
    content = {key: value for key, value in revision.content.items() if key not in _NOT_CONTENT}
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(written.encode()).hexdigest()


def running_round(workflow_state: WorkflowState) -> ReviewRound | None:
    return ReviewRound.objects.filter(workflow_state=workflow_state, state=State.RUNNING).first()


def first_task(workflow_state: WorkflowState, task: ReviewTask) -> Any:
    """The step to begin with: ``task`` while a round runs, else the first one of the workflow."""
    if running_round(workflow_state) is not None:
        return task
    review_tasks = ReviewTask.objects.filter(
        workflow_tasks__workflow=workflow_state.workflow_id, active=True
    )
    return review_tasks.order_by("workflow_tasks__sort_order").first() or task


def open_round(workflow_state: WorkflowState, task_state: Any, user: Any) -> None:
    """Begin a round with the version that was handed in, unless one runs."""
    if running_round(workflow_state) is not None:
        return
    page = workflow_state.content_object
    revision = task_state.revision
    provider = user if user is not None and user.is_authenticated else workflow_state.requested_by
    node = structure.current().nearest(page.path)
    # Of the version that is handed in: the page itself may be public with an older one.
    unit = getattr(revision.as_object(), "owner_unit", None) or unit_for(provider, page.path)
    review = ReviewRound.objects.create(
        workflow_state=workflow_state,
        page_id=page.pk,
        item=item_key(page),
        title=revision.object_str[:255] or page.title,
        site_id=structure.current().site_pk_for(page.path),
        column_title=node.title[:255] if node is not None else "",
        revision_id=revision.pk,
        content_hash=hash_of(revision),
        provider=provider,
        provider_name=provider.get_username() if provider is not None else "",
        provider_unit=unit,
        provider_unit_name=str(unit or "")[:200],
        writers=writers_of(page, revision, provider),
    )
    review_moved.send(site=review.site_id, review=review)


def writers_of(page: Page, revision: Revision, provider: Any) -> list[int]:
    """Every account that wrote something of a version that is not public yet."""
    revisions = Revision.objects.for_instance(page).filter(pk__lte=revision.pk)
    if page.live and page.live_revision_id:
        revisions = revisions.filter(pk__gt=page.live_revision_id)
    writers = set(revisions.exclude(user=None).values_list("user_id", flat=True))
    if not page.live and page.owner_id:
        writers.add(page.owner_id)
    if provider is not None:
        writers.add(provider.pk)
    return sorted(writers)


def signatures_of(review: ReviewRound) -> dict[str, ReviewSignature]:
    """What was signed of the version as it was handed in: step → signature."""
    return {
        row.step: row
        for row in review.signatures.filter(verdict=ReviewSignature.Verdict.SIGNED)
        if row.content_hash == review.content_hash
    }


def missing_steps(review: ReviewRound) -> list[ReviewStep]:
    """The steps that nobody signed validly; empty: the item may become public."""
    signed = signatures_of(review)
    missing = [step for step in ReviewStep if step not in signed]
    names: list[str] = []
    for step in THREE_REVIEWS:
        row = signed.get(step)
        if row is None:
            continue
        wrote = row.account_id is not None and row.account_id in review.writers
        if wrote or row.account_name in names:
            missing.append(step)
        names.append(row.account_name)
    return missing


def signed_round(page: Page) -> ReviewRound | None:
    """The round that lets the page's version go live now; None where there is none."""
    return round_for(page.live_revision) if page.live_revision_id is not None else None


def round_for(revision: Revision) -> ReviewRound | None:
    """The round in which a version was signed as it is, and which waits to go live."""
    review = ReviewRound.objects.filter(revision_id=revision.pk, state=State.SIGNED).first()
    if review is None or missing_steps(review):
        return None
    return review if hash_of(revision) == review.content_hash else None


def released(review_pk: int) -> None:
    """Note that the version of a round went live; put back later, it keeps its first time.

    Older versions that were signed and waited for their time wait no longer.
    """
    now = timezone.now()
    review = ReviewRound.objects.filter(pk=review_pk)
    review.update(state=State.RELEASED, released_at=Coalesce("released_at", now))
    overtaken = ReviewRound.objects.filter(
        item__in=review.values("item"), state=State.SIGNED, pk__lt=review_pk
    )
    overtaken.update(state=State.CANCELLED, finished_at=now)


def end_rounds(page: Page) -> None:
    """What was withdrawn goes through the reviews again before it comes back."""
    rounds: QuerySet[ReviewRound] = ReviewRound.objects.filter(
        item=item_key(page), state__in=(State.SIGNED, State.RELEASED)
    )
    rounds.update(state=State.ENDED, finished_at=timezone.now())


def plan_taken_back(revision: Revision) -> None:
    """A version was signed for a time that nobody wants any more; it is handed in anew."""
    planned = ReviewRound.objects.filter(revision_id=revision.pk, state=State.SIGNED)
    planned.update(state=State.CANCELLED, finished_at=timezone.now())


def page_deleted(page: Page) -> None:
    """The record of a page that goes says that nothing of it is in review or public any more."""
    cancel = ReviewRound.objects.filter(page=page.pk, state=State.RUNNING)
    cancel.update(state=State.CANCELLED, finished_at=timezone.now())
    end_rounds(page)


def cancelled(workflow_state: WorkflowState) -> None:
    ReviewRound.objects.filter(workflow_state=workflow_state, state=State.RUNNING).update(
        state=State.CANCELLED, finished_at=timezone.now()
    )


def names_of(pks: list[int]) -> list[str]:
    return sorted(User.objects.filter(pk__in=pks).values_list("username", flat=True))
