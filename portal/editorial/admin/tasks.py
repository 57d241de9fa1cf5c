"""Tasks to units: the own unit's, the overview of the office, issuing one, working on one."""

from abc import ABC, abstractmethod
from typing import Any, cast

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from portal.editorial.models import TaskFile, TaskState, UnitTask
from portal.editorial.permissions import (
    SLUG,
    issued_tasks,
    issues_somewhere,
    may_answer,
    may_direct,
    may_judge,
    may_see,
    sites_issuing,
    unit_tasks,
)
from portal.editorial.selectors.columns import overdue_columns
from portal.editorial.selectors.tasks import counts, for_list, late, without_receipt
from portal.editorial.services import tasks as services
from portal.plugin_api import ColumnPage, clocks, is_enabled, site_of_path

from .base import CellColumn, ScreenMixin, StyledReportMixin
from .exports import ExportMixin
from .task_forms import (
    AmendForm,
    CancelForm,
    CooperationFormSet,
    DeliveryForm,
    IssueForm,
    ReturnForm,
    cooperations,
)


# --- lists ----------------------------------------------------------------------------------------
def _asked_units(request: HttpRequest | None) -> QuerySet[Any]:
    units = UnitTask._meta.get_field("unit").related_model._default_manager
    shown = issued_tasks(request.user) if request else UnitTask.objects.none()
    return units.filter(pk__in=shown.values("unit"))


class StateFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=TaskState, widget=forms.CheckboxSelectMultiple
    )
    attention = django_filters.ChoiceFilter(
        label=_("Attention"),
        choices=[("late", _("late")), ("no_receipt", _("receipt not confirmed in time"))],
        method="filter_attention",
    )

    class Meta:
        model = UnitTask
        fields: list[str] = []

    def filter_attention(self, found: Any, name: str, value: str) -> Any:
        return found.filter({"late": late, "no_receipt": without_receipt}[value]())


class OverviewFilterSet(StateFilterSet):
    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=_asked_units)


