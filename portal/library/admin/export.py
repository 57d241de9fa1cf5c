"""The archive package of one record."""

import io

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.library.archiving import export
from portal.library.models import LibraryRecord, State
from portal.library.permissions import may_see


@require_safe
def export_record(request: HttpRequest, pk: int) -> HttpResponse:
    rows = LibraryRecord.objects.select_related("provider", "site", "page", "column")
    record = get_object_or_404(rows, pk=pk, state=State.PUBLIC)
    if not may_see(request.user, record):
        raise PermissionDenied
    buffer = io.BytesIO()
    export([record], buffer)
    response = HttpResponse(buffer.getvalue(), content_type="application/zip")
    name = record.item.replace(":", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
