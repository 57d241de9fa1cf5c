"""The editors' report of visits: numbers, plots, tables, files."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.plugin_api import TABLE_TYPES, may, site_of_path, sites_allowing, table_response
from portal.visits.models import Subject
from portal.visits.permissions import READING, may_read_some, own_sites
from portal.visits.selectors import figures
from portal.visits.selectors.figures import Period

from .plots import Step, bars, steps
from .tables import TABLES

DAYS = (7, 30, 90, 365)
_DEFAULT = 30


def asked_days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked.isdecimal() and int(asked) in DAYS else _DEFAULT


def asked_period(request: HttpRequest, days: int) -> Period:
    """The last days up to today, of the site that is asked for or of all own ones.

    Raises:
        PermissionDenied: there is none, or it is another one.
    """
    sites: Any = sites_allowing(request.user, READING)
    if sites is not None and not sites:
        raise PermissionDenied
    asked = request.GET.get("site", "")
    if asked.isdecimal():
        if sites is not None and int(asked) not in sites:
            raise PermissionDenied
        sites = {int(asked)}
    today = timezone.localdate()
    return Period(today - datetime.timedelta(days=days - 1), today, sites)


class ReportView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "visits/admin/report.html"
    page_title = gettext_lazy("Website visits")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_some(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = asked_days(self.request)
        period = asked_period(self.request, days)
        now, before = figures.totals(period), figures.totals(period.before)
        rows = steps(figures.by_day(period), period.first, period.last)
        asked = self.request.GET.get("site", "")
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "sites": own_sites(self.request.user),
            "chosen": int(asked) if asked.isdecimal() else None,
            "days": days,
            "choices": DAYS,
            "numbers": _numbers(now, before),
            "is_empty": not (now.views or now.files),
            "plot": bars(rows),
            "steps": [row for row in rows if row.views],
            "is_weekly": days > len(rows),
            "hours": bars(_hours(period)) if now.views else None,
            "tables": [(table, table.rows(period, figures.MOST)) for table in TABLES],
            "has_invented": figures.has_invented(period),
            "query": self.request.GET.urlencode(),
            "kinds": list(TABLE_TYPES),
        }


def _numbers(now: figures.Totals, before: figures.Totals) -> list[dict[str, str]]:
    def one(label: str, value: int, earlier: int) -> dict[str, str]:
        return {"label": label, "value": f"{value:,}", "change": change_text(value, earlier)}

    return [
        one(_("Website visits"), now.entries, before.entries),
        one(_("Page views"), now.views, before.views),
        one(_("Files opened"), now.files, before.files),
    ]


def change_text(value: int, before: int) -> str:
    """How much more or less than in the period before."""
    if not before:
        return "" if not value else _("none before")
    return f"{(value - before) / before * 100:+.0f}%"


def _hours(period: Period) -> list[Step]:
    found = {row.key: row for row in figures.by_key(period, Subject.HOUR)}
    names = [f"{hour:02}" for hour in range(24)]
    return [
        Step(f"{name}:00", found[name].views, found[name].entries)
        if name in found
        else Step(f"{name}:00", 0, 0)
        for name in names
    ]


def export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One of the tables as a file, narrowed as the report is."""
    if not may_read_some(request.user):
        raise PermissionDenied
    table = next((one for one in TABLES if one.key == key), None)
    if table is None or kind not in TABLE_TYPES:
        raise Http404
    period = asked_period(request, asked_days(request))
    rows = table.rows(period, figures.MOST_IN_FILE)
    if table.has_views:
        headings = [
            table.first,
            _("Page views"),
            _("Website visits"),
            _("Period before"),
            _("Address"),
        ]
        values: list[list[Any]] = [
            [row.label, row.views, row.entries, row.before, row.address] for row in rows
        ]
    else:
        headings = [table.first, _("Language"), _("Date")]
        values = [[row.label, row.language, row.date] for row in rows]
    name = f"visits-{key}-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    return table_response(kind, name, headings, values)


class PageView(WagtailAdminTemplateMixin, TemplateView):
    """How often one page was read."""

    template_name = "visits/admin/page.html"
    page_title = gettext_lazy("Visits of a page")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = get_object_or_404(Page, pk=kwargs["pk"])
        if not may(request.user, READING, site_of_path(self.page.path)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.page.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = asked_days(self.request)
        today = timezone.localdate()
        period = Period(today - datetime.timedelta(days=days - 1), today)
        found = figures.page_by_day(self.page.pk, period)
        before = figures.page_by_day(self.page.pk, period.before)
        rows = steps(found, period.first, period.last)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "page": self.page,
            "days": days,
            "choices": DAYS,
            "numbers": _numbers(_summed(found), _summed(before))[:2],
            "is_empty": not found,
            "plot": bars(rows),
            "steps": [row for row in rows if row.views],
            "is_weekly": days > len(rows),
            "addresses": figures.page_addresses(self.page.pk, period),
        }


def _summed(days: dict[datetime.date, tuple[int, int]]) -> figures.Totals:
    return figures.Totals(
        sum(views for views, _entries in days.values()),
        sum(entries for _views, entries in days.values()),
    )
