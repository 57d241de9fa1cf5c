"""How fast reposts were, source by source, and what was missed (R-PUB-09)."""

import csv
import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import safe_cell
from portal.reposting.permissions import known_sites, sites_read
from portal.reposting.selectors.items import missed, speeds

from .base import Screen, kept, window

_USUAL_DAYS = 30
_LONGEST_DAYS = 3660


def _day(text: str, usual: datetime.date) -> datetime.date:
    try:
        return parse_date(text) or usual
    except ValueError:
        return usual


def _moment(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class SpeedScreen(Screen):
    template_name = "reposting/admin/report.html"
    page_title = _("How fast reposts were")
    header_icon = "clipboard-list"
    needs = "read"

    def period(self) -> tuple[datetime.date, datetime.date]:
        """First and last day; turned round where somebody typed them so."""
        today = timezone.localdate()
        last = min(_day(self.request.GET.get("until", ""), today), today)
        first = _day(self.request.GET.get("since", ""), last - datetime.timedelta(_USUAL_DAYS - 1))
        first, last = min(first, last), max(first, last)
        return max(first, last - datetime.timedelta(_LONGEST_DAYS)), last

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "csv":
            return self._file()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        first, last = self.period()
        sites = known_sites(sites_read(self.request.user))
        since, until = _moment(first), _moment(last + datetime.timedelta(1))
        return context | {
            "first": first,
            "last": last,
            "speeds": speeds(sites, since, until),
            "window": window(missed(sites, since, until), self.request),
            "kept": kept(self.request),
        }

    def _file(self) -> HttpResponse:
        first, last = self.period()
        sites = known_sites(sites_read(self.request.user))
        rows = speeds(sites, _moment(first), _moment(last + datetime.timedelta(1)))
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="reposts-{first}-{last}.csv"'
        response.write("\ufeff")  # spreadsheets take it for another encoding otherwise
        sheet = csv.writer(response)
        sheet.writerow([
            gettext("Source"), gettext("Site"), gettext("To be reposted"), gettext("In time"),
            gettext("Too late or missing"), gettext("Still time"), gettext("Minutes on average"),
        ])  # fmt: skip
        for row in rows:
            sheet.writerow([
                safe_cell(row.source.name), safe_cell(row.source.site.short_name), row.wanted,
                row.in_time, row.late, row.waiting, "" if row.minutes is None else row.minutes,
            ])  # fmt: skip
        return response
