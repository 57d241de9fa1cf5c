"""Handing public items to the portal above, until they are published there or returned."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import site_of_path, take_turn
from portal.reposting.models import (
    Channel,
    Submission,
    SubmissionState,
    SubmissionStep,
)
from portal.reposting.permissions import may_work

from . import pushing
from .errors import RepostingError
from .queue import name_of


@transaction.atomic
def prepare(
    *, page: Page, kind: str, target: str, by: Any, channel: Channel | None = None
) -> Submission:
    """Begin the submission of a public page.

    Raises:
        PermissionDenied: this account does not work on the page's site.
        RepostingError: the page is not public, or is submitted there already.
    """
    site = site_of_path(page.path)
    if site is None or not may_work(by, site):
        raise PermissionDenied
    if not page.live:
        raise RepostingError(_("Only what is public here is submitted upward."))
    if channel is not None and channel.site_id != site:
        raise RepostingError(_("This channel belongs to another site."))
    take_turn()
    if Submission.objects.filter(page=page.pk, target=target).exists():
        raise RepostingError(_("This page is submitted there already."))
    now = timezone.now()
    row = Submission(
        site_id=site, page=page, title=page.title, kind=kind, target=target, channel=channel,
        changed_at=now,
    )  # fmt: skip
    row.full_clean(exclude=["page", "submitted_at"])
    row.save()
    _step(row, by, "")
    return row


@transaction.atomic
def submit(*, submission_pk: int, by: Any, note: str = "") -> Submission:
    """Hand it over; by its channel where it has one. After a return it is handed over again.

    Raises:
        RepostingError: it is not the time for it, or the page is no longer public.
    """
    row = _locked(submission_pk, by)
    _demand(row, SubmissionState.SUBMITTED)
    if row.page is None or not row.page.live:
        raise RepostingError(_("Only what is public here is submitted upward."))
    row.state, row.reason = SubmissionState.SUBMITTED, ""
    row.submitted_at, row.times = timezone.now(), row.times + 1
    _step(row, by, note)
    if row.channel is not None:
        pushing.send_submission(row)
    return row


@transaction.atomic
def answer(
    *, submission_pk: int, state: str, by: Any, url: str = "", reason: str = "", note: str = ""
) -> Submission:
    """What the portal above said: accepted, published at an address, or returned for a reason.

    Raises:
        RepostingError: it is not the time for it, or address or reason are missing.
    """
    row = _locked(submission_pk, by)
    _demand(row, state)
    if state == SubmissionState.PUBLISHED and not url.strip():
        raise RepostingError(_("Name the address at which it was published above."))
    if state == SubmissionState.RETURNED and not reason.strip():
        raise RepostingError(_("Say why it was returned."))
    row.state, row.reason = state, reason.strip()[:300]
    row.url = url.strip() or row.url
    row.full_clean(exclude=["page", "submitted_at"])
    _step(row, by, note or reason)
    return row


def _demand(row: Submission, state: str) -> None:
    if state not in Submission.MOVES[row.state]:
        raise RepostingError(
            _("It is “%(state)s”: this step does not follow.") % {"state": row.get_state_display()}
        )


def _locked(pk: int, by: Any) -> Submission:
    row = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("page", "channel")
        .get(pk=pk)
    )
    if not may_work(by, row.site_id):
        raise PermissionDenied
    return row


def _step(row: Submission, by: Any, note: str) -> None:
    row.changed_at = timezone.now()
    row.save()
    SubmissionStep.objects.create(
        submission=row, state=row.state, at=row.changed_at, by_name=name_of(by), note=note[:1000]
    )
