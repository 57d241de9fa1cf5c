"""The row of each activity, and the deadlines that follow from it."""

import datetime
import secrets
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.participation.deadlines import QUESTIONS_KIND, RESULT_KIND, SLUG
from portal.participation.models import (
    Activity,
    ActivityKind,
    InterviewQuestion,
    OpinionSender,
    QuestionSender,
    ServiceTeam,
    Voter,
)
from portal.participation.selectors.public import end_of
from portal.participation.selectors.settings import settings_of
from portal.plugin_api import (
    SiteLike,
    clocks,
    is_enabled,
    site_of_path,
    site_pk,
    touch_content,
)


@transaction.atomic
def follow_page(*, page: Any) -> None:
    """Bring the row of a page in line with it. Aliases have none: what is sent goes to the
    original."""
    if page.alias_of_id:
        return
    parent = page.get_parent()
    row, _made = Activity.objects.get_or_create(page_id=page.pk, defaults={"kind": page.activity})
    now = timezone.now()
    row.kind = page.activity
    row.form = page.activity_form()
    row.site_id = site_of_path(page.path)
    row.column_id = parent.pk if parent is not None else None
    row.organiser = page.organiser
    row.summary = page.summary[:300]
    row.opens_at, row.closes_at = page.opens_at, page.closes_at
    row.policy_id = page.result_policy()
    if page.live:
        row.result_at = (row.result_at or now) if page.has_result else None
    if row.kind == ActivityKind.SURVEY and not row.salt and _is_before(now, row.closes_at):
        row.salt = secrets.token_hex(32)
    row.save()
    follow_clocks(activity=row, page=page)


def _is_before(now: datetime.datetime, end: datetime.datetime | None) -> bool:
    return end is None or now < end


@transaction.atomic
def follow_clocks(*, activity: Activity, page: Page | None = None) -> None:
    """Start what is owed since the end, stop what is done; nothing where the plugin is off."""
    page = page or activity.page
    if activity.site_id is None or not is_enabled(SLUG, activity.site_id):
        return
    ended = end_of(activity)
    is_over = is_answerable(activity, page) and ended is not None and ended <= timezone.now()
    owes_result = is_over and activity.result_at is None
    _settle(RESULT_KIND, activity, page, ended if owes_result else None)
    if activity.kind == ActivityKind.INTERVIEW:
        owes_answers = is_over and open_questions(activity.page_id)
        _settle(QUESTIONS_KIND, activity, page, ended if owes_answers else None)


def is_answerable(activity: Activity, page: Page) -> bool:
    """Whether the public is owed what comes of it: also after the page is withdrawn, where people
    have taken part."""
    return page.live or (activity.received > 0 and page.first_published_at is not None)


def open_questions(page_pk: int) -> bool:
    states = (InterviewQuestion.State.NEW, InterviewQuestion.State.TAKEN)
    return InterviewQuestion.objects.filter(interview=page_pk, state__in=states).exists()


def _settle(kind: str, activity: Activity, page: Page, since: datetime.datetime | None) -> None:
    subject = f"page:{activity.page_id}"
    running = clocks.open(kind, subject)
    if running is not None and running.site_id != activity.site_id:
        clocks.stop(clock=running, outcome="moved")
        running = None
    if since is None:
        if running is not None:
            clocks.stop(clock=running, outcome="done")
    elif running is None:
        clocks.start(
            kind=kind,
            subject=subject,
            site=activity.site_id,
            label=page.title,
            url=reverse("participation_activity", args=[activity.page_id]),
            unit=getattr(page, "owner_unit", None),
            started_at=since,
        )


@transaction.atomic
def follow_move(*, path: str) -> None:
    """Pages below a path stand at another place than before, perhaps of another site."""
    moved = Activity.objects.filter(page__path__startswith=path).select_related("page")
    for activity in moved:
        activity.site_id = site_of_path(activity.page.path)
        parent = activity.page.get_parent()
        activity.column_id = parent.pk if parent is not None else None
        activity.save(update_fields=["site", "column"])
        follow_clocks(activity=activity)
    site = site_of_path(path)
    if site is not None:
        ServiceTeam.objects.filter(column__path__startswith=path).update(site=site)


@transaction.atomic
def drop_clocks(*, activity: Activity) -> None:
    """The page is deleted: nothing is owed of it any more."""
    for kind in (RESULT_KIND, QUESTIONS_KIND):
        running = clocks.open(kind, f"page:{activity.page_id}")
        if running is not None:
            clocks.stop(clock=running, outcome="deleted")


def contacts_until(activity: Activity, now: datetime.datetime) -> datetime.date:
    """The last day on which names and contacts that come in now are kept."""
    days = settings_of(activity.site_id).contact_days
    return timezone.localdate(max(now, activity.closes_at or now)) + datetime.timedelta(days=days)


def count_one(*, page_pk: int) -> None:
    """One more came in. The first statement of what comes in: the row is held until the end, so
    that all counts of an activity are changed one after the other."""
    Activity.objects.filter(page=page_pk).update(received=F("received") + 1)


def changed(*, page_pk: int) -> None:
    """What is public of an activity is another: pages that are kept are made anew."""
    transaction.on_commit(touch_content)


def follow_site(site: SiteLike) -> None:
    """What the calendar brought about: deadlines that begin, marks and contacts that go."""
    pk = site_pk(site)
    now = timezone.now()
    for activity in Activity.objects.filter(site=pk, closes_at__lte=now).select_related("page"):
        if activity.kind == ActivityKind.SURVEY and activity.salt:
            forget_voters(activity=activity)
        owes_result = activity.result_at is None and is_answerable(activity, activity.page)
        if owes_result or open_clock_of(activity):
            follow_clocks(activity=activity)
    forget_contacts(today=timezone.localdate())


def open_clock_of(activity: Activity) -> bool:
    return (
        activity.kind == ActivityKind.INTERVIEW
        and clocks.open(QUESTIONS_KIND, f"page:{activity.page_id}") is not None
    )


@transaction.atomic
def forget_voters(*, activity: Activity) -> None:
    """Throw the salt away and the marks with it: from then on nobody can tell who has answered."""
    Voter.objects.filter(survey=activity.page_id).delete()
    Activity.objects.filter(pk=activity.pk).update(salt="")


@transaction.atomic
def forget_contacts(*, today: datetime.date) -> int:
    """Delete names and contacts whose time is over. Returns how many."""
    gone = 0
    for model in (OpinionSender, QuestionSender):
        gone += model.objects.filter(kept_until__lt=today).delete()[0]
    return gone
