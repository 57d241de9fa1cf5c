"""The report of yearly counts."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.participation.exports import as_file
from portal.participation.selectors.counts import ColumnCount, sites_counted, yearly_counts

YEARS_BACK = 5
FORMATS = ("csv", "xlsx")


def may_see_counts(user: Any) -> bool:
    sites = sites_counted(user)
    return sites is None or bool(sites)


class CountsView(WagtailAdminTemplateMixin, TemplateView):
    """Interviews, surveys and solicitations by column, against what the year demands."""

    template_name = "participation/admin/counts.html"
    page_title = _("Participation in the year")
    header_icon = "list-ol"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_counts(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(  # type: ignore[override]  # a file is an answer too
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        ending = request.GET.get("export", "")
        if ending in FORMATS:
            return as_file(lines(self.counts, self.year), f"participation-{self.year}", ending)
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    @property
    def year(self) -> int:
        """A year that does not exist shows this one: the address may have been typed."""
        asked = self.request.GET.get("year", "")
        return int(asked) if asked in map(str, self.years) else self.years[0]

    @property
    def years(self) -> list[int]:
        this = timezone.localdate().year
        return [this - back for back in range(YEARS_BACK)]

    @property
    def counts(self) -> list[ColumnCount]:
        return yearly_counts(sites_counted(self.request.user), self.year)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "rows": self.counts,
            "year": self.year,
            "years": self.years,
            "formats": FORMATS,
        }


def lines(counts: Iterable[ColumnCount], year: int) -> Iterator[list[str]]:
    """The report as a table, its headings first."""
    yield [
        gettext("Year"),
        gettext("Site"),
        gettext("Column"),
        gettext("What is counted"),
        gettext("At least"),
        gettext("Counted so far"),
        gettext("Planned"),
        gettext("By the year's end"),
        gettext("State"),
        gettext("Result owed"),
    ]
    for row in counts:
        yield [
            str(year),
            row.site_name,
            row.column_title,
            str(row.counted_label),
            str(row.forecast.required),
            str(row.forecast.done),
            str(row.forecast.planned),
            str(row.forecast.expected),
            str(row.forecast.pace.label),
            str(row.owed),
        ]
