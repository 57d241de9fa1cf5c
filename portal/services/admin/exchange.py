"""Bringing guides in from a file: upload, what would happen, confirmation, progress, result.

And taking the guides of the own sites out as a file.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from portal.plugin_api import (
    Action,
    BatchesView,
    BatchForm,
    BatchView,
    site_of_path,
    sites_allowing,
)
from portal.services.exchange import uploads
from portal.services.exchange.reading import FileRefused
from portal.services.exchange.writing import CONTENT_TYPES, guides_as, latest
from portal.services.models import GuideImport, GuidePage
from portal.services.permissions import columns_for, imports_for, may_bring_into, sees_exchange

MOST_EXPORTED = 20_000


class UploadForm(BatchForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Ends in .csv, .xlsx or .json; at most %(count)d guides.")
        % {"count": uploads.MOST_ROWS},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )


class _Screen:
    list_url_name = "services_imports"
    url_name = "services_import"

    def may_see(self, user: Any) -> bool:
        return sees_exchange(user)

    def batches_for(self, user: Any) -> QuerySet[GuideImport]:
        return imports_for(user)


class ImportsView(_Screen, BatchesView):
    """The form, the imports so far, and the files to take out."""

    template_name = "services/admin/imports.html"
    page_title = _("Bring in service guides")
    refusal = FileRefused

    def make_form(self, *args: Any) -> UploadForm:
        return UploadForm(*args, columns=columns_for(self.request.user))

    def bring(self, form: UploadForm) -> GuideImport:
        data = form.cleaned_data
        column = form.columns[data["column"]]
        return uploads.bring(upload=data["file"], column=column, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"kinds": list(CONTENT_TYPES)}


class ImportView(_Screen, BatchView):
    """One import: what would happen, how far it is, or what became of it."""

    template_name = "services/admin/import.html"
    page_title = _("Service guides brought in")
    batches = uploads.GUIDE_FILES
    labels = {
        "created": _("new drafts"),
        "updated": _("changed drafts"),
        "unchanged": _("unchanged"),
        "refused": _("refused"),
    }

    def may_go_on(self, user: Any, batch: GuideImport) -> bool:
        return batch.column is not None and may_bring_into(user, batch.column.specific)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if context["is_running"] and not context["is_still"]:
            # The screen looks again by itself, without a script.
            response.headers["Refresh"] = "3"
        return response


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The guides of the own sites, drafts too; ``?unit=``, ``?term=`` and ``?q=`` narrow them."""
    sites = sites_allowing(request.user, Action.PAGE_CHANGE)
    if sites is not None and not sites:
        raise PermissionDenied
    if kind not in CONTENT_TYPES:
        raise Http404
    pages = GuidePage.objects.filter(alias_of=None, locale__language_code="zh-hans")
    if unit := request.GET.get("unit", ""):
        pages = pages.filter(owner_unit__code=unit)
    if term := request.GET.get("term", ""):
        pages = pages.filter(terms__key=term).distinct()
    if words := request.GET.get("q", "").strip():
        pages = pages.filter(draft_title__icontains=words[:120])
    places = pages.order_by("path").values_list("pk", "path")
    own = [pk for pk, place in places if sites is None or site_of_path(place) in sites]
    chosen = GuidePage.objects.filter(pk__in=own[:MOST_EXPORTED]).order_by("path")
    response = HttpResponse(guides_as(kind, latest(chosen)), content_type=CONTENT_TYPES[kind])
    name = f"service-guides-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class ExchangeItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return sees_exchange(request.user)


urls = [
    path("service-imports/", ImportsView.as_view(), name="services_imports"),
    path("service-imports/<int:pk>/", ImportView.as_view(), name="services_import"),
    path("service-exports/<slug:kind>/", export, name="services_export"),
]
