"""Which public pages are due to be looked through, and which alarms an account sees."""

import datetime
import math
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import Action, sites_allowing
from portal.proofreading.models import Alarm, SweepMark

RUNS_A_DAY = 24 * 6
_LEAST = 50


def public_pages_with_marks() -> QuerySet[Page]:
    """``looked_at``: None for what nobody has looked at since it was made."""
    marks = SweepMark.objects.filter(page=OuterRef("pk")).values("looked_at")
    live = Page.objects.filter(live=True, alias_of=None, depth__gt=1)
    return live.annotate(looked_at=Subquery(marks))


def due(now: datetime.datetime) -> list[int]:
    """Primary keys for one run: what has changed, then what was not looked at for longest.

    A page comes again after half of the days that are set, and the share of one run is twice what
    an even pace needs: so all have had their turn when the days are over.
    """
    pages = public_pages_with_marks()
    half = datetime.timedelta(days=settings.PORTAL_SWEEP_DAYS) / 2
    wanted = Q(looked_at=None) | Q(looked_at__lt=F("last_published_at"))
    wanted |= Q(looked_at__lt=now - half)
    share = max(_LEAST, math.ceil(2 * pages.count() / (settings.PORTAL_SWEEP_DAYS * RUNS_A_DAY)))
    changed_first = (F("looked_at").asc(nulls_first=True), "pk")
    changed = pages.filter(Q(looked_at=None) | Q(looked_at__lt=F("last_published_at")))
    keys = list(changed.order_by(*changed_first).values_list("pk", flat=True)[:share])
    if len(keys) < share:
        rest = pages.filter(wanted).exclude(pk__in=keys).order_by(*changed_first)
        keys += list(rest.values_list("pk", flat=True)[: share - len(keys)])
    return keys


def overdue() -> int:
    """How many public pages were not looked at within the days that are set."""
    limit = timezone.now() - datetime.timedelta(days=settings.PORTAL_SWEEP_DAYS)
    late = Q(looked_at__lt=limit) | Q(looked_at=None, last_published_at__lt=limit)
    return public_pages_with_marks().filter(late).count()


def sees_alarms(user: Any) -> bool:
    sites = _sites(user)
    return sites is None or bool(sites)


def _sites(user: Any) -> set[int] | None:
    """All for who runs the platform and for the security administrator, else the own sites."""
    if sites_allowing(user, Action.USERS) is None:
        return None
    return sites_allowing(user, Action.SITE_SETTINGS)


def alarms_for(user: Any) -> QuerySet[Alarm]:
    sites = _sites(user)
    found = Alarm.objects.select_related("site")
    return found if sites is None else found.filter(site__in=sites)
