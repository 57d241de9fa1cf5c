"""What is done for letters by itself, and the daily look that somebody confirms."""

import datetime
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.interaction.models import DailyDuty, Letter, LetterState, LetterStep, Verb
from portal.interaction.profiles import profiles_of
from portal.interaction.selectors.monitors import WAITING, too_long
from portal.interaction.states import CLOSED
from portal.plugin_api import Action, Clock, may

from .erasing import erase_sender
from .moving import MoveRefused, checked_moment, lock, name_of, record
from .notices import send_lost

logger = logging.getLogger(__name__)
PORTION = 500
# A month, for keeping: nobody notices the days.
_MONTH = datetime.timedelta(days=30.44)


@transaction.atomic
def confirm_duty(*, site_pk: int, by: Any) -> DailyDuty:
    """Somebody of the desk has looked through the letters of today (R-INT-09); once a day.

    Raises:
        PermissionDenied: ``by`` is not of the site's desk.
    """
    if not may(by, Action.LETTERS_DESK, site_pk):
        raise PermissionDenied
    waiting = Letter.objects.filter(site=site_pk, state=LetterState.RECEIVED).count()
    made, _created = DailyDuty.objects.get_or_create(
        site_id=site_pk,
        day=timezone.localdate(),
        defaults={"by": by, "by_name": name_of(by), "at": timezone.now(), "waiting": waiting},
    )
    return made


def follow_clocks(site_pk: int | None) -> int:
    """Bring the days that lists are sorted by up to date with the clocks: these move when the work
    calendar of a site is changed. How many have moved."""
    behind = Letter.objects.filter(state__in=WAITING, clock__isnull=False)
    behind = behind.exclude(due_at=F("clock__due_at"))
    if site_pk is not None:
        behind = behind.filter(site=site_pk)
    moved = 0
    for pk, clock in list(behind.values_list("pk", "clock")):
        due = Clock.objects.filter(pk=clock).values_list("due_at", flat=True).first()
        moved += Letter.objects.filter(pk=pk).update(due_at=due)
    return moved


def look_after(site_pk: int | None) -> None:
    """Every ten minutes: dates that moved, notices that were lost."""
    follow_clocks(site_pk)
    send_lost(site_pk)


def watch(site_pk: int | None) -> None:
    """Each night: letters beyond three months are shown to the head, data past their time go."""
    if site_pk is None:
        return
    warn_of_veto(site_pk)
    erase_old(site_pk)


def warn_of_veto(site_pk: int) -> int:
    """Note each letter that nobody has answered for three months, once; how many are new."""
    new = 0
    for letter in too_long(site_pk, timezone.now())[:PORTION]:
        with transaction.atomic():
            found = lock(letter)
            noted = LetterStep.objects.filter(
                letter=found, verb=Verb.ESCALATE, data__what="three_months"
            )
            if found.state in CLOSED - {LetterState.MERGED} or noted.exists():
                continue
            record(
                found,
                Verb.ESCALATE,
                at=checked_moment(found, None),
                data={"what": "three_months", "role": "site_admin"},
            )
            new += 1
    if new:
        logger.warning("%d letters of site %d have no answer after three months", new, site_pk)
    return new


def erase_old(site_pk: int) -> int:
    """Erase who wrote letters that were closed longer ago than the site keeps that; how many."""
    done = 0
    for profile in profiles_of(site_pk):
        limit = timezone.now() - profile.keep_months * _MONTH
        old = Letter.objects.filter(
            site=site_pk,
            kind=profile.kind,
            closed_at__lt=limit,
            state__in=CLOSED - {LetterState.MERGED},
            sender__erased_at__isnull=True,
        )
        for letter in old[:PORTION]:
            try:
                erase_sender(letter=letter, reason=_("The time for which it is kept is over."))
                done += 1
            except MoveRefused:  # somebody was faster
                continue
    return done
