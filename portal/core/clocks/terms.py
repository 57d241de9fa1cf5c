"""What holds at a site: its work time, and its terms for each kind of deadline."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from portal.core import extension_points, structure
from portal.core.models import CalendarDay, CalendarYear, ClockTerms, SiteRecord
from portal.plugins.slots import Entry

from .calendar import WorkCalendar, calendar_of
from .kinds import ClockKind, Escalation, Terms
from .worktime import Limit, OfficeHours, Rules, Unit, WorkTime


def work_calendar() -> WorkCalendar:
    """The calendar of all sites; read once for each version of the structure."""
    found = structure.current()
    calendar: WorkCalendar | None = found.kept(("work_calendar",))
    if calendar is None:
        calendar = calendar_of(
            CalendarDay.objects.values_list("date", "kind"),
            CalendarYear.objects.values_list("year", flat=True),
        )
        found.keep(("work_calendar",), calendar)
    return calendar


def day_names() -> dict[datetime.date, str]:
    """What the special days of the calendar are called; read once as the calendar is."""
    found = structure.current()
    names: dict[datetime.date, str] | None = found.kept(("work_calendar", "names"))
    if names is None:
        names = dict(CalendarDay.objects.values_list("date", "name"))
        found.keep(("work_calendar", "names"), names)
    return names


def work_time(site_pk: int) -> WorkTime:
    """The work time of a site; of the platform's defaults where there is no such site."""
    record = structure.current().records.get(site_pk)
    hours, rules = (OfficeHours(), Rules()) if record is None else hours_and_rules(record)
    return WorkTime(work_calendar(), hours, rules, ZoneInfo(settings.TIME_ZONE))


def hours_and_rules(record: SiteRecord) -> tuple[OfficeHours, Rules]:
    """A site's own office hours and rules."""
    return (
        OfficeHours(
            (record.work_morning_from, record.work_morning_until),
            (record.work_afternoon_from, record.work_afternoon_until),
        ),
        Rules(
            counts_first_day=record.counts_first_day,
            late_is_next_day=record.late_is_next_day,
            moves_off_days=record.moves_off_days,
        ),
    )


def kind_of(key: str, site_pk: int) -> Entry[ClockKind] | None:
    """The kind with this key; None where the plugin that brings it is off or gone."""
    return extension_points.clock_kinds.get(key, site_pk)


def kinds_at(site_pk: int) -> list[Entry[ClockKind]]:
    """The kinds of a site, in the one order."""
    return list(extension_points.clock_kinds.entries(site_pk))


def terms_at(entry: Entry[ClockKind], site_pk: int) -> Terms:
    """What holds for a kind at a site: its own setting, else the kind's default."""
    row = ClockTerms.objects.filter(site_id=site_pk, kind=entry.key).first()
    return entry.item.terms if row is None else stored_terms(row)


def all_terms_at(site_pk: int) -> dict[str, Terms]:
    """What a site has set itself, by the key of the kind."""
    rows = ClockTerms.objects.filter(site_id=site_pk)
    return {row.kind: stored_terms(row) for row in rows}


def stored_terms(row: ClockTerms) -> Terms:
    """The terms of a row."""
    extension = None
    if row.extension_amount is not None:
        extension = Limit(row.extension_amount, Unit(row.extension_unit))
    return Terms(
        limit=Limit(row.amount, Unit(row.unit)),
        extension=extension,
        reminders=tuple(_limit(step) for step in row.reminders),
        escalations=tuple(Escalation(_limit(step), step["role"]) for step in row.escalations),
    )


def row_values(terms: Terms) -> dict[str, Any]:
    """The fields of a row for terms."""
    return {
        "amount": terms.limit.amount,
        "unit": terms.limit.unit.value,
        "extension_amount": terms.extension.amount if terms.extension else None,
        "extension_unit": terms.extension.unit.value if terms.extension else "",
        "reminders": [_stored(limit) for limit in terms.reminders],
        "escalations": [_stored(e.after) | {"role": e.role} for e in terms.escalations],
    }


def _limit(step: dict[str, Any]) -> Limit:
    return Limit(step["amount"], Unit(step["unit"]))


def _stored(limit: Limit) -> dict[str, Any]:
    return {"amount": limit.amount, "unit": limit.unit.value}
