"""The sheets of a site's contributors, month by month: looked at, confirmed, paid, exported."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.editorial.models import Basis, ContributorKind, FeeSheet, ItemKind
from portal.editorial.permissions import manages_somewhere, may_manage
from portal.editorial.selectors.fees import (
    Sheet,
    month_of,
    months_with_items,
    sheets,
    translators_fees_url,
)
from portal.editorial.services import fees

from .base import ScreenMixin
from .contributions import fees_site_choices
from .exports import ExportMixin


def month_from(text: str) -> datetime.date:
    """The month of an address such as 2026-03; without a good one, this month."""
    try:
        day = parse_date(f"{text}-01")
    except ValueError:
        day = None
    known = day is not None and 2000 <= day.year <= 2100  # no calendar ends within a month of it
    return day if day is not None and known else month_of(timezone.localdate())


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One item as the file has it."""

    person: str
    unit: str
    capacity: str
    title: str
    kind: str
    words: int
    minutes: int
    basis: str
    rate: Any
    amount: Any
    accepted: datetime.date
    month: str
    state: str
    paid_on: Any


def exported(found: list[Sheet]) -> Iterator[ExportRow]:
    for sheet in found:
        month = f"{sheet.month:%Y-%m}"
        for line in sheet.lines:
            row, rate = line.contribution, line.rate
            yield ExportRow(
                sheet.person, sheet.unit_name, str(row.get_capacity_display()), row.title,
                str(row.get_kind_display()), row.words, row.minutes,
                str(rate.get_basis_display()) if rate else "", rate.amount if rate else "",
                line.amount if rate else "", line.accepted_on, month,
                pgettext("fee sheet", "draft") if rate else gettext("no rate yet"), "",
            )  # fmt: skip
        for stored in sheet.confirmed:
            for kept in stored.lines.all():
                yield ExportRow(
                    sheet.person, stored.unit_name, str(ContributorKind(kept.capacity).label),
                    kept.title, str(ItemKind(kept.kind).label), kept.words, kept.minutes,
                    str(Basis(kept.basis).label), kept.rate, kept.amount, kept.accepted_on, month,
                    str(stored.get_state_display()), stored.paid_on or "",
                )  # fmt: skip


class FeesView(ExportMixin, ScreenMixin, TemplateView):
    template_name = "editorial/admin/fees.html"
    page_title = _("Fees of contributors")
    header_icon = "table"
    list_export = [
        "person", "unit", "capacity", "title", "kind", "words", "minutes", "basis", "rate",
        "amount", "accepted", "month", "state", "paid_on",
    ]  # fmt: skip
    export_headings = {
        "person": pgettext_lazy("contribution", "Person"),
        "unit": _("Unit"),
        "capacity": _("Capacity"),
        "title": _("Title"),
        "kind": _("Kind"),
        "words": pgettext_lazy("count", "Words"),
        "minutes": _("Minutes"),
        "basis": pgettext_lazy("fee rate", "Paid"),
        "rate": _("Rate"),
        "amount": _("Amount in yuan"),
        "accepted": _("Accepted"),
        "month": _("Month"),
        "state": _("State"),
        "paid_on": _("Paid on"),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not manages_somewhere(request.user):
            raise PermissionDenied
        sites = fees_site_choices(request.user)
        self.sites = [site for site in sites if may_manage(request.user, site.pk)]
        asked = request.GET.get("site", "")
        chosen = [site for site in self.sites if asked in ("", str(site.pk))]
        if not chosen:
            raise PermissionDenied
        self.site = chosen[0]
        self.month = month_from(request.GET.get("month", ""))
        self.export_filename = f"fees-{self.site.code}-{self.month:%Y-%m}"
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.site)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_export:
            found = sheets(self.site.pk, self.month)
            return self.as_spreadsheet(list(exported(found)), request.GET["export"])
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = {*months_with_items(site=self.site.pk), self.month}
        months.add(month_of(timezone.localdate()))
        return super().get_context_data(**kwargs) | {
            "site": self.site,
            "sites": self.sites,
            "month": self.month,
            "months": sorted(months, reverse=True),
            "sheets": sheets(self.site.pk, self.month),
            "today": timezone.localdate(),
            "taken_back": FeeSheet.objects.filter(
                site=self.site, month=self.month, state=FeeSheet.State.TAKEN_BACK
            ),
            "translators_url": translators_fees_url(self.site.pk),
            "csv_url": self.csv_export_url,
            "xlsx_url": self.xlsx_export_url,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        steps = {"confirm": self._confirm, "pay": self._pay, "take_back": self._take_back}
        step = steps.get(request.POST.get("action", ""))
        try:
            if step is None:
                raise ValidationError(gettext("There is nothing of this kind to do."))
            messages.success(request, step(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(f"{request.path}?site={self.site.pk}&month={self.month:%Y-%m}")

    def _confirm(self, request: HttpRequest) -> str:
        pk = request.POST.get("person", "")
        users = get_user_model()._default_manager
        user = get_object_or_404(users, pk=int(pk) if pk.isdecimal() else 0)
        sheet = fees.confirm(site_pk=self.site.pk, user=user, month=self.month, by=request.user)
        told = {"person": sheet.person, "amount": sheet.amount}
        return gettext("Confirmed: %(person)s, %(amount)s yuan.") % told

    def _sheet(self, request: HttpRequest) -> FeeSheet:
        pk = request.POST.get("sheet", "")
        found: FeeSheet = get_object_or_404(
            FeeSheet, pk=int(pk) if pk.isdecimal() else 0, site=self.site
        )
        return found

    def _pay(self, request: HttpRequest) -> str:
        sheet = self._sheet(request)
        try:
            day = parse_date(request.POST.get("paid_on", ""))
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(gettext("Enter the day of payment."))
        fees.mark_paid(sheet=sheet, on=day, by=request.user)
        return gettext("Noted as paid: %(person)s.") % {"person": sheet.person}

    def _take_back(self, request: HttpRequest) -> str:
        sheet = self._sheet(request)
        fees.take_back(sheet=sheet, reason=request.POST.get("reason", ""), by=request.user)
        return gettext("The fee sheet is open again.")
