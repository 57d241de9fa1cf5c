"""How complete guides are, and whether the counter uses their text."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from portal.services.completeness import CRITICAL, GROUPS, LABELS
from portal.services.models import CounterConfirmation, GuidePage, GuideRecord
from portal.services.permissions import sees_oversight
from portal.services.selectors.oversight import (
    CONFIRMED,
    DISPUTED,
    NEVER,
    OUTDATED,
    confirmation_of,
    in_state,
    overview,
    state_of,
    visible_records,
    with_confirmations,
)
from portal.services.selectors.pages import body_context
from portal.services.services import confirmations as services

STATES = {
    CONFIRMED: pgettext_lazy("counter", "confirmed"),
    OUTDATED: pgettext_lazy("counter", "changed since it was confirmed"),
    DISPUTED: pgettext_lazy("counter", "difference reported"),
    NEVER: pgettext_lazy("counter", "never confirmed"),
}
SCORES = [
    ("critical", _("four or more key parts missing")),
    ("key", _("a key part missing")),
    ("59", _("below 60")),
    ("89", _("below 90")),
    ("99", _("below 100")),
]


def _units(request: HttpRequest | None) -> QuerySet[Any]:
    units = GuidePage._meta.get_field("owner_unit").related_model._default_manager
    shown = visible_records(request.user) if request else GuideRecord.objects.none()
    # Whether a unit has one is one look into an index; all guides are not read for it.
    return units.filter(Exists(shown.filter(page__owner_unit=OuterRef("pk"))))


def _sites(request: HttpRequest | None) -> QuerySet[Any]:
    sites = GuideRecord._meta.get_field("site").related_model._default_manager
    shown = visible_records(request.user) if request else GuideRecord.objects.none()
    return sites.filter(Exists(shown.filter(site=OuterRef("pk"))))


class GuideFilterSet(WagtailFilterSet):
    title = django_filters.CharFilter(
        label=_("Title"), field_name="page__title", lookup_expr="icontains"
    )
    score = django_filters.ChoiceFilter(
        label=_("Completeness"), choices=SCORES, method="filter_score"
    )
    missing = django_filters.ChoiceFilter(
        label=_("Missing"),
        choices=[(group.key, group.label) for group in GROUPS],
        method="filter_missing",
    )
    counter = django_filters.ChoiceFilter(
        label=_("Counter"), choices=list(STATES.items()), method="filter_counter"
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), field_name="page__owner_unit", queryset=_units
    )
    site = django_filters.ModelChoiceFilter(label=_("Site"), queryset=_sites)

    class Meta:
        model = GuideRecord
        fields: list[str] = []

    def filter_score(self, found: Any, name: str, value: str) -> Any:
        if value == "critical":
            return found.filter(key_missing__gte=CRITICAL)
        if value == "key":
            return found.filter(key_missing__gt=0)
        return found.filter(score__lte=int(value))

    def filter_missing(self, found: Any, name: str, value: str) -> Any:
        # A list of words as JSON text: no word stands within another one in quotation marks.
        return found.filter(missing__icontains=f'"{value}"')

    def filter_counter(self, found: Any, name: str, value: str) -> Any:
        return in_state(found, value)


def missing_text(row: GuideRecord) -> str:
    return gettext(", ").join(str(LABELS.get(key, key)) for key in row.missing)


def state_text(row: Any) -> str:
    return str(STATES[state_of(row)])


class GuideReportView(ReportView):
    """All public guides of the own sites and of the own unit, the least complete first."""

    index_url_name = "services_report"
    index_results_url_name = "services_report_results"
    results_template_name = "services/admin/report_results.html"
    page_title = _("Service guides")
    header_icon = "tasks"
    model = GuideRecord
    is_searchable = False
    filterset_class = GuideFilterSet
    columns = [
        TitleColumn(
            "page",
            label=_("Guide"),
            accessor="page.title",
            get_url=lambda row: reverse("services_compare", args=[row.page_id]),
        ),
        Column("unit", label=_("Unit"), accessor="page.owner_unit"),
        Column("score", label=_("Completeness"), accessor="score"),
        Column("missing", label=_("Missing"), accessor=missing_text),
        Column("counter", label=_("Counter"), accessor=state_text),
        DateColumn("changed_at", label=_("Text changed")),
    ]
    export_filename = "service-guides"
    list_export = [
        "page.title",
        "page.implementation_code",
        "page.owner_unit",
        "site.short_name",
        "score",
        "key_missing",
        "missing_words",
        "counter_state",
        "agreed_by",
        "agreed_at",
        "changed_at",
    ]
    export_headings = {
        "page.title": _("Guide"),
        "page.implementation_code": _("Implementation code"),
        "page.owner_unit": _("Unit"),
        "site.short_name": _("Site"),
        "score": _("Completeness"),
        "key_missing": _("Key parts missing"),
        "missing_words": _("Missing"),
        "counter_state": _("Counter"),
        "agreed_by": _("Confirmed by"),
        "agreed_at": _("Confirmed"),
        "changed_at": _("Text changed"),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sees_oversight(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> Any:
        rows = with_confirmations(visible_records(self.request.user))
        # In the order of an index: what the counters said is looked up for the rows that are shown.
        return rows.select_related("page__owner_unit", "site").order_by("score", "page_id")

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        item.missing_words, item.counter_state = missing_text(item), state_text(item)
        row: dict[str, Any] = super().to_row_dict(item)
        return row

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["overview"] = overview(self.request.user)
            style = forms.Media(css={"all": ["services/admin/guides.css"]})
            context["media"] = context.get("media", forms.Media()) + style
        return context


# --- one guide ------------------------------------------------------------------------------------
class DifferenceForm(forms.Form):
    note = forms.CharField(
        label=_("What differs"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("What the counter uses, and where the page says something else."),
    )


class CompareView(WagtailAdminTemplateMixin, TemplateView):
    """The public text, to be held beside what the counter uses: the same, or what differs."""

    template_name = "services/admin/compare.html"
    page_title = _("Compare with the counter")
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.guide = get_object_or_404(
            GuidePage.objects.select_related("owner_unit"), pk=kwargs["pk"], live=True
        )
        standing = confirmation_of(self.guide, request.user)
        if standing is None or not (standing.may_confirm or standing.may_settle):
            raise PermissionDenied
        self.standing = standing
        self.form = DifferenceForm()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action, digest = request.POST.get("action"), request.POST.get("digest", "")
        try:
            if action == "confirm":
                services.confirm(page=self.guide, digest=digest, by=request.user)
                messages.success(request, gettext("Confirmed: the counter uses this text."))
                return HttpResponseRedirect(request.path)
            if action == "report":
                self.form = DifferenceForm(request.POST)
                if self.form.is_valid():
                    services.report_difference(
                        page=self.guide,
                        digest=digest,
                        note=self.form.cleaned_data["note"],
                        by=request.user,
                    )
                    messages.success(request, gettext("Reported. The editors see it."))
                    return HttpResponseRedirect(request.path)
            if action == "settle":
                row = get_object_or_404(
                    CounterConfirmation, pk=request.POST.get("report", ""), page=self.guide
                )
                services.settle(confirmation=row, by=request.user)
                messages.success(request, gettext("Settled."))
                return HttpResponseRedirect(request.path)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_page_subtitle(self) -> str:
        return str(self.guide.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = render_to_string("services/guide_body.html", body_context(self.guide))
        rights = self.guide.permissions_for_user(self.request.user)
        return super().get_context_data(**kwargs) | {
            "guide": self.guide,
            "standing": self.standing,
            "form": self.form,
            "text": mark_safe(text),  # noqa: S308 - our own template's output
            "may_edit": rights.can_edit(),
            "media": forms.Media(css={"all": ["services/admin/guides.css"]}),
        }
