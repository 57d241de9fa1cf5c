"""The way of a topic: watched, answered within its limits, closed."""

import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.plugin_api import Action, Clock, HotTopic, HotTopicSource, clocks, hot_topics, may
from portal.policy_interpretation.deadlines import (
    FIRST_INFORMATION,
    INVITED_ANSWER,
    OPINION_RESPONSE,
    PRESS_CONFERENCE,
)
from portal.policy_interpretation.models import (
    HotQuestion,
    Invitation,
    OpinionTopic,
    ResponseTopicPage,
)

State, Grade = OpinionTopic.State, OpinionTopic.Grade
# What is owed by grade (R-POL-21).
OWED = {
    Grade.MAJOR: (FIRST_INFORMATION, PRESS_CONFERENCE),
    Grade.GENERAL: (OPINION_RESPONSE,),
}
# A public response page is what these ask for.
_MET_BY_PAGE = (FIRST_INFORMATION, OPINION_RESPONSE)


def subject(topic: OpinionTopic) -> str:
    return f"opinion:{topic.pk}"


@transaction.atomic
def respond(*, topic: OpinionTopic, by: Any) -> OpinionTopic:
    """Begin to respond: the clocks of the grade run from when the topic became known.

    Raises:
        PermissionDenied: the account does not work for the site.
        ValidationError: it is being answered already.
    """
    found = _locked(topic, by, Action.PAGE_CHANGE)
    if found.state == State.RESPOND:
        raise ValidationError(_("This topic is being answered already."))
    found.state, found.closed_at, found.conclusion = State.RESPOND, None, ""
    found.save()
    _keep_clocks(found, by)
    return found


@transaction.atomic
def follow_grade(*, topic: OpinionTopic, by: Any) -> None:
    """After the grade was changed: other limits hold, from the same beginning."""
    if topic.state == State.RESPOND:
        _keep_clocks(topic, by)


@transaction.atomic
def note_done(
    *, topic: OpinionTopic, kind: str, by: Any, at: datetime.datetime | None = None
) -> OpinionTopic:
    """Say that what a clock asks for has happened, such as the press conference.

    Raises:
        PermissionDenied: the account does not work for the site.
        ValidationError: no such clock runs, or the moment cannot be.
    """
    found = _locked(topic, by, Action.PAGE_CHANGE)
    clock = clocks.open(kind, subject(found)) if kind in _all_kinds() else None
    if clock is None:
        raise ValidationError(_("Nothing of the kind is owed."))
    clocks.stop(clock=clock, outcome="done", at=at, by=by)
    return found


@transaction.atomic
def approve(*, topic: OpinionTopic, name: str, by: Any) -> OpinionTopic:
    """Approve the response on behalf of the propaganda department (R-POL-09).

    Args:
        name: who decided there; kept beside the account.

    Raises:
        PermissionDenied: the account may not release pages of the site.
        ValidationError: no name.
    """
    found = _locked(topic, by, Action.PAGE_PUBLISH)
    if not name.strip():
        raise ValidationError(_("Name who approved it."))
    found.approved_by, found.approved_name = by, name.strip()[:80]
    found.approved_at = timezone.now()
    found.save()
    return found


@transaction.atomic
def close(*, topic: OpinionTopic, conclusion: str, by: Any) -> OpinionTopic:
    """Close a topic with what came of it.

    Raises:
        PermissionDenied: the account may not release pages of the site.
        ValidationError: no conclusion, something is owed still, or it is closed.
    """
    found = _locked(topic, by, Action.PAGE_PUBLISH)
    if found.state == State.CLOSED:
        raise ValidationError(_("This topic is closed already."))
    if not conclusion.strip():
        raise ValidationError(_("Say what came of it."))
    if open_clocks(found):
        raise ValidationError(_("Something is still owed. Note it as done first."))
    if found.invitations.filter(answered_at=None).exists():
        raise ValidationError(_("A unit has not answered yet."))
    found.state, found.conclusion = State.CLOSED, conclusion.strip()
    found.closed_at = timezone.now()
    found.save()
    return found


@transaction.atomic
def invite(*, topic: OpinionTopic, unit: Any, request: str, by: Any) -> Invitation:
    """Ask a unit to answer; its clock begins.

    Raises:
        PermissionDenied: the account does not work for the site.
        ValidationError: nothing is asked for, or the topic is closed.
    """
    found = _locked(topic, by, Action.PAGE_CHANGE)
    if found.state == State.CLOSED:
        raise ValidationError(_("This topic is closed already."))
    if not request.strip():
        raise ValidationError(_("Say what the unit is asked for."))
    row = Invitation.objects.create(topic=found, unit=unit, request=request.strip())
    row.clock = clocks.start(
        kind=INVITED_ANSWER,
        subject=f"invitation:{row.pk}",
        site=found.site_id,
        unit=unit,
        label=found.title,
        url=_url(found),
        by=by,
    )
    row.save()
    return row


