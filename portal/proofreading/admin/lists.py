"""Word lists, grades, public contacts, files with findings; the lists as a table in and out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from portal.plugin_api import (
    LARGEST_TABLE,
    Action,
    PlatformRolePolicy,
    TableError,
    table_response,
)
from portal.proofreading.kinds import Grades, Lists
from portal.proofreading.models import KindGrade, PublicContact, WordEntry
from portal.proofreading.permissions import keeps_lists
from portal.proofreading.services import lists
from portal.text.detectors import DEFAULT_GRADES, Kind

# Registered before anything asks for a fallback (Wagtail's rule).
for _model in (WordEntry, KindGrade, PublicContact):
    register_permission_policy(_model, PlatformRolePolicy(_model, Action.SITE_SETTINGS))


class WordIndexView(ModelViewSet.index_view_class):
    @property
    def header_more_buttons(self) -> list[Any]:
        return [
            *super().header_more_buttons,
            Button(
                _("As a table: in and out"),
                url=reverse("proofreading_table"),
                icon_name="table",
                priority=80,
            ),
        ]


class WordViewSet(ModelViewSet):
    model = WordEntry
    url_prefix = "proofreading/words"
    icon = "glasses"
    menu_label = gettext_lazy("Proofreading: words")
    add_to_settings_menu = True
    menu_order = 660
    index_view_class = WordIndexView
    list_display = [
        "word",
        "replacement",
        "list_name",
        BooleanColumn("weak", label=gettext_lazy("only in company"), sort_key="weak"),
        BooleanColumn("active", label=gettext_lazy("in use"), sort_key="active"),
    ]
    list_filter = ["list_name", "weak", "active"]
    search_fields = ["word", "replacement", "note"]
    search_backend_name = None
    list_per_page = 50
    copy_view_enabled = False
    panels = [
        FieldPanel("list_name"),
        FieldRowPanel([FieldPanel("word"), FieldPanel("replacement")]),
        FieldPanel("unless"),
        FieldRowPanel([FieldPanel("weak"), FieldPanel("active")]),
        FieldPanel("note"),
    ]


def _default(row: KindGrade) -> str:
    return str(Grades(DEFAULT_GRADES[Kind(row.kind)].value).label)


class GradeViewSet(ModelViewSet):
    model = KindGrade
    url_prefix = "proofreading/grades"
    icon = "warning"
    menu_label = gettext_lazy("Proofreading: grades")
    add_to_settings_menu = True
    menu_order = 661
    list_display = [
        "kind",
        "grade",
        Column("default", label=gettext_lazy("As delivered"), accessor=_default),
    ]
    copy_view_enabled = False
    panels = [
        HelpPanel(
            gettext_lazy(
                "What has no entry here is as delivered. Identity and bank card numbers, secret "
                "marks, hidden links and betting are never public; telephones, addresses, wrong "
                "words and names need a reason."
            )
        ),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("grade")]),
    ]


class ContactViewSet(ModelViewSet):
    model = PublicContact
    url_prefix = "proofreading/contacts"
    icon = "mail"
    menu_label = gettext_lazy("Proofreading: public contacts")
    add_to_settings_menu = True
    menu_order = 662
    list_display = ["contact", "holder"]
    search_fields = ["contact", "holder"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [FieldRowPanel([FieldPanel("contact"), FieldPanel("holder")])]


class TableView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "proofreading/admin/table.html"
    page_title = gettext_lazy("Word lists as a table")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not keeps_lists(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "lists": Lists.choices,
            "refused": kwargs.get("refused", []),
            "problem": kwargs.get("problem", ""),
            "back": reverse("wordentry:index"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        upload = request.FILES.get("file")
        if upload is None:
            return self._problem(_("Choose a file."))
        if (upload.size or 0) > LARGEST_TABLE:
            return self._problem(_("The file is larger than 2 MB."))
        try:
            rows = lists.rows_of_file(b"".join(upload.chunks()))
        except TableError as error:
            return self._problem(str(error))
        result = lists.take_table(rows=rows)
        said = _("%(added)d added, %(changed)d changed, %(same)d were the same.") % {
            "added": result.added,
            "changed": result.changed,
            "same": result.same,
        }
        messages.success(request, said)
        if result.refused:
            context = self.get_context_data(refused=result.refused)
            return self.render_to_response(context, status=422)
        return HttpResponseRedirect(request.path)

    def _problem(self, text: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(problem=text), status=422)


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """All lists as ``csv`` or ``xlsx``; what is downloaded can be uploaded again."""
    if not keeps_lists(request.user):
        raise PermissionDenied
    headings, rows = lists.table()
    return table_response(kind, "word-lists", headings, rows)
