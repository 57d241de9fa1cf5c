"""Contributions: the own ones, those of the sites that one runs, one by itself, the ranking."""

import datetime
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminDateInput

from portal.editorial.models import Contribution, ContributionState, ItemKind
from portal.editorial.permissions import (
    managed_contributions,
    manages_somewhere,
    may_manage,
    may_settle,
    sites_managed,
)
from portal.editorial.selectors.contributors import sees_own
from portal.editorial.selectors.fees import month_of, with_amounts
from portal.editorial.selectors.ranking import Rank, ranking
from portal.editorial.services import contributions as services

from .base import CellColumn, ScreenMixin, StyledReportMixin
from .exports import ExportMixin

MONTHS_TOTALLED = 12


def detail_url(row: Contribution) -> str:
    return reverse("editorial_contribution", args=[row.pk])


# --- lists ----------------------------------------------------------------------------------------
class StateFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ContributionState, widget=forms.CheckboxSelectMultiple
    )
    since = django_filters.DateFilter(
        field_name="submitted_at",
        lookup_expr="date__gte",
        label=_("Submitted from"),
        widget=AdminDateInput,
    )
    until = django_filters.DateFilter(
        field_name="submitted_at", lookup_expr="date__lte", label=_("Submitted until"),
        widget=AdminDateInput,
    )  # fmt: skip

    class Meta:
        model = Contribution
        fields: list[str] = []


def _people(request: HttpRequest | None) -> QuerySet[Any]:
    users = Contribution._meta.get_field("user").related_model._default_manager
    shown = managed_contributions(request.user) if request else Contribution.objects.none()
    return users.filter(pk__in=shown.values("user"))


def _units(request: HttpRequest | None) -> QuerySet[Any]:
    units = Contribution._meta.get_field("unit").related_model._default_manager
    shown = managed_contributions(request.user) if request else Contribution.objects.none()
    return units.filter(pk__in=shown.values("unit"))


class ManagedFilterSet(StateFilterSet):
    user = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("contribution", "Person"), queryset=_people
    )
    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=_units)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ItemKind)


