"""Deadlines: the work calendar of all sites, the limits of one, and what is owed there."""

from portal.core.models import CalendarDay, CalendarYear, ClockTerms
from portal.core.roles import Action
from portal.testing import enable_plugin

from ..actors import Actor
from ..places import Place
from .registry import attempt


@attempt(Action.CALENDAR)
def add_calendar_day(actor: Actor, place: Place) -> bool:
    actor.post("calendar_days:add", data={"date": "2026-03-16", "kind": "holiday", "name": "市庆"})
    return CalendarDay.objects.filter(date="2026-03-16").exists()


@attempt(Action.CALENDAR)
def change_calendar_day(actor: Actor, place: Place) -> bool:
    day = CalendarDay.objects.get(date="2026-10-10")
    form = {"date": "2026-10-10", "kind": "holiday", "name": "改了", "source": ""}
    actor.post("calendar_days:edit", day.pk, data=form)
    return CalendarDay.objects.get(pk=day.pk).name == "改了"


@attempt(Action.CALENDAR)
def delete_calendar_day(actor: Actor, place: Place) -> bool:
    day = CalendarDay.objects.get(date="2026-10-10")
    actor.post("calendar_days:delete", day.pk)
    return not CalendarDay.objects.filter(pk=day.pk).exists()


@attempt(Action.CALENDAR)
def change_calendar_year(actor: Actor, place: Place) -> bool:
    year = CalendarYear.objects.get(year=2026)
    actor.post("calendar_years:edit", year.pk, data={"year": 2026, "source": "改了", "title": ""})
    return CalendarYear.objects.get(pk=year.pk).source == "改了"


@attempt(Action.CALENDAR)
def delete_calendar_year(actor: Actor, place: Place) -> bool:
    year = CalendarYear.objects.get(year=2026)
    actor.post("calendar_years:delete", year.pk)
    return not CalendarYear.objects.filter(pk=year.pk).exists()


@attempt(Action.CALENDAR)
def add_calendar_year(actor: Actor, place: Place) -> bool:
    form = {"year": 2031, "source": "国办发明电", "rows": "2031-01-01,holiday,元旦"}
    actor.post("portal_calendar_year", data=form)
    return CalendarYear.objects.filter(year=2031).exists()


@attempt(Action.SITE_SETTINGS)
def change_a_limit(actor: Actor, place: Place) -> bool:
    form = {"amount": 7, "unit": "working_days"}
    with enable_plugin("dummy"):
        actor.post("portal_clock_terms_edit", place.record.pk, "dummy.answer", data=form)
    return ClockTerms.objects.filter(site=place.record, amount=7).exists()


@attempt(Action.SITE_SETTINGS)
def read_limits(actor: Actor, place: Place) -> bool:
    return actor.reads(place.record.short_name, "portal_clock_terms", place.record.pk)


@attempt(Action.PAGE_CHANGE)
def read_deadlines(actor: Actor, place: Place) -> bool:
    return actor.reads(place.clock.label, "portal_deadlines")


@attempt(Action.PAGE_CHANGE)
def export_deadlines(actor: Actor, place: Place) -> bool:
    return actor.reads(place.clock.label, "portal_deadlines", export="csv")


@attempt(Action.PAGE_CHANGE)
def read_the_history_of_a_deadline(actor: Actor, place: Place) -> bool:
    return actor.reads(place.clock.label, "portal_deadline_history", place.clock.pk)
