"""Bringing entries in from a file: upload, what would happen, confirmation, progress, result.

And taking the entries of the own sites out as a file.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from assistant.portal_plugin.exchange import uploads
from assistant.portal_plugin.exchange.reading import FileRefused
from assistant.portal_plugin.exchange.writing import CONTENT_TYPES, NotWritable, entries_as
from assistant.portal_plugin.knowledge_list import filtered_entries
from assistant.portal_plugin.models import EntryImport, Topic
from assistant.portal_plugin.selectors.tasks import (
    columns_for,
    entries_of_own_sites,
    imports_for,
    may_bring_into,
    may_see_imports,
    may_work_on_entries,
)

PER_PAGE = 50


class UploadForm(forms.Form):
    column = forms.TypedChoiceField(label=_("Column"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        help_text=_("Ends in .jsonl, .csv or .xlsx; at most %(count)d rows.")
        % {"count": uploads.MOST_ROWS},
        widget=forms.FileInput(attrs={"accept": ".jsonl,.csv,.xlsx"}),
    )
    create_topics = forms.BooleanField(label=_("Make topics that are missing"), required=False)
    replace = forms.BooleanField(
        label=_("Withdraw what came from a file earlier and is not in this one"), required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.columns = {page.pk: page for page in columns_for(user)}
        field = self.fields["column"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [
            (pk, f"{page.get_parent().title} › {page.title}") for pk, page in self.columns.items()
        ]


class ImportsView(WagtailAdminTemplateMixin, TemplateView):
    """The form, the imports so far, and the files to take out."""

    template_name = "assistant/admin/imports.html"
    page_title = _("Bring in questions")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_see_imports(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = imports_for(self.request.user)
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or UploadForm(user=self.request.user),
            "imports": Paginator(rows, 20).get_page(self.request.GET.get("p")),
            "topics": Topic.objects.all(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, user=request.user)
        if form.is_valid():
            data = form.cleaned_data
            try:
                batch = uploads.bring(
                    upload=data["file"],
                    column=form.columns[data["column"]],
                    user=request.user,
                    replace=data["replace"],
                    create_topics=data["create_topics"],
                )
            except FileRefused as refused:
                form.add_error("file", str(refused))
            else:
                return HttpResponseRedirect(reverse("assistant_import", args=[batch.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ImportView(WagtailAdminTemplateMixin, TemplateView):
    """One import: what would happen, how far it is, or what became of it."""

    template_name = "assistant/admin/import.html"
    page_title = _("Questions brought in")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.batch = _batch(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.batch.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.batch.outcome.get("rows", [])
        wanted = self.request.GET.get("status", "")
        shown = [
            row | {"label": uploads.LABELS[row["status"]]}
            for row in rows
            if row["status"] == wanted or (not wanted and (row["problems"] or row["warnings"]))
        ]
        counts = self.batch.outcome.get("counts", {})
        return super().get_context_data(**kwargs) | {
            "batch": self.batch,
            "counts": [
                (status, label, counts[status])
                for status, label in uploads.LABELS.items()
                if counts.get(status)
            ],
            "notes": self.batch.outcome.get("notes", []),
            "ignored": self.batch.outcome.get("ignored_columns", []),
            "rows": Paginator(shown, PER_PAGE).get_page(self.request.GET.get("p")),
            "wanted": uploads.LABELS.get(wanted, ""),
            "status": wanted,
            "may_go_on": _may_go_on(self.request.user, self.batch),
            "is_still": uploads.stands_still(self.batch),
            "percent": 100 * self.batch.done // self.batch.total if self.batch.total else 0,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_go_on(request.user, self.batch):
            raise PermissionDenied
        try:
            match request.POST.get("do"):
                case "confirm" | "go_on":
                    uploads.start(batch=self.batch)
                case "forget":
                    uploads.forget(batch=self.batch)
                    return HttpResponseRedirect(reverse("assistant_imports"))
        except uploads.NotNow as problem:
            messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("assistant_import", args=[self.batch.pk]))


@require_safe
def import_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """What the script asks for every few seconds."""
    batch = _batch(request, pk)
    return JsonResponse(
        {
            "done": batch.done,
            "total": batch.total,
            "percent": 100 * batch.done // batch.total if batch.total else 0,
            "running": batch.state == EntryImport.State.RUNNING and not uploads.stands_still(batch),
        }
    )


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The entries of the own sites, narrowed as the list is by the same parameters."""
    if not may_work_on_entries(request.user):
        raise PermissionDenied
    if kind not in CONTENT_TYPES:
        raise Http404
    listed = filtered_entries(request).values("pk")
    pages = entries_of_own_sites(request.user).filter(pk__in=listed).order_by("path")
    chosen = [pk for pk in request.GET.getlist("id") if pk.isascii() and pk.isdecimal()][:5000]
    if chosen:
        pages = pages.filter(pk__in=[int(pk) for pk in chosen if len(pk) < 19])
    try:
        data = entries_as(kind, pages)
    except NotWritable as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("assistant_imports"))
    response = HttpResponse(data, content_type=CONTENT_TYPES[kind])
    name = f"questions-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class ImportsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_imports(request.user)


def _batch(request: HttpRequest, pk: int) -> EntryImport:
    if not may_see_imports(request.user):
        raise PermissionDenied
    return get_object_or_404(imports_for(request.user), pk=pk)


def _may_go_on(user: Any, batch: EntryImport) -> bool:
    return batch.column is not None and may_bring_into(user, batch.column.specific)
