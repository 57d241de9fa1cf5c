"""The daily look at the letters of a site, by somebody with a name (R-INT-09)."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.interaction.models import OPEN_STATES, DailyDuty, Letter
from portal.plugin_api import Action, SiteLike, may, site_pk

from .moving import name_of


@transaction.atomic
def confirm_day(*, site: SiteLike, by: Any, at: datetime.datetime | None = None) -> DailyDuty:
    """Record that somebody looked through the letters today; the first one of a day counts.

    Raises:
        PermissionDenied: the account is not of the site's desk.
    """
    pk = site_pk(site)
    if pk is None or not may(by, Action.LETTERS_DESK, pk):
        raise PermissionDenied
    moment = at or timezone.now()
    waiting = Letter.objects.filter(site=pk, state__in=OPEN_STATES).order_by().count()
    duty, _made = DailyDuty.objects.get_or_create(
        site_id=pk,
        day=timezone.localdate(moment),
        defaults={"by": by, "by_name": name_of(by), "at": moment, "waiting": waiting},
    )
    return duty
