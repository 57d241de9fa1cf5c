"""Work sheets: the own ones, and those of a section for whoever runs it."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.foreign.models import (
    FeeRate,
    FeeSettlement,
    ForeignSection,
    MadeBy,
    WorkKind,
    WorkRecord,
)
from portal.foreign.permissions import may_manage
from portal.foreign.selectors.fees import (
    Sheet,
    month_of,
    months_with_work,
    records_in,
    sheets,
)
from portal.foreign.services import fees
from portal.plugin_api import TABLE_TYPES, table_response

from .board import BoardMixin


class RateForm(forms.ModelForm[FeeRate]):
    class Meta:
        model = FeeRate
        fields = ("kind", "made_by", "amount", "valid_from")
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in WorkKind if kind != WorkKind.CORRECTION]
        self.fields["kind"] = forms.ChoiceField(label=_("Work"), choices=kinds)


class CorrectionForm(forms.Form):
    person = forms.ChoiceField(label=_("Whose sheet"))
    words = forms.IntegerField(
        label=_("Words more (or, with a minus, less)"), min_value=-1_000_000, max_value=1_000_000
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, people: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((str(pk), name) for pk, name in people.items()),
        ]


class FeesView(BoardMixin, TemplateView):
    """The sheets of a section in a month: rates, corrections, settling; for who runs it."""

    template_name = "foreign/admin/fees.html"
    page_title = _("Work and fees")
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.section = get_object_or_404(
            ForeignSection.objects.select_related("site", "locale"), pk=kwargs["section"]
        )
        if not may_manage(request.user, self.section):
            raise PermissionDenied
        self.month = month_from(request.GET.get("month", ""))
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.section)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if kind in TABLE_TYPES:
            name = f"fees-{self.section.locale.language_code}-{self.month:%Y-%m}"
            found = sheets(self.section, self.month)
            return table_response(kind, name, _HEADINGS, _exported(found))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = sheets(self.section, self.month)
        today = timezone.localdate()
        context = {
            "section": self.section,
            "month": self.month,
            "months": _months(months_with_work(section=self.section), self.month),
            "sheets": found,
            "rates": FeeRate.objects.filter(section=self.section),
            "rate_form": RateForm(initial={"valid_from": month_of(today)}),
            "correction_form": CorrectionForm(people=self._people()),
            "taken_back": FeeSettlement.objects.filter(
                section=self.section, month=self.month, taken_back_at__isnull=False
            ).select_related("settled_by", "taken_back_by"),
        }
        return super().get_context_data(**kwargs) | context | kwargs

    def _people(self) -> dict[int, str]:
        """Who can have a sheet here, without oneself."""
        rows = list(self.section.team.select_related("user").order_by("user__username"))
        people = {row.user_id: row.user.get_full_name() or row.user.get_username() for row in rows}
        return {pk: name for pk, name in people.items() if pk != self.request.user.pk}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        steps = {
            "rate": self._set_rate,
            "correct": self._correct,
            "settle": self._settle,
            "take_back": self._take_back,
        }
        if action not in steps:
            messages.error(request, gettext("There is nothing of this kind to do."))
            return HttpResponseRedirect(self._here())
        try:
            failed = steps[action](request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            failed = {}
        if failed is None:
            return HttpResponseRedirect(self._here())
        return self.render_to_response(self.get_context_data(**failed), status=422)

    def _here(self) -> str:
        address = reverse("foreign_fees", args=[self.section.pk])
        return f"{address}?month={self.month:%Y-%m}"

    def _set_rate(self, request: HttpRequest) -> dict[str, Any] | None:
        form = RateForm(request.POST)
        if not form.is_valid():
            return {"rate_form": form}
        fees.set_rate(section=self.section, by=request.user, **form.cleaned_data)
        messages.success(request, gettext("The rate is set."))
        return None

    def _correct(self, request: HttpRequest) -> dict[str, Any] | None:
        people = self._people()
        form = CorrectionForm(request.POST, people=people)
        if not form.is_valid():
            return {"correction_form": form}
        fees.correct(
            section=self.section,
            user=self._person(form.cleaned_data["person"]),
            month=self.month,
            words=form.cleaned_data["words"],
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
        messages.success(request, gettext("The sheet is corrected."))
        return None

    def _settle(self, request: HttpRequest) -> dict[str, Any] | None:
        settlement = fees.settle(
            section=self.section,
            user=self._person(request.POST.get("person", "")),
            month=self.month,
            by=request.user,
        )
        messages.success(
            request,
            gettext("Settled: %(person)s, %(amount)s yuan.")
            % {"person": settlement.person, "amount": settlement.amount},
        )
        return None

    def _take_back(self, request: HttpRequest) -> dict[str, Any] | None:
        pk = request.POST.get("settlement", "")
        settlement = get_object_or_404(
            FeeSettlement, pk=pk if pk.isdecimal() else 0, section=self.section
        )
        fees.take_settlement_back(
            settlement=settlement, reason=request.POST.get("reason", ""), by=request.user
        )
        messages.success(request, gettext("The sheet is open again."))
        return None

    def _person(self, text: str) -> Any:
        """An account that has work in this section or is in its team."""
        if not text.isdecimal():
            raise ValidationError(gettext("Choose a person."))
        record = (
            WorkRecord.objects.filter(section=self.section, user=int(text))
            .select_related("user")
            .first()
        )
        if record is not None:
            return record.user
        member = self.section.team.filter(user=int(text)).select_related("user").first()
        if member is None:
            raise ValidationError(gettext("This person has no sheet in this section."))
        return member.user


class OwnFeesView(BoardMixin, TemplateView):
    """The own sheets in all sections, piece by piece; nobody else's."""

    template_name = "foreign/admin/own_fees.html"
    page_title = _("My translation work")
    header_icon = "doc-full"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.month = month_from(request.GET.get("month", ""))
        kind = request.GET.get("export", "")
        if kind in TABLE_TYPES:
            found = [sheet for _section, mine, _records in self._own() for sheet in mine]
            return table_response(kind, f"work-{self.month:%Y-%m}", _HEADINGS, _exported(found))
        return self.render_to_response(self.get_context_data())

    def _own(self) -> list[tuple[ForeignSection, list[Sheet], Any]]:
        user: Any = self.request.user
        sections = (
            ForeignSection.objects.filter(work_records__user=user)
            .select_related("site", "locale")
            .distinct()
        )
        found = []
        for section in sections:
            mine = sheets(section, self.month, user)
            records = records_in(section, self.month).filter(user=user).order_by("at", "pk")
            if mine:
                found.append((section, mine, list(records[:1000])))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "month": self.month,
            "months": _months(months_with_work(user=self.request.user), self.month),
            "own": self._own(),
        }


