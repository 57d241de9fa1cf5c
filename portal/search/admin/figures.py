"""What is looked for, found and not found; and what is done about it."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import TABLE_TYPES, sites_allowing, table_response
from portal.search.models import SearchTask
from portal.search.permissions import READING
from portal.search.selectors.figures import (
    MOST,
    Numbers,
    Period,
    QueryNumbers,
    by_day,
    hardly_opened,
    popular,
    totals,
    without_results,
)
from portal.search.services import tasking

from .base import DeskView
from .plots import bars, steps
from .rules import search_url

DAYS = (7, 30, 90, 365)
_DEFAULT = 30
_KIND = SearchTask.Kind


@dataclass(frozen=True, slots=True)
class Table:
    """One list of queries. ``kind``: of the tasks that are made of it; "": of none."""

    key: str
    title: Any
    help: Any
    rows: Callable[[Period, int], list[QueryNumbers]]
    kind: str = ""


TABLES = (
    Table(
        "empty",
        gettext_lazy("Looked for in vain"),
        gettext_lazy("Half of the searches or more found nothing. The most frequent first."),
        without_results,
        _KIND.EMPTY,
    ),
    Table(
        "unopened",
        gettext_lazy("Found, and hardly opened"),
        gettext_lazy("Fewer than one search in ten led to a result that was opened."),
        hardly_opened,
        _KIND.UNOPENED,
    ),
    Table(
        "popular",
        gettext_lazy("Popular"),
        gettext_lazy("What was looked for most."),
        popular,
    ),
)


def _period(request: HttpRequest, sites: Any) -> tuple[int, Period]:
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in DAYS else _DEFAULT
    today = timezone.localdate()
    return days, Period(today - datetime.timedelta(days=days - 1), today, sites)


class FiguresView(DeskView):
    """The numbers that count, one plot, and a table for each question."""

    template_name = "portal_search/admin/figures.html"
    page_title = gettext_lazy("What visitors search for")
    header_icon = "view"
    needed = READING

    def _chosen(self) -> Any:
        return super()._chosen() if self.request.GET.get("site") else None

    @property
    def period(self) -> tuple[int, Period]:
        if self.site is not None:
            sites: Any = [self.site.pk]
        else:
            sites = sites_allowing(self.request.user, READING)
        return _period(self.request, sites)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days, period = self.period
        numbers = totals(period)
        rows = steps(by_day(period), period.first, period.last)
        query = self.request.GET.urlencode()
        return super().get_context_data(**kwargs) | {
            "days": days,
            "choices": DAYS,
            "period": period,
            "numbers": _shown(numbers),
            "plot": bars(rows),
            "steps": [row for row in rows if row.searches],
            "has_invented": period.rows.filter(is_invented=True).exists(),
            "is_weekly": days > len(rows),
            "tables": [self._table(table, period) for table in TABLES],
            "query": query,
            "kinds": list(TABLE_TYPES),
        }

    def _table(self, table: Table, period: Period) -> dict[str, Any]:
        rows = table.rows(period, MOST)
        tasks = self._tasks(table, rows)
        names = {site.pk: site.short_name for site in self.sites}
        return {
            "table": table,
            "rows": [
                {
                    "numbers": row,
                    "site": names.get(row.site, ""),
                    "url": search_url(row.text, row.site or None),
                    "task": tasks.get((row.site, row.language, row.query)),
                    "share": percent(
                        row.empty_share if table.kind == _KIND.EMPTY else row.opened_share
                    ),
                }
                for row in rows
            ],
        }

    def _tasks(self, table: Table, rows: Sequence[QueryNumbers]) -> dict[Any, SearchTask]:
        if not table.kind or not rows:
            return {}
        found = SearchTask.objects.filter(
            kind=table.kind, query__in=[row.query for row in rows]
        ).select_related("owner")
        return {(task.site_id, task.language, task.query): task for task in found}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a task of a row, whatever its numbers."""
        sent = request.POST
        table = next((one for one in TABLES if one.kind and one.key == sent.get("table")), None)
        if table is None:
            raise Http404
        _days, period = self.period
        row = next(
            (
                one
                for one in table.rows(period, MOST)
                if (str(one.site), one.language, one.query)
                == (sent.get("site"), sent.get("language"), sent.get("query"))
            ),
            None,
        )
        if row is None or not any(site.pk == row.site for site in self.sites):
            raise Http404
        task = tasking.open_task(site=row.site, kind=table.kind, row=row)
        return HttpResponseRedirect(reverse("portal_search_task", args=[task.pk]))


def _shown(numbers: Numbers) -> list[tuple[str, str]]:
    place = "–" if numbers.place is None else f"{numbers.place:.1f}"
    return [
        (_("Searches"), f"{numbers.searches:,}"),
        (_("Found nothing"), percent(numbers.empty_share)),
        (_("Opened a result"), percent(numbers.opened_share)),
        (_("Mean place of what was opened"), place),
    ]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f}%"


def export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One of the tables as a file, narrowed as the page is."""
    sites = sites_allowing(request.user, READING)
    if sites is not None and not sites:
        raise PermissionDenied
    table = next((one for one in TABLES if one.key == key), None)
    if table is None or kind not in TABLE_TYPES:
        raise Http404
    asked = request.GET.get("site", "")
    if asked.isdecimal():
        if sites is not None and int(asked) not in sites:
            raise PermissionDenied
        sites = {int(asked)}
    _days, period = _period(request, sites)
    headings = [
        _("Query"), _("Site"), _("Language"), _("Searches"), _("People"), _("Found nothing"),
        _("Opened a result"), _("What was done"),
    ]  # fmt: skip
    rows = table.rows(period, MOST * 10)
    names = _site_names()
    tasks = {
        (task.site_id, task.language, task.query): task
        for task in SearchTask.objects.filter(kind=table.kind or _KIND.EMPTY)
    }
    values = [
        [
            row.text, names.get(row.site, ""), row.language, row.searches, row.askers, row.empty,
            row.opened, _what_was_done(tasks.get((row.site, row.language, row.query))),
        ]
        for row in rows
    ]  # fmt: skip
    name = f"search-{key}-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    return table_response(kind, name, headings, values)


def _site_names() -> dict[int, str]:
    sites: Any = SearchTask._meta.get_field("site").related_model
    return dict(sites._default_manager.values_list("pk", "short_name"))


def _what_was_done(task: SearchTask | None) -> str:
    if task is None:
        return ""
    return str(task.get_done_display() if task.done else task.get_state_display())


def task_or_404(request: HttpRequest, pk: int) -> SearchTask:
    """A task that the account may see."""
    task: SearchTask = get_object_or_404(
        SearchTask.objects.select_related("site", "owner", "closed_by"), pk=pk
    )
    sites = sites_allowing(request.user, READING)
    if sites is not None and task.site_id not in sites:
        raise PermissionDenied
    return task
