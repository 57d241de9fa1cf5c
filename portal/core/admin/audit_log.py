"""The audit log on the screen: searched, and taken out for a month at a time."""

import datetime
from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from portal.core import roles
from portal.core.audit.words import words_of
from portal.core.models import AuditEntry, SiteRecord
from portal.core.roles import Action

from .reports import no_formula

_LONGEST = datetime.timedelta(days=31)


def sites_audited(user: Any) -> set[int] | None:
    return roles.sites_allowing(user, Action.AUDIT_LOG)


def may_read_audit_log(user: Any) -> bool:
    sites = sites_audited(user)
    return sites is None or bool(sites)


def exact_time(moment: datetime.datetime) -> str:
    """To the second: who compares two logs cannot do with "just now"."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


class AuditFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("Time"), widget=DateRangePickerWidget)
    kind = django_filters.ChoiceFilter(label=_("Kind of event"), choices=AuditEntry.Kind.choices)
    result = django_filters.ChoiceFilter(label=_("Result"), choices=AuditEntry.Result.choices)
    user_name = django_filters.CharFilter(label=_("Account"), lookup_expr="iexact")
    text = django_filters.CharFilter(label=_("Object, event or address"), method="with_text")

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def with_text(self, rows: QuerySet[AuditEntry], _name: str, value: str) -> QuerySet[AuditEntry]:
        return rows.filter(
            Q(object_name__icontains=value)
            | Q(action__icontains=value)
            | Q(object_kind__icontains=value)
            | Q(address=value)
        )


class AuditLogView(ReportView):
    """Sites' owners see what happened at their sites; the audit administrator sees everything."""

    index_url_name = "portal_audit_log"
    index_results_url_name = "portal_audit_log_results"
    page_title = _("Audit log")
    header_icon = "lock"
    model = AuditEntry
    is_searchable = False
    default_ordering = "-at"
    paginate_by = 50
    filterset_class = AuditFilterSet
    custom_value_preprocess: ClassVar[dict[Any, Any]] = {str: {"csv": no_formula}}
    columns = [
        Column("at", label=_("Time"), accessor=lambda row: exact_time(row.at)),
        Column("user_name", label=_("Account")),
        Column("action", label=_("Event"), accessor=lambda row: words_of(row.action)),
        Column("object_name", label=_("Object")),
        Column("site", label=_("Site"), accessor="site_name"),
        Column("result", label=_("Result"), accessor="get_result_display"),
        Column("address", label=_("Network address")),
    ]
    list_export = [
        "seq", "at", "kind", "action", "result", "user_name", "address", "object_kind", "object_pk",
        "object_name", "site_name", "data", "chain",
    ]  # fmt: skip

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.readable = sites_audited(request.user)
        if self.readable is not None and not self.readable:
            raise PermissionDenied
        if request.GET.get("export") and not self._is_a_month(request):
            messages.error(
                request,
                gettext("Choose a time of at most 31 days: the log is exported month by month."),
            )
            return redirect(self.index_url_name)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    @staticmethod
    def _is_a_month(request: HttpRequest) -> bool:
        try:
            first, last = (
                datetime.date.fromisoformat(request.GET.get(f"at_{end}", ""))
                for end in ("from", "to")
            )
        except ValueError:
            return False
        return datetime.timedelta(0) <= last - first <= _LONGEST

    def get_queryset(self) -> QuerySet[AuditEntry]:
        site = SiteRecord.objects.filter(pk=OuterRef("site_pk")).values("short_name")[:1]
        rows = AuditEntry.objects.annotate(site_name=Coalesce(Subquery(site), Value("")))
        rows = rows.order_by("-at", "-pk")
        return rows if self.readable is None else rows.filter(site_pk__in=self.readable)
