"""Files of letters and replies, to those who may read them: saved, never shown in the browser."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.interaction.models import LetterFile, ReplyFile
from portal.interaction.permissions import may_see, may_see_writer


@require_safe
def letter_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that the writer attached: it tells of the writer as much as the name does."""
    row = get_object_or_404(LetterFile.objects.select_related("letter"), pk=pk)
    if not (may_see(request.user, row.letter) and may_see_writer(request.user, row.letter)):
        raise PermissionDenied
    return _saved(row)


@require_safe
def reply_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(ReplyFile.objects.select_related("reply__letter"), pk=pk)
    if not may_see(request.user, row.reply.letter):
        raise PermissionDenied
    return _saved(row)


def _saved(row: Any) -> HttpResponseBase:
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
