"""The board: what each department owes, and one obligation with what can be done about it."""

import datetime
from collections.abc import Iterable
from typing import Any, cast

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from portal.plugin_api import Action, ClockAlarm, clocks, sites_allowing
from portal.policy_interpretation.models import Obligation, PolicyTheme
from portal.policy_interpretation.models.products import AuthorKind, ProductForm
from portal.policy_interpretation.selectors.obligations import (
    OPEN,
    SHOWN,
    State,
    counts_by_unit,
    orphans,
    visible_to,
    with_states,
)
from portal.policy_interpretation.selectors.plans import due_text
from portal.policy_interpretation.selectors.reading import coverage_of
from portal.policy_interpretation.services import obligations as services
from portal.policy_interpretation.services.drafts import begin_product, places_for_products

MONTHS_BACK = 24


def may_see_board(user: Any) -> bool:
    """Who works on content somewhere sees what is owed there."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or bool(sites)


# --- the board ------------------------------------------------------------------------------------
def _months() -> list[tuple[str, str]]:
    first = timezone.localdate().replace(day=1)
    found = []
    for _number in range(MONTHS_BACK):
        found.append((f"{first:%Y-%m}", f"{first:%Y-%m}"))
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return found


def _own_sites(request: HttpRequest | None) -> QuerySet[Any]:
    records = Obligation._meta.get_field("site").related_model._default_manager.all()
    sites = sites_allowing(request.user, Action.PAGE_CHANGE) if request else set()
    return records if sites is None else records.filter(pk__in=sites)


def _units(request: HttpRequest | None) -> QuerySet[Any]:
    units = Obligation._meta.get_field("unit").related_model._default_manager
    shown = visible_to(request.user) if request else Obligation.objects.none()
    return units.filter(pk__in=shown.values("unit"))


class BoardFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[(state.value, state.label) for state in SHOWN],
        widget=forms.CheckboxSelectMultiple,
        method="filter_state",
    )
    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=_units)
    site = django_filters.ModelChoiceFilter(label=_("Site"), queryset=_own_sites)
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"),
        queryset=PolicyTheme.objects.filter(parent=None),
        method="filter_theme",
    )
    month = django_filters.ChoiceFilter(
        label=_("Document published in"), choices=_months, method="filter_month"
    )

    class Meta:
        model = Obligation
        fields: list[str] = []

    def filter_state(self, found: Any, name: str, value: list[str]) -> Any:
        return found.filter(state__in=value) if value else found

    def filter_theme(self, found: Any, name: str, value: PolicyTheme) -> Any:
        return found.filter(policy__policy_record__theme_class=value.pk)

    def filter_month(self, found: Any, name: str, value: str) -> Any:
        year, month = (int(part) for part in value.split("-"))
        return found.filter(published_at__year=year, published_at__month=month)


def _state_label(row: Any) -> str:
    return str(State(row.state).label)


class _StateColumn(Column):
    cell_template_name = "policy_interpretation/admin/state_cell.html"

    def get_value(self, instance: Any) -> State:
        return State(instance.state)


class _CoverageColumn(Column):
    """How many clauses of the document no public plain words explain, with the way to them."""

    cell_template_name = "policy_interpretation/admin/coverage_cell.html"

    def get_value(self, instance: Any) -> Any:
        return getattr(instance, "coverage", None)


class BoardView(ReportView):
    """All obligations of the own sites: counted by department and state, listed, exported."""

    index_url_name = "policy_obligations"
    index_results_url_name = "policy_obligations_results"
    results_template_name = "policy_interpretation/admin/board_results.html"
    page_title = _("Interpretations owed")
    header_icon = "clipboard-list"
    model = Obligation
    is_searchable = False
    filterset_class = BoardFilterSet
    columns = [
        TitleColumn(
            "policy",
            label=_("Document"),
            accessor="policy.title",
            get_url=lambda row: reverse("policy_obligation", args=[row.pk]),
        ),
        Column("product_text", label=_("Product")),
        Column("unit", label=_("Unit"), accessor="unit_name"),
        _StateColumn("state", label=_("State")),
        Column("due", label=_("Due"), accessor=due_text),
        DateColumn("published_at", label=_("Document published")),
        Column("product", label=_("Fulfilled by"), accessor="product_title"),
        _CoverageColumn("coverage", label=_("Not explained")),
    ]
    export_filename = "interpretations"
    list_export = [
        "policy.title",
        "policy.document_number",
        "product_text",
        "site.short_name",
        "unit_name",
        "person",
        "state",
        "published_at",
        "due",
        "product_title",
        "fulfilled_at",
        "waiver_reason",
    ]
    export_headings = {
        "policy.title": _("Document"),
        "policy.document_number": _("Document number"),
        "product_text": _("Product"),
        "site.short_name": _("Site"),
        "unit_name": _("Unit"),
        "person": _("Person in charge"),
        "state": _("State"),
        "published_at": _("Document published"),
        "due": _("Due"),
        "product_title": _("Fulfilled by"),
        "fulfilled_at": _("Fulfilled"),
        "waiver_reason": _("Reason"),
    }
    custom_field_preprocess = {
        "state": {
            "csv": lambda value: str(State(value).label),
            "xlsx": lambda value: str(State(value).label),
        }
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_board(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> Any:
        found = with_states(visible_to(self.request.user))
        return found.select_related(
            "policy__policy_record", "site", "unit", "clock", "product", "rule"
        ).order_by("due", "pk")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        style = forms.Media(css={"all": ["policy_interpretation/admin/board.css"]})
        context["media"] = context.get("media", forms.Media()) + style
        if not self.is_export:
            # Counted over all that is filtered for, but for the two axes of the table themselves.
            data = self.request.GET.copy()
            data.pop("state", None), data.pop("unit", None)
            filters = self.filterset_class(data, request=self.request, queryset=self.get_queryset())
            context["units"] = counts_by_unit(filters.qs.select_related(None))
            context["states"] = SHOWN
            context["kept"] = data.urlencode()
            context["orphans"] = self._orphans()
            self._measure(context["object_list"])
        return context

    def _measure(self, rows: Iterable[Any]) -> None:
        """The coverage of the documents on this page of the board. Two queries."""
        measured = coverage_of({row.policy_id: row.policy for row in rows}.values())
        for row in rows:
            row.coverage = measured[row.policy_id]

    def _orphans(self) -> list[Any]:
        sites = sites_allowing(self.request.user, Action.PAGE_CHANGE)
        found = orphans()
        if sites is not None:
            found = found.filter(policy__policy_record__site__in=sites)
        return list(found[:50])


# --- one obligation -------------------------------------------------------------------------------
class WaiverForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is not owed"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Everybody who sees the board reads it; it is kept with the document."),
    )


class ProductDraftForm(forms.Form):
    """Where the missing product is to be made, and as what."""

    parent = forms.ModelChoiceField(label=_("Column"), queryset=Page.objects.none())
    form = forms.ChoiceField(label=_("Form"), choices=ProductForm)
    author_kind = forms.ChoiceField(label=_("Who explains"), choices=AuthorKind)

    def __init__(self, *args: Any, places: QuerySet[Page], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]


class ObligationView(WagtailAdminTemplateMixin, TemplateView):
    """One obligation: how it stands, its reminders, beginning the product, waiving it."""

    template_name = "policy_interpretation/admin/obligation.html"
    page_title = _("Interpretation owed")
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_board(request.user):
            raise PermissionDenied
        rows = with_states().select_related(
            "policy__policy_record", "site", "unit", "clock", "product", "rule", "waived_by"
        )
        self.row: Any = get_object_or_404(rows, pk=kwargs["pk"])
        sites = sites_allowing(request.user, Action.PAGE_CHANGE)
        if sites is not None and self.row.site_id not in sites:
            raise PermissionDenied
        self.may_waive = self.row.policy.permissions_for_user(
            cast("Any", request.user)
        ).can_publish()
        self.places = places_for_products(request.user, self.row.site_id)
        self.waiver = WaiverForm()
        self.draft = self._draft_form()
        return super().dispatch(request, *args, **kwargs)

    def _draft_form(self, data: Any = None) -> ProductDraftForm:
        form, kind = (self.row.accepted or [["", ""]])[0]
        initial = {
            "parent": self.row.policy.get_parent().pk,
            "form": form or ProductForm.TEXT,
            "author_kind": kind or AuthorKind.DRAFTER,
        }
        return ProductDraftForm(data, places=self.places, initial=initial)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        try:
            if action == "waive":
                return self._waive(request)
            if action == "owe_again":
                services.owe_again(obligation=self.row, by=request.user)
                messages.success(request, gettext("It is owed again."))
                return HttpResponseRedirect(request.path)
            if action == "begin":
                return self._begin(request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.render_to_response(self.get_context_data(**kwargs))

    def _waive(self, request: HttpRequest) -> HttpResponse:
        self.waiver = WaiverForm(request.POST)
        if not self.waiver.is_valid():
            return self.render_to_response(self.get_context_data())
        services.waive(
            obligation=self.row, reason=self.waiver.cleaned_data["reason"], by=request.user
        )
        messages.success(request, gettext("Waived; the reason is on record."))
        return HttpResponseRedirect(request.path)

    def _begin(self, request: HttpRequest) -> HttpResponse:
        self.draft = self._draft_form(request.POST)
        if not self.draft.is_valid():
            return self.render_to_response(self.get_context_data())
        product = begin_product(
            policy=self.row.policy,
            parent=self.draft.cleaned_data["parent"],
            form=self.draft.cleaned_data["form"],
            author_kind=self.draft.cleaned_data["author_kind"],
            by=request.user,
        )
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[product.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        row = self.row
        state = State(row.state)
        alarms = ClockAlarm.objects.filter(clock=row.clock) if row.clock else []
        return context | {
            "row": row,
            "state": state,
            "due": due_text(row),
            "words": clocks.words(row.clock) if row.clock else None,
            "alarms": alarms,
            "is_open": state in OPEN,
            "may_waive": self.may_waive,
            "waiver": self.waiver,
            "draft": self.draft,
            "places": self.places,
        }

    def get_page_subtitle(self) -> str:
        return str(self.row.policy.title)
