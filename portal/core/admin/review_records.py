"""The record of the reviews: every signature and return, for who keeps the records of a site."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from portal.core.models import ReviewSignature, ReviewStep

from .reports import SiteRecordsView, site_name


class SignatureFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("Time"), widget=DateRangePickerWidget)
    step = django_filters.ChoiceFilter(label=_("Step"), choices=ReviewStep.choices)
    verdict = django_filters.ChoiceFilter(
        label=_("Decision"), choices=ReviewSignature.Verdict.choices
    )

    class Meta:
        model = ReviewSignature
        fields: list[str] = []


class ReviewRecordView(SiteRecordsView):
    index_url_name = "portal_review_record"
    index_results_url_name = "portal_review_record_results"
    page_title = _("Record of reviews")
    header_icon = "tasks"
    model = ReviewSignature
    is_searchable = False
    default_ordering = "-at"
    filterset_class = SignatureFilterSet
    columns = [
        TitleColumn(
            "title", label=_("Title"), accessor="round.title",
            get_url=lambda row: reverse("portal_review", args=[row.round_id]),
        ),
        Column("site", label=_("Site"), accessor=lambda row: site_name(row.round)),
        Column("step", label=_("Step"), accessor="get_step_display"),
        Column("verdict", label=_("Decision"), accessor="get_verdict_display"),
        Column("account", label=_("Account"), accessor="account_name"),
        Column("provider", label=_("Provided by"), accessor="round.provider_name"),
        DateColumn("at", label=_("Time")),
    ]  # fmt: skip
    list_export = [
        "round.item", "round.title", "round.site", "round.column_title", "round.provider_name",
        "round.provider_unit_name", "round.submitted_at", "round.urgent", "round.urgent_reason",
        "step", "verdict", "account_name", "for_name", "on_duty", "unit_name", "opinion", "answers",
        "opened_at", "at", "address", "round.revision_id", "content_hash", "round.state",
        "round.released_at",
    ]  # fmt: skip

    def get_queryset(self) -> QuerySet[ReviewSignature]:
        rows = ReviewSignature.objects.select_related("round__site").order_by("-at", "-pk")
        return rows if self.readable is None else rows.filter(round__site__in=self.readable)