class _ListView(ABC, ExportMixin, StyledReportMixin, ReportView):
    model = Contribution
    header_icon = "doc-full-inverse"
    is_searchable = False
    default_ordering = "-submitted_at"
    columns = [
        TitleColumn("title", label=_("Title"), get_url=detail_url),
        CellColumn("state", "editorial/admin/contribution_state_cell.html", label=_("State")),
        Column("column", label=_("Column"), accessor="column_title"),
        DateColumn("submitted_at", label=_("Submitted")),
        Column("words", label=pgettext_lazy("count", "Words")),
        CellColumn("fee", "editorial/admin/fee_cell.html", label=_("Fee in yuan")),
    ]
    list_export = [
        "title", "person", "unit_name", "site.short_name", "column_title", "get_capacity_display",
        "get_kind_display", "words", "minutes", "submitted_at", "get_state_display", "accepted_at",
        "reason", "fee",
    ]  # fmt: skip
    export_headings = {
        "title": _("Title"),
        "person": pgettext_lazy("contribution", "Person"),
        "unit_name": _("Unit"),
        "site.short_name": _("Site"),
        "column_title": _("Column"),
        "get_capacity_display": _("Capacity"),
        "get_kind_display": _("Kind"),
        "words": pgettext_lazy("count", "Words"),
        "minutes": _("Minutes"),
        "submitted_at": _("Submitted"),
        "get_state_display": _("State"),
        "accepted_at": _("Accepted"),
        "reason": _("Reason of the return"),
        "fee": _("Fee in yuan"),
    }

    @abstractmethod
    def rows(self) -> QuerySet[Contribution]:
        """What this person may see of the list."""

    def get_queryset(self) -> QuerySet[Contribution]:
        return self.rows().select_related("site").order_by("-submitted_at", "-pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        found = list(object_list)
        with_amounts(found)
        return found


@dataclass(slots=True)
class MonthTotal:
    submitted: int = 0
    accepted: int = 0
    words: int = 0
    fee: Decimal = Decimal(0)


class MineView(_ListView):
    """What the account handed in itself, and what came of it month by month."""

    index_url_name = "editorial_mine"
    index_results_url_name = "editorial_mine_results"
    results_template_name = "editorial/admin/mine_results.html"
    page_title = _("My contributions")
    filterset_class = StateFilterSet
    export_filename = "my-contributions"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees_own(request):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def rows(self) -> QuerySet[Contribution]:
        return Contribution.objects.filter(user=self.request.user.pk)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["totals"] = self._totals()
            context["returned"] = list(
                self.rows().filter(state=ContributionState.RETURNED).order_by("-changed_at")[:20]
            )
        return context

    def _totals(self) -> list[tuple[Any, MonthTotal]]:
        since = timezone.now() - datetime.timedelta(days=31 * MONTHS_TOTALLED)
        recent = list(self.rows().filter(Q(submitted_at__gte=since) | Q(accepted_at__gte=since)))
        with_amounts(recent)
        totals: dict[Any, MonthTotal] = defaultdict(MonthTotal)
        for row in recent:
            totals[month_of(timezone.localdate(row.submitted_at))].submitted += 1
            if row.accepted_at is not None:
                total = totals[month_of(timezone.localdate(row.accepted_at))]
                total.accepted += 1
                total.words += row.words
                total.fee += getattr(row, "fee", None) or 0
        return sorted(totals.items(), reverse=True)[:MONTHS_TOTALLED]


class ContributionsView(_ListView):
    """All contributions of the sites that the account runs."""

    index_url_name = "editorial_contributions"
    index_results_url_name = "editorial_contributions_results"
    results_template_name = "editorial/admin/contributions_results.html"
    page_title = _("Contributions")
    filterset_class = ManagedFilterSet
    export_filename = "contributions"
    columns = [
        _ListView.columns[0],
        Column("person", label=pgettext_lazy("contribution", "Person")),
        Column("unit", label=_("Unit"), accessor="unit_name"),
        *_ListView.columns[1:],
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not manages_somewhere(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def rows(self) -> QuerySet[Contribution]:
        return managed_contributions(self.request.user)


# --- one ------------------------------------------------------------------------------------------
class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Paid as"), choices=ItemKind)
    words = forms.IntegerField(
        label=pgettext_lazy("count", "Words"), min_value=0, max_value=1_000_000
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=10_000)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The author reads it as well.")
    )


class ContributionView(ScreenMixin, TemplateView):
    """One contribution with its steps; whoever runs the site corrects what it is paid as."""

    template_name = "editorial/admin/contribution.html"
    page_title = _("Contribution")
    header_icon = "doc-full-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = Contribution.objects.select_related("site", "column", "page", "sheet")
        self.row: Contribution = get_object_or_404(rows, pk=kwargs["pk"])
        is_own = self.row.user_id is not None and self.row.user_id == request.user.pk
        if not is_own and not may_manage(request.user, self.row.site_id):
            raise PermissionDenied
        self.is_own = is_own
        self.may_correct = self.row.sheet_id is None and may_settle(
            request.user, self.row.site_id, self.row.user_id
        )
        self.form = CorrectionForm(
            initial={name: getattr(self.row, name) for name in ("kind", "words", "minutes")}
        )
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.row.title

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_correct:
            raise PermissionDenied
        self.form = CorrectionForm(request.POST)
        if self.form.is_valid():
            try:
                services.correct(contribution=self.row, by=request.user, **self.form.cleaned_data)
            except ValidationError as error:
                self.form.add_error(None, error)
            else:
                messages.success(request, gettext("Corrected; the author sees it too."))
                return HttpResponseRedirect(request.path)
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with_amounts([self.row])
        page: Any = self.row.page
        may_edit = page is not None and page.permissions_for_user(self.request.user).can_edit()
        return super().get_context_data(**kwargs) | {
            "row": self.row,
            "is_own": self.is_own,
            "steps": list(self.row.steps.all()),
            "may_edit": may_edit,
            "may_correct": self.may_correct,
            "form": self.form,
        }


# --- the ranking ----------------------------------------------------------------------------------
class RankingForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=AdminDateInput, required=False)
    until = forms.DateField(label=_("Until"), widget=AdminDateInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "since" in cleaned and "until" in cleaned and cleaned["until"] < cleaned["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return cleaned


class RankingView(ExportMixin, ScreenMixin, TemplateView):
    """Units and people by what was accepted of them in a time."""

    template_name = "editorial/admin/ranking.html"
    page_title = _("Ranking of contributions")
    header_icon = "list-ol"
    list_export = ["group", "name", "submitted", "accepted", "share", "words"]
    export_headings = {
        "group": _("Ranking"),
        "name": _("Name"),
        "submitted": _("Submitted"),
        "accepted": _("Accepted"),
        "share": _("Accepted of 100"),
        "words": _("Words accepted"),
    }
    export_filename = "ranking"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not manages_somewhere(request.user):
            raise PermissionDenied
        today = timezone.localdate()
        data = {
            "since": request.GET.get("since") or today.replace(month=1, day=1),
            "until": request.GET.get("until") or today,
        }
        self.form = RankingForm(data)
        self.units: list[Rank] = []
        self.persons: list[Rank] = []
        if self.form.is_valid():
            self.units, self.persons = ranking(
                managed_contributions(request.user), **self.form.cleaned_data
            )
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_export:
            return self.as_spreadsheet([*self.units, *self.persons], request.GET["export"])
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "tables": (
                (_("Units"), self.units),
                (pgettext_lazy("ranking", "People"), self.persons),
            ),
            "csv_url": self.csv_export_url,
            "xlsx_url": self.xlsx_export_url,
        }


def fees_site_choices(user: Any) -> QuerySet[Any]:
    """The sites whose fees an account settles."""
    records = Contribution._meta.get_field("site").related_model._default_manager
    sites = sites_managed(user)
    return records.all() if sites is None else records.filter(pk__in=sites)
