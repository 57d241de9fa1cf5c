"""What is public is looked through again and again: what may never be public makes an alarm."""

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.plugin_api import site_of_path
from portal.proofreading.models import Alarm, SweepMark
from portal.proofreading.selectors.alarms import alarms_for, due
from portal.proofreading.selectors.sweep import Swept, look_at

logger = logging.getLogger(__name__)

# Of one run: other jobs wait for the clock meanwhile.
SECONDS = 30
_FAILED = "failed"
_SHORTEST = 4


def sweep_share(_site: int | None = None) -> int:
    """One run of the job: the number of pages that were looked at.

    Each page is noted by itself: a run that is killed goes on where it was.
    """
    until = time.monotonic() + SECONDS
    done = 0
    for swept in look_at(due(timezone.now())):
        note(swept)
        done += 1
        if time.monotonic() > until:
            break
    _close_unpublished()
    _tell()
    return done


@transaction.atomic
def note(swept: Swept) -> None:
    """Keep what was found on a page: new alarms, those that are gone, and the time."""
    now = timezone.now()
    found = _found(swept)
    known = {
        alarm.key: alarm
        for alarm in Alarm.objects.select_for_update()
        .filter(page=swept.page)
        .exclude(state=Alarm.State.DEALT)
    }
    for key, values in found.items():
        alarm = known.get(key)
        if alarm is None:
            Alarm.objects.create(
                page_id=swept.page.pk,
                page_title=swept.page.title[:255],
                address=swept.address[:2000],
                site_id=site_of_path(swept.page.path),
                key=key,
                **values,
            )
        elif alarm.gone_at is not None:
            alarm.gone_at = None
            alarm.save(update_fields=["gone_at"])
    gone = [alarm.pk for key, alarm in known.items() if key not in found]
    Alarm.objects.filter(pk__in=gone, gone_at=None).update(gone_at=now)
    SweepMark.objects.update_or_create(page_id=swept.page.pk, defaults={"looked_at": now})


def _found(swept: Swept) -> dict[str, dict[str, str]]:
    if swept.scan is None:
        logger.error("Page %s could not be looked through: %s", swept.page.pk, swept.failed)
        return {_FAILED: {"words": swept.failed.partition(":")[0][:80]}}
    return {
        one.key: {"kind": str(one.finding.kind), "words": one.words[:80], "file": one.file[:255]}
        for one in swept.scan.graded("blocking")
    }


def _close_unpublished() -> None:
    Alarm.objects.filter(state=Alarm.State.OPEN, gone_at=None).exclude(page__live=True).update(
        gone_at=timezone.now()
    )


@transaction.atomic
def decide(*, alarm: Alarm, state: str, reason: str, user: Any) -> None:
    """Say what became of an alarm; once.

    Raises:
        PermissionDenied: it is none of the account's.
        ValidationError: no reason, decided already, or said to be dealt with and still there.
    """
    if not alarms_for(user).filter(pk=alarm.pk).exists():
        raise PermissionDenied
    reason = " ".join(reason.split())
    if state not in (Alarm.State.DEALT, Alarm.State.FALSE):
        raise ValidationError(_("Choose what became of it."))
    if len(reason) < _SHORTEST or len(set(reason)) < 2:
        raise ValidationError(_("Say in a few words what it was and what was done."))
    alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if alarm.state != Alarm.State.OPEN:
        raise ValidationError(_("Somebody has decided on this alarm already."))
    if state == Alarm.State.DEALT and alarm.page_id is not None:
        for swept in look_at([alarm.page_id]):
            if alarm.key in _found(swept):
                raise ValidationError(
                    _("It is still public. Mend or withdraw the page first, then decide.")
                )
        alarm.gone_at = alarm.gone_at or timezone.now()
    alarm.state, alarm.reason, alarm.decided_at = state, reason[:300], timezone.now()
    alarm.decided_by = user
    alarm.decided_name = (user.get_full_name() or user.get_username())[:160]
    alarm.save()


def _tell() -> None:
    """One mail to each person in charge: a number and a link, never the words."""
    new = list(
        Alarm.objects.filter(state=Alarm.State.OPEN, told_at=None).values_list("pk", flat=True)
    )
    if not new:
        return
    people = get_user_model().objects.filter(is_active=True).exclude(email="")
    link = settings.WAGTAILADMIN_BASE_URL + reverse("proofreading_alarms")
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        for user in people.filter(is_superuser=False, groups__isnull=False).distinct():
            count = alarms_for(user).filter(pk__in=new).count()
            if not count:
                continue
            subject = ngettext(
                "%(count)d alarm about a public page", "%(count)d alarms about public pages", count
            ) % {"count": count}
            send_mail(subject, f"{subject}\n\n{link}\n", None, [user.email])
        Alarm.objects.filter(pk__in=new).update(told_at=timezone.now())
