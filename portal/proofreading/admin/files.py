"""Uploaded files in which something was found, for those who may change them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.documents import get_document_model

from portal.proofreading.models import FileScan
from portal.proofreading.permissions import file_policy, keeps_files
from portal.proofreading.selectors.detecting import platform
from portal.proofreading.services.files import is_fresh, placed_of, scan_file

_PER_PAGE = 50


class FilesView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "proofreading/admin/files.html"
    page_title = gettext_lazy("Files with findings")
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not keeps_files(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = file_policy().instances_user_has_any_permission_for(
            self.request.user, ["change", "delete"]
        )
        scans = (
            FileScan.objects.filter(document__in=mine.values("pk"))
            .exclude(findings=[], state__in=[FileScan.State.DONE, FileScan.State.OTHER])
            .exclude(state=FileScan.State.WAITING)
            .select_related("document")
            .order_by("-at", "-pk")
        )
        page = Paginator(scans, _PER_PAGE).get_page(self.request.GET.get("p"))
        now = platform()
        rows = [(scan, placed_of(scan, scan.document.title, now)) for scan in page.object_list]
        return super().get_context_data(**kwargs) | {"files": page, "rows": rows}


@require_safe
def file_findings(request: HttpRequest, document_id: int) -> HttpResponse:
    """What was found in one file, for its form."""
    document = get_object_or_404(get_document_model(), pk=document_id)
    if not file_policy().user_has_permission_for_instance(request.user, "change", document):
        raise PermissionDenied
    now = platform()
    scan = FileScan.objects.filter(document=document).first()
    if scan is None or not is_fresh(scan, document, now):
        scan = scan_file(document=document)
    found = placed_of(scan, document.title, now)
    return JsonResponse(
        {
            "state": scan.state,
            "findings": [
                {
                    "grade": str(one.grade),
                    "label": one.label,
                    "words": one.words,
                    "advice": one.advice,
                }
                for one in found
            ],
        }
    )
