"""For staff: how well each disclosure platform is kept, and what can be done about it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.plugin_api import Action, is_enabled, may
from portal.policy_interpretation.models import CatalogueEntry, DisclosurePlatform
from portal.policy_interpretation.models.disclosure import REQUIRED
from portal.policy_interpretation.selectors.disclosure import (
    ContentState,
    content_rows,
    keeping_of,
    report_rows,
    visible_platforms,
)
from portal.policy_interpretation.services import disclosure as services

from .obligations import may_see_board

SHOWN_INCOMPLETE = 50


class PlatformListView(WagtailAdminTemplateMixin, TemplateView):
    """The platforms of the own sites with what each lacks."""

    template_name = "policy_interpretation/admin/disclosure_list.html"
    page_title = _("Information disclosure")
    header_icon = "doc-full-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_board(request.user):
            raise PermissionDenied
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = []
        for platform in visible_platforms(self.request.user):
            overdue = [row for row in report_rows(platform) if row.state == "overdue"]
            stale = [keeping for keeping in keeping_of(platform).values() if keeping.is_overdue]
            rows.append((platform, stale, overdue))
        return context | {"rows": rows}


class PlatformView(WagtailAdminTemplateMixin, TemplateView):
    """One platform: guide and rules, the statutory list, incomplete entries, annual reports."""

    template_name = "policy_interpretation/admin/disclosure.html"
    page_title = _("Information disclosure")
    header_icon = "doc-full-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        platforms = DisclosurePlatform.objects.select_related("site", "unit", "rules", "reports")
        self.platform = get_object_or_404(platforms, pk=kwargs["pk"])
        site = self.platform.site_id
        if not may(request.user, Action.PAGE_CHANGE, site) or not is_enabled(
            "policy_interpretation", site
        ):
            raise PermissionDenied
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        action = request.POST.get("action", "")
        try:
            if action == "confirm":
                services.confirm(
                    platform=self.platform,
                    part=request.POST.get("part", ""),
                    note=request.POST.get("note", ""),
                    by=request.user,
                )
                messages.success(request, gettext("Confirmed."))
            elif action == "begin_report":
                return self._begin(request)
            else:
                messages.error(request, gettext("There is nothing of this kind to do."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("policy_disclosure", args=[pk]))

    def _begin(self, request: HttpRequest) -> HttpResponseBase:
        typed = request.POST.get("year", "")
        year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
        page = services.begin_report(platform=self.platform, year=year, by=request.user)
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        lacking = Q()
        for name in REQUIRED:
            lacking |= Q(**({f"{name}": None} if name == "created_on" else {name: ""}))
        entries = CatalogueEntry.objects.filter(platform=self.platform, page__live=True)
        incomplete = entries.filter(lacking).order_by("-published_at", "-page")
        names = {field.name: field.verbose_name for field in CatalogueEntry._meta.fields}
        rows = content_rows(self.platform)
        return context | {
            "platform": self.platform,
            "page_subtitle": self.platform.body_name,
            "kept": keeping_of(self.platform),
            "content": rows,
            "content_problems": sum(row.state is not ContentState.CURRENT for row in rows),
            "entries": entries.count(),
            "incomplete_count": incomplete.count(),
            "incomplete": [
                (entry, [names[name] for name in entry.missing])
                for entry in incomplete[:SHOWN_INCOMPLETE]
            ],
            "reports": report_rows(self.platform),
            "may_confirm": may(self.request.user, Action.SITE_SETTINGS, self.platform.site_id),
            "may_begin": self._may_begin(),
        }

    def _may_begin(self) -> bool:
        parent = self.platform.reports
        return parent is not None and bool(
            parent.specific.permissions_for_user(self.request.user).can_add_subpage()
        )