def month_from(text: str) -> datetime.date:
    """The month of an address such as 2026-03; without a good one, this month."""
    try:
        day = parse_date(f"{text}-01")
    except ValueError:
        day = None
    return day or month_of(timezone.localdate())


def _months(months: list[datetime.date], shown: datetime.date) -> list[datetime.date]:
    return sorted({*months, shown, month_of(timezone.localdate())}, reverse=True)


_HEADINGS = (
    _("Whose sheet"),
    _("Language section"),
    _("Month"),
    _("Work"),
    _("Made from"),
    _("Texts"),
    _("Words"),
    _("Rate for 1,000"),
    _("Amount in yuan"),
    _("State"),
    _("Settled by"),
    pgettext_lazy("work sheet", "Settled"),
)


def _exported(found: list[Sheet]) -> Iterator[list[Any]]:
    for sheet in found:
        head = [sheet.person, str(sheet.section), f"{sheet.month:%Y-%m}"]
        for line in sheet.lines:
            yield [
                *head,
                line.kind.label,
                line.made_by.label,
                line.pieces,
                line.words,
                line.rate,
                line.amount,
                pgettext("work sheet", "open") if line.rate is not None else gettext("no rate yet"),
                "",
                "",
            ]
        for settlement in sheet.settled:
            for stored in settlement.lines:
                yield [
                    *head,
                    WorkKind(stored["kind"]).label,
                    MadeBy(stored["made_by"]).label,
                    stored["pieces"],
                    stored["words"],
                    Decimal(stored["rate"]),
                    Decimal(stored["amount"]),
                    pgettext("work sheet", "settled"),
                    settlement.settled_by or "",
                    settlement.settled_at,
                ]
