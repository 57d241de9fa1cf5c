"""The nightly report of each open section, and how long a section may be silent."""

import datetime
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from portal.foreign.models import ForeignSection, SectionReport, SectionWatch
from portal.foreign.permissions import may_manage
from portal.foreign.selectors.monitoring import inspect

KEPT_DAYS = 400


def watch_sections(site_pk: int | None, now: datetime.datetime | None = None) -> int:
    """Look through the open sections of a site and store what was found; how many sections."""
    if site_pk is None:
        return 0
    now = now or timezone.now()
    day = timezone.localdate(now)
    SectionReport.objects.filter(
        section__site=site_pk, day__lt=day - datetime.timedelta(days=KEPT_DAYS)
    ).delete()
    count = 0
    for section in ForeignSection.objects.filter(
        site=site_pk, state=ForeignSection.State.OPEN
    ).select_related("site", "locale"):
        report_on(section=section, now=now)
        count += 1
    return count


@transaction.atomic
def report_on(*, section: ForeignSection, now: datetime.datetime | None = None) -> SectionReport:
    """Today's report of one section, made anew."""
    now = now or timezone.now()
    report: SectionReport
    report, _created = SectionReport.objects.update_or_create(
        section=section, day=timezone.localdate(now), defaults=asdict(inspect(section, now))
    )
    return report


@transaction.atomic
def set_watch(
    *, section: ForeignSection, update_within_days: int, dead_after_days: int, by: Any
) -> SectionWatch:
    """Set how long a section may be silent.

    Raises:
        PermissionDenied: ``by`` does not run the section.
    """
    if not may_manage(by, section):
        raise PermissionDenied
    watch: SectionWatch
    watch, _created = SectionWatch.objects.update_or_create(
        section=section,
        defaults={"update_within_days": update_within_days, "dead_after_days": dead_after_days},
    )
    return watch
