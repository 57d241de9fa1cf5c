"""The report "How the functions do": each function's figures, the period before, and advice."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.core import structure
from portal.core.function_measures import (
    Measure,
    MeasuredFunction,
    MeasureUnit,
    measured_functions,
)
from portal.core.models import SiteRecord
from portal.core.table_files import table_response
from portal.plugins.slots import Entry

from .reports import sites_readable

PERIODS = (30, 90, 365)
# From fewer cases than this nothing is concluded.
LEAST_CASES = 10
_HEADINGS = ("function", "measure", "label", "value", "unit", "cases", "before", "mark", "verdict")


class Verdict(StrEnum):
    """What a figure comes to beside its mark."""

    TOLD = "told"
    FEW = "few"
    GOOD = "good"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Row:
    """A measure with the same one of the period before (None: not measured then)."""

    measure: Measure
    before: Measure | None

    @property
    def verdict(self) -> Verdict:
        return verdict(self.measure)

    @property
    def value(self) -> str:
        return shown(self.measure)

    @property
    def earlier(self) -> str:
        return shown(self.before) if self.before is not None else "–"

    @property
    def mark(self) -> str:
        measure = self.measure
        if measure.at_least is not None:
            return _("at least %(value)s") % {"value": text_of(measure.at_least, measure.unit)}
        if measure.at_most is not None:
            return _("at most %(value)s") % {"value": text_of(measure.at_most, measure.unit)}
        return ""


@dataclass(frozen=True, slots=True)
class Function:
    key: str
    title: Any
    rows: list[Row]

    @property
    def missed(self) -> int:
        return sum(row.verdict is Verdict.MISSED for row in self.rows)


def verdict(measure: Measure) -> Verdict:
    """Whether a mark is met; told where there is none, few where nothing can be concluded."""
    if measure.at_least is None and measure.at_most is None:
        return Verdict.TOLD
    if measure.value is None:
        return Verdict.FEW
    if measure.unit is not MeasureUnit.COUNT and measure.of < LEAST_CASES:
        return Verdict.FEW
    too_low = measure.at_least is not None and measure.value < measure.at_least
    too_high = measure.at_most is not None and measure.value > measure.at_most
    return Verdict.MISSED if too_low or too_high else Verdict.GOOD


def text_of(value: float, unit: MeasureUnit) -> str:
    """A value as people read it."""
    match unit:
        case MeasureUnit.SHARE:
            return f"{number_format(round(100 * value), decimal_pos=0)} %"
        case MeasureUnit.DAYS:
            return _("%(value)s working days") % {
                "value": number_format(round(value, 1), decimal_pos=1)
            }
        case MeasureUnit.SECONDS:
            return _("%(value)s s") % {"value": _one_place(value)}
        case MeasureUnit.SCORE:
            return _("%(value)s of 5") % {"value": _one_place(value)}
        case MeasureUnit.NUMBER:
            return _one_place(value)
        case _:
            return str(number_format(value, decimal_pos=0, force_grouping=True))


def _one_place(value: float) -> str:
    return str(number_format(round(value, 1), decimal_pos=1))


def shown(measure: Measure) -> str:
    return "–" if measure.value is None else text_of(measure.value, measure.unit)


def functions(*, site: int | None, days: int, today: datetime.date | None = None) -> list[Function]:
    """All functions that are on at the site, with the same number of days before."""
    last = today or timezone.localdate()
    first = last - datetime.timedelta(days=days - 1)
    earlier = (first - datetime.timedelta(days=days), first - datetime.timedelta(days=1))
    found: list[tuple[int, Function]] = []
    for entry in measured_functions.entries(site):
        now = _measures(entry, site, first, last)
        if not now:
            continue
        then = _measures(entry, site, *earlier)
        before = {measure.key: measure for measure in then}
        rows = [Row(measure, before.get(measure.key)) for measure in now]
        found.append((entry.item.order, Function(entry.key, entry.item.title, rows)))
    return [function for _order, function in sorted(found, key=lambda pair: pair[0])]


def _measures(
    entry: Entry[MeasuredFunction], site: int | None, first: datetime.date, last: datetime.date
) -> list[Measure]:
    """Of a function that fails: nothing; the others are shown all the same."""
    nothing: list[Measure] = []
    return entry.run(lambda item: list(item.measures(site=site, first=first, last=last)), nothing)


class FunctionsView(WagtailAdminTemplateMixin, TemplateView):
    """For whoever reads the records of sites; of one of these, or of all of them."""

    template_name = "portal/admin/functions.html"
    page_title = gettext_lazy("How the functions do")
    header_icon = "glasses"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.readable = sites_readable(request.user)
        if self.readable is not None and not self.readable:
            raise PermissionDenied
        self.site = self._site(request.GET.get("site", ""))
        asked = request.GET.get("days", "")
        self.days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
        if request.GET.get("export") == "csv":
            return _file(functions(site=self.site, days=self.days))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def _site(self, asked: str) -> int | None:
        """The site that is asked for; None for all, which only platform roles see."""
        if not asked.isdecimal():
            own = self.readable
            main = structure.current().main_site_pk
            if own is None:
                return None
            return main if main in own else min(own)
        pk = int(asked)
        if self.readable is not None and pk not in self.readable:
            raise PermissionDenied
        return pk

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sites = SiteRecord.objects.order_by("kind", "code")
        if self.readable is not None:
            sites = sites.filter(pk__in=self.readable)
        found = functions(site=self.site, days=self.days)
        return super().get_context_data(**kwargs) | {
            "sites": sites,
            "site": self.site,
            "may_see_all": self.readable is None,
            "days": self.days,
            "periods": PERIODS,
            "functions": found,
            "missed": sum(function.missed for function in found),
        }


def _file(found: Iterable[Function]) -> HttpResponse:
    rows = [
        [
            function.key,
            row.measure.key,
            row.measure.label,
            row.measure.value,
            row.measure.unit.value,
            row.measure.of,
            row.before.value if row.before is not None else None,
            row.mark,
            row.verdict.value,
        ]
        for function in found
        for row in function.rows
    ]
    return table_response("csv", "functions", _HEADINGS, rows)
