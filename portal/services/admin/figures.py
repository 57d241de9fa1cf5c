"""Service figures: the table, bringing in a file, and the report of counts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.permissions import register_permission_policy

from portal.plugin_api import (
    LARGEST_TABLE,
    Action,
    OwnSitesForm,
    OwnViewSet,
    RolePolicy,
    TableError,
    is_enabled,
    read_table,
)
from portal.services.models import ServiceFigure, ServiceTerm
from portal.services.permissions import SLUG, sees_oversight, sites_overseen, sites_with_figures
from portal.services.selectors.figures import counts_of
from portal.services.services.figures import COLUMNS, MOST_ROWS, NEEDED, RowProblem, store_figures

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(ServiceFigure, RolePolicy(ServiceFigure, Action.SITE_SETTINGS))


class FigureForm(OwnSitesForm):
    """A month is stored as its first day, whatever day was typed."""

    site_action = Action.SITE_SETTINGS

    def clean_month(self) -> Any:
        month = self.cleaned_data["month"]
        return month.replace(day=1) if month else month


ServiceFigure.base_form_class = FigureForm  # type: ignore[attr-defined]


class FigureViewSet(OwnViewSet):
    model = ServiceFigure
    url_prefix = "service-figures"
    icon = "table"
    menu_label = _("Service figures")
    add_to_settings_menu = True
    menu_order = 647
    list_display = ["month", "what", "value", "site", "source"]
    list_filter = ["site", "what"]
    panels = [
        FieldPanel("site"),
        FieldRowPanel([FieldPanel("month"), FieldPanel("what")]),
        FieldRowPanel([FieldPanel("value"), FieldPanel("source")]),
    ]


def _site_choices(sites: set[int] | None) -> list[tuple[int, str]]:
    records = ServiceFigure._meta.get_field("site").related_model._default_manager
    rows = records.order_by("kind", "code").values_list("pk", "short_name")
    return [
        (pk, name) for pk, name in rows if (sites is None or pk in sites) and is_enabled(SLUG, pk)
    ]


class ImportForm(forms.Form):
    site = forms.TypedChoiceField(label=_("Site"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX with the columns month (2026-10), figure, value and, if you like, source. "
            "Figures: cases_natural, cases_legal, registered_users, online_cases."
        ),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.choices = _site_choices(sites_with_figures(user))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TABLE:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        try:
            self.rows = read_table(file.read(), columns=COLUMNS, needed=NEEDED, most_rows=MOST_ROWS)
        except TableError as error:
            raise forms.ValidationError(str(error)) from error
        return file


class ImportView(WagtailAdminTemplateMixin, FormView):
    """All rows of a file, or none: a wrong one is named with its line."""

    template_name = "services/admin/figures_import.html"
    page_title = _("Bring in service figures")
    header_icon = "upload"
    form_class = ImportForm
    problems: list[RowProblem]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        sites = sites_with_figures(request.user)
        if sites is not None and not sites:
            raise PermissionDenied
        self.problems = []
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        count, self.problems = store_figures(site=form.cleaned_data["site"], rows=form.rows)
        if self.problems:
            return self.render_to_response(self.get_context_data(form=form))
        text = ngettext("%(count)d figure was stored.", "%(count)d figures were stored.", count)
        messages.success(self.request, text % {"count": count})
        return HttpResponseRedirect(reverse("services_figures"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"problems": self.problems}


class CountsView(WagtailAdminTemplateMixin, TemplateView):
    """Items, fully online ones, cases and users of the own sites (R-SVC-21)."""

    template_name = "services/admin/counts.html"
    page_title = _("Services in figures")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not sees_oversight(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = dict(_site_choices(sites_overseen(self.request.user)))
        keeps = sites_with_figures(self.request.user)
        levels = list(
            ServiceTerm.objects.filter(dimension="online_level").values_list("rank", "label")
        )
        rows = [
            {
                "name": names[row.site],
                "counts": row,
                "levels": [row.levels.get(rank, 0) for rank, _label in levels],
            }
            for row in counts_of(names)
        ]
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "levels": [label for _rank, label in levels],
            "may_import": keeps is None or bool(keeps),
            "explanation": gettext("Cases are those of this year."),
        }
