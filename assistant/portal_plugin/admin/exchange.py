"""Bringing entries in from a file: upload, what would happen, confirmation, progress, result.

And taking the entries of the own sites out as a file.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
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
from wagtail.admin.menu import MenuItem

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
from portal.plugin_api import BatchesView, BatchForm, BatchView


class UploadForm(BatchForm):
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


class _Screen:
    list_url_name = "assistant_imports"
    url_name = "assistant_import"

    def may_see(self, user: Any) -> bool:
        return may_see_imports(user)

    def batches_for(self, user: Any) -> QuerySet[EntryImport]:
        return imports_for(user)


class ImportsView(_Screen, BatchesView):
    """The form, the imports so far, and the files to take out."""

    template_name = "assistant/admin/imports.html"
    page_title = _("Bring in questions")
    refusal = FileRefused

    def make_form(self, *args: Any) -> UploadForm:
        return UploadForm(*args, columns=columns_for(self.request.user))

    def bring(self, form: UploadForm) -> EntryImport:
        data = form.cleaned_data
        return uploads.bring(
            upload=data["file"],
            column=form.columns[data["column"]],
            user=self.request.user,
            replace=data["replace"],
            create_topics=data["create_topics"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"topics": Topic.objects.all()}


class ImportView(_Screen, BatchView):
    """One import: what would happen, how far it is, or what became of it."""

    template_name = "assistant/admin/import.html"
    page_title = _("Questions brought in")
    batches = uploads.ENTRY_FILES
    labels = uploads.LABELS
    remarks = ("problems", "warnings")

    def may_go_on(self, user: Any, batch: EntryImport) -> bool:
        return batch.column is not None and may_bring_into(user, batch.column.specific)

    def forget(self, batch: EntryImport) -> None:
        uploads.forget(batch=batch)


@require_safe
def import_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """What the script asks for every few seconds."""
    if not may_see_imports(request.user):
        raise PermissionDenied
    batch = get_object_or_404(imports_for(request.user), pk=pk)
    return JsonResponse(
        {
            "done": batch.done,
            "total": batch.total,
            "percent": 100 * batch.done // batch.total if batch.total else 0,
            "running": batch.state == EntryImport.State.RUNNING
            and not uploads.ENTRY_FILES.stands_still(batch),
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
