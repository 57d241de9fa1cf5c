"""Bringing in policies: uploading files, a batch with its progress, what is done with all of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.policy_interpretation.importing import queue
from portal.policy_interpretation.models import ImportBatch, ImportItem, PolicyPage
from portal.policy_interpretation.selectors.imports import (
    columns_for,
    may_bring_into,
    may_see_imports,
    progress,
    visible_batches,
    with_counts,
)

PER_PAGE = 50
ACCEPTED = ".docx,.pdf,.ofd,.html,.htm,.txt,.doc,.wps,.rtf"


class ImportForm(forms.Form):
    """Where the documents go. The files themselves are read from the request."""

    column = forms.TypedChoiceField(label=_("Column"), coerce=int)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = {page.pk: page for page in columns_for(user)}
        field = self.fields["column"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(pk, _way_to(page)) for pk, page in self.columns.items()]


def _way_to(column: Any) -> str:
    above = column.get_parent()
    return f"{above.title} › {column.title}" if above is not None else str(column.title)


class ImportsView(WagtailAdminTemplateMixin, TemplateView):
    """The form, and the imports so far. ``?target=`` brings in a new text of one document."""

    template_name = "policy_interpretation/admin/imports.html"
    page_title = _("Bring in policies")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_imports(request.user):
            raise PermissionDenied
        self.target = _target(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batches = with_counts(visible_batches(self.request.user))
        initial = {"column": self.request.GET.get("column", "")}
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or ImportForm(user=self.request.user, initial=initial),
            "target": self.target,
            "limits": queue.limits_told(),
            "accepted": ACCEPTED,
            "batches": Paginator(batches, 20).get_page(self.request.GET.get("p")),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without files (the script sends them one by one): where to send them, as JSON."""
        wants_json = "application/json" in request.headers.get("Accept", "")
        uploads = request.FILES.getlist("files")
        if self.target is not None:
            column = self.target.get_parent()
        else:
            form = ImportForm(request.POST, user=request.user)
            if not form.is_valid():
                return self._again(request, gettext("Choose a column."), form, as_json=wants_json)
            column = form.columns[form.cleaned_data["column"]]
        if not uploads and not wants_json:
            return self._again(request, gettext("Choose at least one file."), None, as_json=False)
        batch = queue.open_batch(column=column, user=request.user, target=self.target)
        if wants_json:
            return JsonResponse(
                {
                    "add": reverse("policy_import_add", args=[batch.pk]),
                    "start": reverse("policy_import", args=[batch.pk]),
                }
            )
        _take(request, batch, uploads)
        queue.start(batch=batch)
        return HttpResponseRedirect(reverse("policy_import", args=[batch.pk]))

    def _again(
        self, request: HttpRequest, problem: str, form: ImportForm | None, *, as_json: bool
    ) -> HttpResponse:
        if as_json:
            return JsonResponse({"problem": problem}, status=422)
        messages.error(request, problem)
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _target(request: HttpRequest) -> PolicyPage | None:
    number = request.POST.get("target") or request.GET.get("target") or ""
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    page = get_object_or_404(PolicyPage, pk=int(number), alias_of=None)
    rights = page.permissions_for_user(request.user)
    if not rights.can_edit() or not may_bring_into(request.user, page.get_parent().specific):
        raise PermissionDenied
    return page


def _take(request: HttpRequest, batch: ImportBatch, uploads: list[UploadedFile]) -> None:
    for upload in uploads:
        try:
            queue.add_file(batch=batch, upload=upload)
        except queue.NotTaken as problem:
            messages.error(request, f"{upload.name}: {problem}")


def batch_for(request: HttpRequest, pk: int) -> ImportBatch:
    """An import that the account may see.

    Raises:
        Http404: there is none, or it is another site's.
    """
    if not may_see_imports(request.user):
        raise PermissionDenied
    return get_object_or_404(visible_batches(request.user), pk=pk)


def _own(request: HttpRequest, pk: int) -> ImportBatch:
    """An import that the account may go on with.

    Raises:
        PermissionDenied: it may not write in the column.
    """
    batch = batch_for(request, pk)
    if batch.column is None or not may_bring_into(request.user, batch.column.specific):
        raise PermissionDenied
    return batch


class BatchView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "policy_interpretation/admin/import_batch.html"
    page_title = _("Documents brought in")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.batch = batch_for(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.batch.column.title if self.batch.column else self.batch.site)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("status", "")
        items = self.batch.items.select_related("page").defer("source", "report", "removed")
        if wanted in ImportItem.Status.values:
            items = items.filter(status=wanted)
        now = progress(self.batch)
        return super().get_context_data(**kwargs) | {
            "batch": self.batch,
            "progress": now,
            "is_running": self.batch.state == ImportBatch.State.RUNNING and now.waiting > 0,
            "is_still": queue.stands_still(self.batch),
            "may_start": self.batch.state != ImportBatch.State.RUNNING and now.waiting > 0,
            "filters": [
                (status, label, now.counts[status])
                for status, label in ImportItem.Status.choices
                if now.counts[status]
            ],
            "wanted": wanted,
            "items": Paginator(items, PER_PAGE).get_page(self.request.GET.get("p")),
            "unflagged": now.counts[ImportItem.Status.IMPORTED],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = _own(request, self.batch.pk)
        wanted = request.POST.get("do", "")
        try:
            match wanted:
                case "start":
                    queue.start(batch=batch)
                case "stop":
                    queue.stop(batch=batch)
                case "confirm":
                    done = queue.confirm_unflagged(batch=batch, user=request.user)
                    words = ngettext(
                        "%(count)d document was marked as checked.",
                        "%(count)d documents were marked as checked.",
                        done,
                    )
                    messages.success(request, words % {"count": done})
                case "again":
                    queue.read_again(item=_item_of(batch, request.POST.get("item", "")))
                case "forget":
                    queue.forget(batch=batch)
                    messages.success(request, gettext("The record was deleted; drafts stay."))
                    return HttpResponseRedirect(reverse("policy_imports"))
        except queue.NotTaken as problem:
            messages.error(request, str(problem))
        return HttpResponseRedirect(reverse("policy_import", args=[batch.pk]))


def _item_of(batch: ImportBatch, number: str) -> ImportItem:
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    return get_object_or_404(batch.items, pk=int(number))


@require_POST
def add(request: HttpRequest, pk: int) -> JsonResponse:
    """One file of the script's. ``problem`` says why it was not taken."""
    batch = _own(request, pk)
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"problem": gettext("No file arrived.")}, status=422)
    try:
        item = queue.add_file(batch=batch, upload=upload)
    except queue.NotTaken as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    refused = item.status == ImportItem.Status.REFUSED
    return JsonResponse({"problem": item.findings[0]["sentence"] if refused else ""})


@require_safe
def batch_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """What the script asks for every few seconds."""
    batch = batch_for(request, pk)
    now = progress(batch)
    running = batch.state == ImportBatch.State.RUNNING and now.waiting > 0
    return JsonResponse(
        {
            "done": now.done,
            "total": now.total,
            "percent": now.percent,
            "running": running and not queue.stands_still(batch),
        }
    )


@require_safe
def original(request: HttpRequest, pk: int) -> FileResponse:
    """The upload, to whoever may see the import; never to be shown as a page."""
    item = get_object_or_404(ImportItem.objects.exclude(file=""), pk=pk)
    batch_for(request, item.batch_id)
    try:
        stored = item.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stored, as_attachment=True, filename=item.name)
    response["Content-Type"] = "application/octet-stream"
    response["Cache-Control"] = "private, no-store"
    return response
