"""Reads a spreadsheet that an editor chose and gives its rows back; nothing is kept."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.core.uploads.containers import FileProblem
from portal.core.uploads.sheets import LARGEST, sheet_text


@require_POST
def read_sheet(request: HttpRequest) -> HttpResponse:
    """``{"text", "note"}`` or, with status 422, ``{"problem"}``."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"problem": _("No file arrived.")}, status=422)
    try:
        text = sheet_text(file.read(LARGEST + 1), file.name or "")
    except FileProblem as problem:
        return JsonResponse({"problem": str(problem)}, status=422)
    rows = max(text.count("\n"), 0)
    note = ngettext(
        "%(count)d row read from “%(name)s”. Check it, then save.",
        "%(count)d rows read from “%(name)s”. Check them, then save.",
        rows,
    ) % {"count": rows, "name": file.name}
    return JsonResponse({"text": text, "note": note})
