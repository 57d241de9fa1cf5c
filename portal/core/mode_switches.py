"""Switching modes of sites on and off, and telling the rest of the portal that it happened.

Each start and end is in the log with its account, also those that a schedule brings. Consumers of
the outbox (a store of finished pages …) read ``site.modes_changed``.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from . import outbox, structure
from .models import EmergencyBanner, GreyPeriod, SiteRecord
from .models.modes import OVER, TimedMode
from .turns import take_turn

STARTED = "portal.mode.started"
ENDED = "portal.mode.ended"
_LOGGED = {
    TimedMode.State.ACTIVE: STARTED,
    TimedMode.State.ENDED: ENDED,
    TimedMode.State.CANCELLED: ENDED,
}


@transaction.atomic
def end_now(*, mode: TimedMode, user: Any) -> TimedMode:
    """End what holds, or cancel what is planned. What is over stays as it was.

    Returns:
        The mode as it is stored now.
    """
    take_turn()
    found: TimedMode = type(mode)._default_manager.select_for_update().get(pk=mode.pk)
    now = timezone.now()
    if found.state(now) is TimedMode.State.ACTIVE:
        found.ends_at = now
    elif found.state(now) is TimedMode.State.PLANNED:
        found.ends_at = found.starts_at
    else:
        return found
    # Not ``save()``: a banner's texts are not loaded, and nothing of it is validated anew.
    type(found)._default_manager.filter(pk=found.pk).update(ends_at=found.ends_at)
    tell_changes(user=user, now=now)
    found.refresh_from_db(fields=["told"])
    return found


@transaction.atomic
def turn_grey(*, site: SiteRecord | None, with_sub_sites: bool, user: Any) -> GreyPeriod:
    """Take the colours away from now on, until somebody gives them back."""
    take_turn()
    period = GreyPeriod(site=site, with_sub_sites=with_sub_sites)
    period.full_clean()
    period.save()
    log(instance=period, action="wagtail.create", user=user)
    tell_changes(user=user)
    return period


def tell_changes(*, user: Any = None, now: datetime.datetime | None = None) -> int:
    """Log and announce every start and end that has not been told yet.

    Called after each change, and by the clock each minute for what a schedule brings. Pages need
    neither: they compare with the clock themselves.

    Returns:
        How many modes had changed.
    """
    now = now or timezone.now()
    changed = [mode for mode in _untold() if mode.told != mode.state(now)]
    if not changed:
        return 0
    with transaction.atomic():
        take_turn()
        for mode in changed:
            _tell(mode, mode.state(now), user)
        structure.touch()
    return len(changed)


def _untold() -> list[TimedMode]:
    banners, greys = (
        list(model.objects.exclude(told__in=OVER)) for model in (EmergencyBanner, GreyPeriod)
    )
    return [*banners, *greys]


def _tell(mode: TimedMode, state: TimedMode.State, user: Any) -> None:
    before = mode.told
    type(mode)._default_manager.filter(pk=mode.pk).update(told=state)
    action = _LOGGED.get(state)
    if action == STARTED or (action == ENDED and before):
        log(instance=mode, action=action, user=user)
    outbox.append(
        "site.modes_changed",
        f"site:{mode.site_id}" if mode.site_id else "platform",
        {"mode": mode._meta.model_name, "pk": mode.pk, "state": state},
    )