class _ListView(ABC, ExportMixin, StyledReportMixin, ReportView):
    model = UnitTask
    header_icon = "clipboard-list"
    is_searchable = False
    columns = [
        CellColumn("title", "editorial/admin/task_title_cell.html", label=_("Title")),
        Column("unit", label=_("Unit"), accessor="unit.short_name"),
        CellColumn("due", "editorial/admin/task_due_cell.html", label=_("Deliver by")),
        CellColumn("state", "editorial/admin/task_state_cell.html", label=_("State")),
        Column("person", label=_("Responsible person")),
    ]
    list_export = [
        "title", "parent.title", "unit.full_name", "person", "site.short_name", "column.title",
        "issued_by_name", "issued_at", "received_at", "clock.due_at", "delivered_at",
        "get_state_display", "reason",
    ]  # fmt: skip
    export_headings = {
        "title": _("Title"),
        "parent.title": _("Part of"),
        "unit.full_name": _("Unit"),
        "person": _("Responsible person"),
        "site.short_name": _("Site"),
        "column.title": _("Column"),
        "issued_by_name": _("Issued by"),
        "issued_at": pgettext_lazy("task", "Issued"),
        "received_at": _("Receipt confirmed"),
        "clock.due_at": _("Deliver by"),
        "delivered_at": _("Delivered"),
        "get_state_display": _("State"),
        "reason": _("Reason"),
    }

    @abstractmethod
    def rows(self) -> QuerySet[UnitTask]:
        """What this person may see of the list."""

    def get_queryset(self) -> QuerySet[UnitTask]:
        return for_list(self.rows()).order_by("-issued_at", "parent_id", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        found = list(object_list)
        for row in found:
            row.words = clocks.words(row.clock) if row.clock else None
        return found

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["counts"] = counts(self.rows())
        return context


class UnitTasksView(_ListView):
    """What the unit of the account is asked for."""

    index_url_name = "editorial_unit_tasks"
    index_results_url_name = "editorial_unit_tasks_results"
    results_template_name = "editorial/admin/tasks_results.html"
    page_title = _("Tasks of my unit")
    filterset_class = StateFilterSet
    export_filename = "unit-tasks"
    columns = [column for column in _ListView.columns if column.name != "unit"]

    def rows(self) -> QuerySet[UnitTask]:
        return unit_tasks(self.request.user)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        user: Any = self.request.user
        return context | {"is_unit": True, "own_unit": user.organisation}


class OverviewView(_ListView):
    """All tasks that the own sites issued, with what wants attention; columns that are overdue."""

    index_url_name = "editorial_tasks"
    index_results_url_name = "editorial_tasks_results"
    results_template_name = "editorial/admin/tasks_results.html"
    page_title = _("Tasks to units")
    filterset_class = OverviewFilterSet
    export_filename = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not issues_somewhere(request.user):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def rows(self) -> QuerySet[UnitTask]:
        return issued_tasks(self.request.user)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            context["may_issue"] = True
            context["overdue_columns"] = self._overdue()
        return context

    def _overdue(self) -> list[Any]:
        sites = sites_issuing(self.request.user)
        if sites is None:
            records = UnitTask._meta.get_field("site").related_model._default_manager
            sites = set(records.values_list("pk", flat=True))
        return overdue_columns(sorted(pk for pk in sites if is_enabled(SLUG, pk)))[:12]


# --- issuing --------------------------------------------------------------------------------------
class IssueView(ScreenMixin, TemplateView):
    """A new task; ``?column=`` proposes the unit that answers for a column."""

    template_name = "editorial/admin/issue.html"
    page_title = _("New task to a unit")
    header_icon = "plus"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not issues_somewhere(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = IssueForm(user=request.user, initial=self._initial(request))
        return self._show(form, CooperationFormSet(prefix="with"))

    def _initial(self, request: HttpRequest) -> dict[str, Any]:
        pk = request.GET.get("column", "")
        column = ColumnPage.objects.filter(pk=int(pk) if pk.isdecimal() else 0).first()
        if column is None:
            return {}
        site = site_of_path(column.path)
        sites = sites_issuing(request.user)
        if sites is not None and site not in sites:
            raise PermissionDenied
        return {
            "site": site,
            "column": column,
            "unit": column.owner_unit,
            "person": column.responsible_person,
            "title": gettext("New content for “%(column)s”") % {"column": column.title},
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = IssueForm(request.POST, request.FILES, user=request.user)
        formset = CooperationFormSet(request.POST, prefix="with")
        if form.is_valid() and formset.is_valid():
            told = form.cleaned_data
            site, files = told.pop("site"), told.pop("material")
            try:
                task = services.issue(
                    site_pk=site.pk,
                    by=request.user,
                    files=files,
                    cooperations=cooperations(formset),
                    **told,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(
                    request,
                    gettext("Issued to %(unit)s. It is told when somebody confirms the receipt.")
                    % {"unit": task.unit},
                )
                return HttpResponseRedirect(reverse("editorial_task", args=[task.pk]))
        return self._show(form, formset, status=422)

    def _show(self, form: IssueForm, formset: Any, status: int = 200) -> HttpResponse:
        context = self.get_context_data(form=form, formset=formset)
        context["media"] = context["media"] + form.media
        return self.render_to_response(context, status=status)


# --- one task -------------------------------------------------------------------------------------
class TaskView(ScreenMixin, TemplateView):
    """One task with its parts, files and history, and what the reader can do with it now."""

    template_name = "editorial/admin/task.html"
    page_title = _("Task")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = UnitTask.objects.select_related(
            "unit", "site", "column", "clock", "receipt_clock", "parent__unit", "page", "template"
        )
        self.row: UnitTask = get_object_or_404(rows, pk=kwargs["pk"])
        if not may_see(request.user, self.row):
            raise PermissionDenied
        user = request.user
        state = self.row.state
        answers, judges = may_answer(user, self.row), may_judge(user, self.row)
        directs = may_direct(user, self.row)
        self.may = {
            "receive": answers and state == TaskState.ISSUED,
            "deliver": answers and state in UnitTask.WITH_UNIT,
            "judge": judges and state == TaskState.DELIVERED,
            "close": directs and state == TaskState.ACCEPTED and self.row.parent is None,
            "amend": directs and state in UnitTask.WITH_UNIT,
            "cancel": directs and state not in UnitTask.ENDED,
        }
        self.delivery = DeliveryForm(task=self.row, user=user)
        self.returning, self.cancelling, self.amending = ReturnForm(), CancelForm(), AmendForm()
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.row.title

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        steps = {
            "receive": self._receive,
            "deliver": self._deliver,
            "return": self._return,
            "accept": self._accept,
            "close": self._close,
            "amend": self._amend,
            "cancel": self._cancel,
        }
        step = steps.get(request.POST.get("action", ""))
        told = None
        try:
            if step is None:
                raise ValidationError(gettext("There is nothing of this kind to do."))
            told = step(request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        if told is None:
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, told)
        return HttpResponseRedirect(request.path)

    def _receive(self, request: HttpRequest) -> str:
        services.confirm_receipt(task=self.row, by=request.user)
        return gettext("The receipt is confirmed.")

    def _deliver(self, request: HttpRequest) -> str | None:
        if not may_answer(request.user, self.row):
            raise PermissionDenied
        self.delivery = DeliveryForm(request.POST, request.FILES, task=self.row, user=request.user)
        if not self.delivery.is_valid():
            return None
        told = self.delivery.cleaned_data
        files = told.pop("material")
        services.deliver(task=self.row, by=request.user, files=files, **told)
        return gettext("Delivered. The office that asked for it looks at it now.")

    def _return(self, request: HttpRequest) -> str | None:
        self.returning = ReturnForm(request.POST)
        if not self.returning.is_valid():
            return None
        services.give_back(task=self.row, by=request.user, **self.returning.cleaned_data)
        return gettext("Returned; the unit sees the reason.")

    def _accept(self, request: HttpRequest) -> str:
        services.accept(task=self.row, by=request.user)
        return gettext("Accepted.")

    def _close(self, request: HttpRequest) -> str:
        services.close(task=self.row, by=request.user)
        return gettext("The task is closed.")

    def _amend(self, request: HttpRequest) -> str | None:
        self.amending = AmendForm(request.POST)
        if not self.amending.is_valid():
            return None
        services.amend(task=self.row, by=request.user, **self.amending.cleaned_data)
        return gettext("Changed; the unit sees the reason.")

    def _cancel(self, request: HttpRequest) -> str | None:
        self.cancelling = CancelForm(request.POST)
        if not self.cancelling.is_valid():
            return None
        services.cancel(task=self.row, by=request.user, **self.cancelling.cleaned_data)
        return gettext("Cancelled; the units see the reason.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["media"] + self.delivery.media + self.returning.media
        row = self.row
        files = list(row.files.all())
        page: Any = row.page
        return context | {
            "row": row,
            "may": self.may,
            "words": clocks.words(row.clock) if row.clock else None,
            "receipt_words": clocks.words(row.receipt_clock) if row.receipt_clock else None,
            "parts": list(row.parts_of_it.select_related("unit", "clock").order_by("pk")),
            "given": [file for file in files if not file.is_delivery],
            "delivered": [file for file in files if file.is_delivery],
            "entries": list(row.entries.all()),
            "delivery": self.delivery,
            "returning": self.returning,
            "amending": self.amending,
            "cancelling": self.cancelling,
            "may_edit_page": page is not None
            and page.permissions_for_user(cast("Any", self.request.user)).can_edit(),
            "page_url": page.get_url(self.request) if page is not None and page.live else "",
        }


def task_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a task, to whoever may see the task."""
    row = get_object_or_404(TaskFile.objects.select_related("task"), pk=pk)
    if not may_see(request.user, row.task):
        raise PermissionDenied
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
