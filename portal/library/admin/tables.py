"""Rules: tables in versions, what columns begin with, completeness, index numbers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from portal.library.forms import DefaultsForm, VersionForm
from portal.library.models import (
    Classification,
    ColumnDefaults,
    CompletenessRule,
    NumberRule,
    Scheme,
)
from portal.library.permissions import may_rule
from portal.library.services import tables
from portal.plugin_api import Action, PlatformRolePolicy, touch_structure

from .base import LibraryView, put_errors

for _model in (CompletenessRule, NumberRule):
    # Registered before anything asks for a fallback (Wagtail's rule).
    register_permission_policy(_model, PlatformRolePolicy(_model, Action.SITE_SETTINGS))


class CompletenessViewSet(ModelViewSet):
    model = CompletenessRule
    url_prefix = "library-rules"
    icon = "tasks"
    menu_label = _("Library: completeness")
    add_to_settings_menu = True
    menu_order = 650
    list_display = ["record_type", "field", "blocking"]
    copy_view_enabled = False
    panels = [FieldPanel("record_type"), FieldPanel("field"), FieldPanel("blocking")]


class NumberRuleViewSet(ModelViewSet):
    model = NumberRule
    url_prefix = "library-numbers"
    icon = "list-ol"
    menu_label = _("Library: index numbers")
    add_to_settings_menu = True
    menu_order = 651
    list_display = ["site", "pattern", "code"]
    copy_view_enabled = False
    panels = [FieldPanel("site"), FieldPanel("pattern"), FieldPanel("code")]


class TablesView(LibraryView):
    template_name = "library/admin/tables.html"
    page_title = _("Themes and genres")

    def may(self, request: HttpRequest) -> bool:
        return may_rule(request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "versions": Classification.objects.all(),
            "schemes": Scheme.choices,
        }


class VersionView(LibraryView):
    """A new version, begun with the terms of the one in force; put in force on this screen, too."""

    template_name = "library/admin/version.html"
    page_title = _("A version of a table")

    def may(self, request: HttpRequest) -> bool:
        self.scheme = self.kwargs["scheme"]
        return may_rule(request.user) and self.scheme in Scheme.values

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Classification.objects.filter(scheme=self.scheme)
        pk = self.request.GET.get("version", "")
        shown = get_object_or_404(rows, pk=pk) if pk.isdecimal() else None
        model = shown or rows.filter(state=Classification.State.IN_FORCE).first()
        initial = {
            "terms": tables.as_text(model) if model is not None else "",
            "version": shown.version if shown is not None else "",
            "note": shown.note if shown is not None else "",
        }
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or VersionForm(initial=initial),
            "scheme_label": Scheme(self.scheme).label,
            "is_closed": shown is not None and shown.state != Classification.State.DRAFT,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = VersionForm(request.POST)
        if form.is_valid():
            try:
                return self._save(request, form.cleaned_data)
            except ValidationError as error:
                put_errors(form, error)
        return self.render_to_response(self.get_context_data(form=form))

    def _save(self, request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
        moves = tables.read_moves(values["moves"])
        version = tables.save_version(
            scheme=self.scheme,
            version=values["version"],
            terms=tables.read_terms(values["terms"]),
            note=values["note"],
        )
        if request.POST.get("step") == "force":
            count = tables.put_in_force(version=version, moves=moves, user=request.user)
            messages.success(
                request,
                gettext("The version is in force; %(count)d records have a new code.")
                % {"count": count},
            )
        else:
            messages.success(request, gettext("The version is kept, and not in force yet."))
        return redirect("library_tables")


class DefaultsView(LibraryView):
    """What records of a column begin with, for who may change the column."""

    template_name = "library/admin/defaults.html"
    page_title = _("What records of this column begin with")

    def may(self, request: HttpRequest) -> bool:
        self.column = get_object_or_404(Page, pk=self.kwargs["pk"])
        if not self.column.specific.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return True

    def get_page_subtitle(self) -> str:
        return str(self.column.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = ColumnDefaults.objects.filter(pk=self.column.pk).first()
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or DefaultsForm(instance=row),
            "column": self.column,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = ColumnDefaults.objects.filter(pk=self.column.pk).first()
        form = DefaultsForm(request.POST, instance=row or ColumnDefaults(column=self.column))
        if form.is_valid():
            form.save()
            touch_structure()
            messages.success(
                request, gettext("New and changed records of the column begin with this.")
            )
            return redirect("wagtailadmin_explore", self.column.pk)
        return self.render_to_response(self.get_context_data(form=form))
