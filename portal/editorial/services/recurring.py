"""Recurring tasks, issued by the job each morning."""

import calendar
import datetime
import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.editorial.models import RecurringTask, UnitTask

from . import tasks

logger = logging.getLogger(__name__)
Every = RecurringTask.Every
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def following(day: datetime.date, every: str, anchor: int) -> datetime.date:
    """The next day after ``day``; ``anchor`` is the day of the month that is meant."""
    if every == Every.WEEK:
        return day + datetime.timedelta(days=7)
    month = day.month - 1 + _MONTHS[Every(every)]
    year, month = day.year + month // 12, month % 12 + 1
    return datetime.date(year, month, min(anchor, calendar.monthrange(year, month)[1]))


def issue_due(site_pk: int | None) -> int:
    """Issue what is due at a site; how many. One that cannot be issued holds up no other.

    After a long break one task is issued, not one for each time that was missed.
    """
    if site_pk is None:
        return 0
    today = timezone.localdate()
    due = RecurringTask.objects.filter(site=site_pk, is_active=True, next_on__lte=today)
    issued = 0
    for pk in list(due.order_by("next_on", "pk").values_list("pk", flat=True)):
        try:
            issued += _issue(pk, today) is not None
        except (PermissionDenied, ValidationError):
            logger.warning("The recurring task %s was not issued", pk, exc_info=True)
    return issued


@transaction.atomic
def _issue(pk: int, today: datetime.date) -> UnitTask | None:
    row = (
        RecurringTask.objects.select_for_update(of=("self",))
        .select_related("unit", "kind", "column", "made_by")
        .get(pk=pk)
    )
    if not row.is_active or row.next_on > today:
        return None
    day = row.next_on
    anchor = row.anchor_day or day.day
    task = tasks.issue(
        site_pk=row.site_id,
        title=_title(row, day),
        wanted=row.wanted,
        unit=row.unit,
        person=row.person,
        by=row.made_by,
        kind=row.kind,
        column=row.column,
        limit_days=row.limit_days,
        template=row,
        template_day=day,
    )
    while row.next_on <= today:
        row.next_on = following(row.next_on, row.every, anchor)
    row.anchor_day = anchor
    row.save(update_fields=["next_on", "anchor_day"])
    return task


def _title(row: RecurringTask, day: datetime.date) -> str:
    """With the time that it is for, so that twelve of a year can be told apart."""
    if row.every == Every.YEAR:
        return _("%(title)s (%(year)d)") % {"title": row.title, "year": day.year}
    if row.every == Every.WEEK:
        return _("%(title)s (%(day)s)") % {"title": row.title, "day": f"{day:%Y-%m-%d}"}
    return _("%(title)s (%(month)s)") % {"title": row.title, "month": f"{day:%Y-%m}"}
