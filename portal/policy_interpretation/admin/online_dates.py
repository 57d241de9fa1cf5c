"""Paper and web at the same time: the date of each document beside the day it came online."""

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.plugin_api import Action, sites_allowing, table_response
from portal.policy_interpretation.days import read_day
from portal.policy_interpretation.models import PolicyRecord
from portal.policy_interpretation.selectors.online_dates import (
    BodyRow,
    by_body,
    later_than,
    online_dates,
    sites_read,
)

PER_PAGE = 50
MOST_SHOWN = 2_000
MOST_EXPORTED = 10_000
MOST_BODIES = 200
USUAL_DAYS = 365
LONGEST_DAYS = 3660
MOST_LATE = 9_999
LATEST = datetime.date(9000, 1, 1)


def may_see_dates(user: Any) -> bool:
    sites = sites_read(user)
    return sites is None or bool(sites)


class OnlineDatesView(WagtailAdminTemplateMixin, TemplateView):
    """The summary is of all documents of the period, so that ``late`` and ``body`` narrow the list
    below it only."""

    template_name = "policy_interpretation/admin/online_dates.html"
    page_title = _("Document date and online date")
    header_icon = "date"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_dates(request.user):
            raise PermissionDenied
        self.sites = self._sites()
        self.first, self.last = self._period()
        self.late = _days(request.GET.get("late", "0"))
        self.body = request.GET.get("body", "").replace("\0", "")[:120]
        self.carried = "carried" in request.GET
        self.documents = online_dates(self.sites, self.first, self.last, carried=self.carried)
        name = f"online-dates-{self.first}-{self.last}"
        if request.GET.get("export") == "documents":
            headings, *rows = self._document_rows()
            return table_response("csv", name, headings, rows)
        if request.GET.get("export") == "bodies":
            headings, *rows = _body_rows(by_body(self.documents))
            return table_response("csv", f"{name}-bodies", headings, rows)
        return super().dispatch(request, *args, **kwargs)

    def _sites(self) -> list[int] | None:
        """The sites to measure: the one asked for, or all that the account reads."""
        allowed = sites_read(self.request.user)
        asked = self.request.GET.get("site", "")
        if asked.isascii() and asked.isdigit() and len(asked) < 12:
            if allowed is not None and int(asked) not in allowed:
                raise PermissionDenied
            return [int(asked)]
        return None if allowed is None else sorted(allowed)

    def _period(self) -> tuple[datetime.date, datetime.date]:
        """First and last day; turned round where somebody typed them so."""
        usual = timezone.localdate(timezone=timezone.get_default_timezone())
        last = read_day(self.request.GET.get("until", "")[:40]) or usual
        first = read_day(self.request.GET.get("since", "")[:40])
        first = first or _before(last, USUAL_DAYS - 1)
        first, last = sorted(min(day, LATEST) for day in (first, last))
        return max(first, _before(last, LONGEST_DAYS)), last

    def _listed(self) -> Any:
        found = self.documents
        if self.body:
            found = found.filter(lead_body=self.body)
        return later_than(found, self.late).select_related("site")

    def _document_rows(self) -> Iterable[list[Any]]:
        yield [
            gettext("Document"),
            gettext("Document number"),
            gettext("Issuing body"),
            gettext("Site"),
            gettext("Date of the document"),
            gettext("Came online"),
            pgettext("disclosure", "Days"),
            gettext("Date that the page states"),
        ]
        rows = list(self._listed()[: MOST_EXPORTED + 1])
        for row in rows[:MOST_EXPORTED]:
            yield [
                row.title,
                row.document_number,
                row.bodies,
                row.site.short_name if row.site else "",
                row.issued_on or gettext("no date"),
                row.online_on,
                None if row.days is None else row.days.days,
                row.stated_on,
            ]
        if len(rows) > MOST_EXPORTED:
            told = gettext("More than %(number)d documents: choose filters to see the others.")
            yield [told % {"number": MOST_EXPORTED}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        records = PolicyRecord._meta.get_field("site").related_model._default_manager.all()
        allowed = sites_read(self.request.user)
        if allowed is not None:
            records = records.filter(pk__in=allowed)
        bodies = by_body(self.documents)
        listed = self._listed()
        rows = Paginator(listed[:MOST_SHOWN], PER_PAGE).get_page(self.request.GET.get("p"))
        changes = sites_allowing(self.request.user, Action.PAGE_CHANGE)
        for row in rows:
            row.may_edit = changes is None or row.site_id in changes
        style = forms.Media(css={"all": ["policy_interpretation/admin/online_dates.css"]})
        asked = {
            "since": self.first.isoformat(),
            "until": self.last.isoformat(),
            "site": self.request.GET.get("site", ""),
            "late": "" if self.late is None else str(self.late),
        } | ({"carried": "1"} if self.carried else {})
        return context | {
            "media": context.get("media", forms.Media()) + style,
            "records": records,
            "bodies": bodies[:MOST_BODIES],
            "bodies_cut": len(bodies) > MOST_BODIES,
            "rows": rows,
            "rows_cut": rows.paginator.count == MOST_SHOWN and listed[MOST_SHOWN:].exists(),
            "most": MOST_SHOWN,
            "body": self.body,
            "carried": self.carried,
            "asked": asked,
            "kept": urlencode(asked),
            "kept_body": urlencode(asked | {"body": self.body}),
        }


def _days(text: str) -> int | None:
    """How many days may pass; None (all documents) where nothing, or nonsense, was typed."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return None
    return min(int(text), MOST_LATE)


def _before(day: datetime.date, days: int) -> datetime.date:
    return datetime.date.fromordinal(max(day.toordinal() - days, 2))


def _body_rows(bodies: Iterable[BodyRow]) -> Iterable[list[Any]]:
    yield [
        gettext("Issuing body"),
        pgettext("disclosure", "Documents"),
        gettext("Same day or before"),
        gettext("Median, days"),
        gettext("Longest, days"),
        gettext("Without a date"),
    ]
    for row in bodies:
        yield [row.name, row.count, row.in_step, row.median, row.worst, row.undated]