@transaction.atomic
def answer(*, invitation: Invitation, text: str, page: Any = None, by: Any) -> Invitation:
    """A unit's answer, with the page that gives it to the public where there is one.

    Raises:
        PermissionDenied: neither of the unit nor a releaser of the site.
        ValidationError: no answer, or it was answered.
    """
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("topic", "clock")
        .get(pk=invitation.pk)
    )
    site = row.topic.site_id
    is_own = by.organisation_id == row.unit_id and may(by, Action.PAGE_CHANGE, site)
    if not is_own and not may(by, Action.PAGE_PUBLISH, site):
        raise PermissionDenied
    if row.answered_at is not None:
        raise ValidationError(_("This has been answered already."))
    if not text.strip():
        raise ValidationError(_("Write the answer."))
    row.answer, row.answer_page = text.strip(), page
    row.answered_at, row.answered_by = timezone.now(), by
    row.save()
    if row.clock is not None and row.clock.is_open:
        clocks.stop(clock=row.clock, outcome="answered", by=by)
    return row


# --- what people ask ------------------------------------------------------------------------------
def collect(site_pk: int | None) -> int:
    """Bring the hot questions of all plugins into the list of a site; how many are new."""
    if site_pk is None:
        return 0
    new = 0
    for entry in hot_topics.entries(site_pk):
        for item in entry.run(partial(_asked, site_pk=site_pk), []):
            _row, created = HotQuestion.objects.update_or_create(
                site_id=site_pk,
                key=f"{entry.key}:{item.key}"[:200],
                defaults={
                    "text": item.text[:300],
                    "kind": item.kind if item.kind in HotQuestion.Kind.values else "other",
                    "count": max(item.count, 0),
                    "url": item.url[:500],
                },
            )
            new += created
    return new


def _asked(source: HotTopicSource, *, site_pk: int) -> list[HotTopic]:
    return list(source.hot_topics(site=site_pk))


@transaction.atomic
def assign_question(*, question: HotQuestion, topic: OpinionTopic | None, by: Any) -> HotQuestion:
    """Put a question under a topic of its site; None begins a topic with its words.

    Raises:
        PermissionDenied: the account does not work for the site.
        ValidationError: the topic is another site's, or closed.
    """
    if not may(by, Action.PAGE_CHANGE, question.site_id):
        raise PermissionDenied
    if topic is None:
        topic = OpinionTopic.objects.create(site_id=question.site_id, title=question.text[:120])
    if topic.site_id != question.site_id or topic.state == State.CLOSED:
        raise ValidationError(_("Choose an open topic of the same site."))
    question.topic = topic
    question.save()
    return question


@transaction.atomic
def set_aside(*, question: HotQuestion, by: Any) -> HotQuestion:
    """Take a question off the list: it needs no topic.

    Raises:
        PermissionDenied: the account does not work for the site.
    """
    if not may(by, Action.PAGE_CHANGE, question.site_id):
        raise PermissionDenied
    question.set_aside = True
    question.save()
    return question


# --- clocks ---------------------------------------------------------------------------------------
def open_clocks(topic: OpinionTopic) -> list[Clock]:
    """The clocks that run for a topic."""
    found = clocks.of(subject(topic)).exclude(state=Clock.State.STOPPED)
    return list(found.order_by("due_at"))


@transaction.atomic
def follow_response(*, page: ResponseTopicPage) -> None:
    """A public response stops the clocks that asked for it, at the moment it became public."""
    if page.topic is None or not page.live or page.first_published_at is None:
        return
    for clock in open_clocks(page.topic):
        if clock.kind in _MET_BY_PAGE:
            at = max(page.first_published_at, clock.started_at)
            clocks.stop(clock=clock, outcome="published", at=at)


def _keep_clocks(topic: OpinionTopic, by: Any) -> None:
    wanted = OWED[Grade(topic.grade)]
    for clock in open_clocks(topic):
        if clock.kind not in wanted:
            clocks.stop(clock=clock, outcome="other grade", by=by)
    done = set(clocks.of(subject(topic)).values_list("kind", flat=True))
    for kind in wanted:
        if kind not in done:
            clocks.start(
                kind=kind,
                subject=subject(topic),
                site=topic.site_id,
                unit=topic.unit,
                label=topic.title,
                url=_url(topic),
                started_at=min(topic.raised_at, timezone.now()),
                by=by,
            )
    for page in topic.responses.filter(live=True):
        follow_response(page=page)


def _all_kinds() -> set[str]:
    return {kind for kinds in OWED.values() for kind in kinds}


def _url(topic: OpinionTopic) -> str:
    from django.urls import reverse

    return reverse("policy_opinion", args=[topic.pk])


def _locked(topic: OpinionTopic, by: Any, action: Action) -> OpinionTopic:
    found = OpinionTopic.objects.select_for_update().get(pk=topic.pk)
    if not may(by, action, found.site_id):
        raise PermissionDenied
    return found
