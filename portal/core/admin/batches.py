"""Screens for files of many rows: upload, what would happen, the yes, progress, result."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page

from portal.core.uploads.batches import RUNNING, Batches, NotNow

PER_PAGE = 50
_LISTED = 20


class BatchForm(forms.Form):
    """Into which of the columns, and the file."""

    column = forms.TypedChoiceField(label=_("Column"), coerce=int)
    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, columns: list[Page], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.columns = {page.pk: page for page in columns}
        field = self.fields["column"]
        assert isinstance(field, forms.TypedChoiceField)
        above = {page.pk: page.path[: -page.steplen] for page in columns}
        titles = dict(
            Page.objects.filter(path__in=set(above.values())).values_list("path", "title")
        )
        field.choices = [
            (page.pk, f"{titles.get(above[page.pk], '')} › {page.title}") for page in columns
        ]


class BatchScreen(WagtailAdminTemplateMixin, TemplateView, ABC):
    """What both screens ask: who sees them, and whose files."""

    header_icon = "upload"
    list_url_name: ClassVar[str]
    url_name: ClassVar[str]

    @abstractmethod
    def may_see(self, user: Any) -> bool:
        """Whether an account has anything to do with such files."""

    @abstractmethod
    def batches_for(self, user: Any) -> QuerySet[Any]:
        """The files that it may look at, the newest first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class BatchesView(BatchScreen):
    """The form and the files so far."""

    # What ``bring`` raises for a file of which nothing can be used.
    refusal: ClassVar[type[Exception]]

    @abstractmethod
    def make_form(self, *args: Any) -> BatchForm:
        """The form, with the columns into which the account may bring files."""

    @abstractmethod
    def bring(self, form: Any) -> Any:
        """Keep the file of a valid form and say what it would do."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.batches_for(self.request.user)
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or self.make_form(),
            "imports": Paginator(rows, _LISTED).get_page(self.request.GET.get("p")),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST, request.FILES)
        if form.is_valid():
            try:
                batch = self.bring(form)
            except self.refusal as refused:
                form.add_error("file", str(refused))
            else:
                return HttpResponseRedirect(reverse(self.url_name, args=[batch.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class BatchView(BatchScreen):
    """One file: what would happen, how far it is, or what became of it."""

    batches: ClassVar[Batches[Any]]
    # The states of rows as people read them.
    labels: ClassVar[Mapping[str, Any]]
    # Of the reported rows: lists that make a row worth showing before anybody chose a state.
    remarks: ClassVar[tuple[str, ...]] = ("problems",)

    @abstractmethod
    def may_go_on(self, user: Any, batch: Any) -> bool:
        """Whether the account may store, go on with or forget a file that it sees."""

    def forget(self, batch: Any) -> None:
        self.batches.forget(batch)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_see(request.user):
            raise PermissionDenied
        self.batch = get_object_or_404(self.batches_for(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.batch.name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, outcome = self.batch, self.batch.outcome
        wanted = self.request.GET.get("status", "")
        shown = [
            row | {"label": self.labels.get(row["status"], "")}
            for row in outcome.get("rows", [])
            if row["status"] == wanted or (not wanted and any(row[name] for name in self.remarks))
        ]
        counts = outcome.get("counts", {})
        return super().get_context_data(**kwargs) | {
            "batch": batch,
            "counts": [(s, label, counts[s]) for s, label in self.labels.items() if counts.get(s)],
            "notes": outcome.get("notes", []),
            "ignored": outcome.get("ignored_columns", []),
            "rows": Paginator(shown, PER_PAGE).get_page(self.request.GET.get("p")),
            "wanted": self.labels.get(wanted, ""),
            "status": wanted,
            "may_go_on": self.may_go_on(self.request.user, batch),
            "is_running": batch.state == RUNNING,
            "is_still": self.batches.stands_still(batch),
            "percent": 100 * batch.done // batch.total if batch.total else 0,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_go_on(request.user, self.batch):
            raise PermissionDenied
        try:
            match request.POST.get("do"):
                case "confirm" | "go_on":
                    self.batches.start(self.batch)
                case "forget":
                    self.forget(self.batch)
                    return HttpResponseRedirect(reverse(self.list_url_name))
        except NotNow as problem:
            messages.error(request, str(problem))
        return HttpResponseRedirect(reverse(self.url_name, args=[self.batch.pk]))
