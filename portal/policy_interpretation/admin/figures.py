"""The figures of a year: documents, interpretations, punctuality; as a page and as CSV."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.plugin_api import Action, sites_allowing, table_response
from portal.policy_interpretation.models import Obligation
from portal.policy_interpretation.selectors.figures import Figures, differences, figures, share

from .obligations import may_see_board

FIRST_YEAR = 2000


class FiguresView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "policy_interpretation/admin/yearly_figures.html"
    page_title = _("Figures of interpretations")
    header_icon = "order"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_board(request.user):
            raise PermissionDenied
        self.sites = self._sites()
        today = timezone.localdate()
        asked = request.GET.get("year", "")
        self.year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
        self.year = min(max(self.year, FIRST_YEAR), today.year)
        if request.GET.get("export") == "figures":
            headings, *rows = figure_rows(figures(self.year, self.sites))
            return table_response("csv", f"interpretation-figures-{self.year}", headings, rows)
        if request.GET.get("export") == "documents":
            headings, *rows = self._difference_rows()
            return table_response("csv", f"interpretation-differences-{self.year}", headings, rows)
        return super().dispatch(request, *args, **kwargs)

    def _sites(self) -> list[int] | None:
        """The sites to count: the one asked for, or all that the account works for."""
        allowed = sites_allowing(self.request.user, Action.PAGE_CHANGE)
        asked = self.request.GET.get("site", "")
        if asked.isdecimal():
            if allowed is not None and int(asked) not in allowed:
                raise PermissionDenied
            return [int(asked)]
        return None if allowed is None else sorted(allowed)

    def _difference_rows(self) -> Iterable[list[Any]]:
        yield [
            gettext("Document"),
            gettext("Document number"),
            gettext("Document published"),
            gettext("First product published"),
            gettext("Difference in hours"),
        ]
        for row in differences(self.year, self.sites):
            yield [
                row.title,
                row.document_number,
                row.published_at,
                row.product_at,
                hours(row.difference),
            ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        records = Obligation._meta.get_field("site").related_model._default_manager.all()
        allowed = sites_allowing(self.request.user, Action.PAGE_CHANGE)
        if allowed is not None:
            records = records.filter(pk__in=allowed)
        found = figures(self.year, self.sites)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "figures": found,
            "rows": list(figure_rows(found))[1:],
            "year": self.year,
            "years": range(timezone.localdate().year, timezone.localdate().year - 6, -1),
            "records": records,
            "site": self.request.GET.get("site", ""),
        }


def figure_rows(found: Figures) -> Iterable[list[Any]]:
    """Name and value of each figure, in the order of the report."""
    yield [gettext("Figure"), str(found.year)]
    yield [gettext("Documents published"), found.documents]
    yield [gettext("of these with an interpretation"), found.interpreted]
    yield [gettext("share in percent"), _or_dash(share(found.interpreted, found.documents))]
    yield [gettext("Documents that owe an interpretation"), found.owing]
    yield [gettext("of these with an interpretation"), found.owing_interpreted]
    yield [gettext("share in percent"), _or_dash(share(found.owing_interpreted, found.owing))]
    yield [gettext("Products owed, without waived ones"), found.owed]
    yield [gettext("of these on time"), found.on_time]
    yield [gettext("share in percent"), _or_dash(share(found.on_time, found.owed))]
    yield [
        gettext("Mean time from document to product, in hours"),
        _or_dash(hours(found.mean_difference)),
    ]
    for label, number in found.states:
        yield [gettext("Products owed: %(state)s") % {"state": label}, number]
    for label, number in found.forms:
        yield [gettext("Products by form: %(form)s") % {"form": label}, number]
    for label, number in found.author_kinds:
        yield [gettext("Products by author: %(author)s") % {"author": label}, number]


def hours(difference: datetime.timedelta | None) -> float | None:
    """Hours with one digit."""
    return None if difference is None else round(difference.total_seconds() / 3600, 1)


def _or_dash(value: float | None) -> Any:
    return "—" if value is None else value
