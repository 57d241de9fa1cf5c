"""The list of differing figures, one text side by side with its clauses, the site's setting."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy, sites_allowing

from .marking import side_by_side
from .models import CheckedText, Finding, WatchSetting
from .panels import panel_context
from .selectors import field_of, findings_by_part, findings_for, may_accept, may_see
from .services import NotAccepted, accept

register_permission_policy(WatchSetting, RolePolicy(WatchSetting, Action.SITE_SETTINGS))


class _SettingForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


WatchSetting.base_form_class = _SettingForm  # type: ignore[attr-defined]


class WatchSettingViewSet(OwnViewSet):
    """What a site does about differing figures when something is published."""

    model = WatchSetting
    url_prefix = "figures-when-publishing"
    icon = "warning"
    menu_label = _("Figures when publishing")
    add_to_settings_menu = True
    menu_order = 650
    list_display = ["site", "blocks"]
    panels = [FieldPanel("site"), FieldPanel("blocks")]


# --- the list -------------------------------------------------------------------------------------
def _own_sites(request: HttpRequest) -> QuerySet[Any]:
    sites: QuerySet[Any] = WatchSetting._meta.get_field(
        "site"
    ).related_model._default_manager.order_by("pk")
    allowed = sites_allowing(request.user, Action.PAGE_CHANGE)
    return sites if allowed is None else sites.filter(pk__in=allowed)


class FindingFilterSet(WagtailFilterSet):
    is_missing = django_filters.ChoiceFilter(
        label=_("Finding"),
        field_name="is_missing",
        choices=[(False, _("differs")), (True, _("not in the clauses"))],
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Finding.State.choices)
    site = django_filters.ModelChoiceFilter(
        label=_("Site"), field_name="text__site", queryset=_own_sites
    )

    class Meta:
        model = Finding
        fields: list[str] = []


def _address(finding: Finding) -> str:
    return f"{reverse('policy_interpretation_figures', args=[finding.text_id])}#f{finding.pk}"


class FindingListView(ReportView):
    """The differing figures at the sites that somebody works at, the open ones first."""

    index_url_name = "policy_interpretation_figures_list"
    index_results_url_name = "policy_interpretation_figures_results"
    page_title = _("Numbers and contacts")
    header_icon = "warning"
    model = Finding
    is_searchable = False
    filterset_class = FindingFilterSet
    columns = [
        TitleColumn("printed", label=_("Figure"), get_url=_address),
        Column("verdict", label=_("Finding"), accessor="verdict"),
        Column("clause", label=_("Clause"), accessor=lambda one: one.clause_printed or "—"),
        Column("text", label=_("Text"), accessor="text.title"),
        Column("site", label=_("Site"), accessor="text.site.short_name"),
        Column("state", label=_("State"), accessor="get_state_display"),
        DateColumn("changed_at", label=_("Changed")),
    ]
    list_export = [
        "printed",
        "verdict",
        "clause_printed",
        "sentence",
        "text",
        "state",
        "reason",
        "changed_at",
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_list(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> QuerySet[Finding]:
        found = findings_for(self.request.user)
        # Corrected ones are history: shown to whoever asks for them.
        if not self.request.GET.get("state"):
            found = found.exclude(state=Finding.State.CORRECTED)
        return found.order_by("-state", "is_missing", "-changed_at", "pk")


def may_see_list(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or bool(sites)


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_list(request.user)


# --- a form ---------------------------------------------------------------------------------------
def page_figures(request: HttpRequest, pk: int) -> JsonResponse:
    """The differences of a page's fields as they are now: {field: html} for each ``part`` asked."""
    page = get_object_or_404(Page, pk=pk).specific
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    parts = findings_by_part(page, str(page.pk))
    template = "policy_interpretation/admin/findings.html"
    asked = dict.fromkeys(request.GET.getlist("part"))
    answer = {
        part: render_to_string(template, panel_context(parts, part), request) for part in asked
    }
    return JsonResponse(answer)


# --- one text -------------------------------------------------------------------------------------
_PARTS = {
    "title": _("Title"),
    "summary": _("summary"),
    "body": _("Text"),
    "meaning": _("what it means for the public"),
    "picture": _("one picture"),
    "plain_words": _("clause by clause"),
}


class TextView(WagtailAdminTemplateMixin, TemplateView):
    """A text sentence by sentence with its marks, the clauses beside them."""

    template_name = "policy_interpretation/admin/figures.html"
    page_title = _("Numbers and contacts")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.text = get_object_or_404(
            CheckedText.objects.select_related("site", "page"), pk=kwargs["pk"]
        )
        if not may_see(request.user, self.text):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.text.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["text"] = self.text
        context["parts"] = [
            (_PARTS.get(field_of(name), ""), rows) for name, rows in side_by_side(self.text)
        ]
        context["may_accept"] = may_accept(self.request.user, self.text)
        context["kept"] = kwargs.get("kept", {})
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Accept one difference; what was typed is kept where it cannot be accepted."""
        number, reason = request.POST.get("finding", ""), request.POST.get("reason", "")
        is_number = number.isascii() and number.isdecimal() and len(number) < 19
        finding = get_object_or_404(self.text.findings, pk=number if is_number else 0)
        try:
            accept(finding=finding, user=request.user, reason=reason)
        except NotAccepted as refused:
            messages.error(request, str(refused))
            context = self.get_context_data(kept={"finding": finding.pk, "reason": reason})
            return self.render_to_response(context, status=400)
        messages.success(request, gettext("The difference was accepted with your reason."))
        return HttpResponseRedirect(_address(finding))
