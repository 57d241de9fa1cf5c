"""The publication record: what was public from when until when, and who published it."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from portal.core import roles
from portal.core.models import Publication
from portal.core.roles import Action


def sites_readable(user: Any) -> set[int] | None:
    return roles.sites_allowing(user, Action.PUBLICATION_RECORD)


def site_name(row: Any) -> str:
    """Of a record; "" where its site is gone, or it never had one."""
    return row.site.short_name if row.site is not None else ""


def no_formula(text: str) -> str:
    """Spreadsheets take cells that begin so for formulas."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class SiteRecordsView(ReportView):
    """A record that is kept for each site: shown to who keeps or reads the records there."""

    custom_value_preprocess: ClassVar[dict[Any, Any]] = {str: {"csv": no_formula}}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.readable = sites_readable(request.user)
        if self.readable is not None and not self.readable:
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class PublicationRecordView(SiteRecordsView):
    index_url_name = "portal_publication_record"
    index_results_url_name = "portal_publication_record_results"
    page_title = _("Publication record")
    header_icon = "history"
    model = Publication
    is_searchable = False
    default_ordering = "-since"
    columns = [
        TitleColumn("title", label=_("Title"), accessor="title"),
        Column("site", label=_("Site"), accessor=lambda row: site_name(row)),
        Column("language", label=_("Language")),
        DateColumn("since", label=_("Public since")),
        DateColumn("until", label=_("Public until")),
        Column("published_by", label=_("Published by")),
        Column("version", label=_("Version")),
    ]
    list_export = ["item", "title", "site", "language", "since", "until", "published_by", "version"]

    def get_queryset(self) -> QuerySet[Publication]:
        rows = Publication.objects.select_related("site", "published_by").order_by("-since", "-id")
        return rows if self.readable is None else rows.filter(site_id__in=self.readable)
