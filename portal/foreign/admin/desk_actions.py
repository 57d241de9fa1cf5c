"""What the desk's script asks for: saving one text, help for it, the page as it is now."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET
from django.views.generic import View

from portal.foreign.inline_marks import kept, typed
from portal.foreign.models import PageTranslation
from portal.foreign.selectors.desk import SHOWN, help_for, progress_of, rows_of
from portal.foreign.selectors.review import history_of
from portal.foreign.services.drafts import draft_page, place_target
from portal.foreign.services.placing import NoColumn
from portal.foreign.services.segments import (
    ChangedMeanwhile,
    Locked,
    SourceMoved,
    confirm_segment,
    save_segment,
)
from portal.plugin_api import table_response

from .desk_rights import rights_of, translation_for


class DeskSaveView(View):
    """Saves one text and tells how it and the page stand. In a conflict both come back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        translation = translation_for(request.user, pk)
        if not rights_of(request.user, translation).may_write:
            return _refusal(Locked() if rights_of(request.user, translation).is_running else None)
        posted = request.POST
        try:
            if "confirm" in posted:
                confirm_segment(
                    translation=translation,
                    path=posted.get("path", ""),
                    source_hash=posted.get("hash", ""),
                    user=request.user,
                )
            else:
                save_segment(
                    translation=translation,
                    path=posted.get("path", ""),
                    position=0,
                    source_hash=posted.get("hash", ""),
                    text=kept(posted.get("text", ""), posted.get("source", "")),
                    user=request.user,
                    seen=None if "force" in posted else posted.get("seen", ""),
                )
        except ValidationError as error:
            return _refusal(error)
        if translation.target_id is None:
            _place(translation, request.user)
        return JsonResponse(_standing(translation, posted.get("path", ""), posted.get("hash", "")))


def _place(translation: PageTranslation, user: Any) -> None:
    try:
        place_target(translation=translation, user=user)
    except NoColumn:
        return  # the desk says so above the texts, and nothing is lost without a page


def _standing(translation: PageTranslation, path: str, digest: str) -> dict[str, Any]:
    rows = rows_of(translation)
    progress = progress_of(rows)
    found = [row for row in rows if (row.segment.path, row.segment.source_hash) == (path, digest)]
    return {
        "ok": True,
        "progress": {
            "percent": progress.percent,
            "done": progress.done,
            "total": progress.total,
            "left": gettext("%(count)s characters to go") % {"count": progress.words_left},
            "shows": {name: sum(row.shows(name) for row in rows) for name in SHOWN},
            "words": gettext("%(done)s of %(total)s texts")
            % {
                "done": progress.done,
                "total": progress.total,
            },
        },
        "rows": [
            {
                "number": row.number,
                "character": row.segment.character,
                "badge": row.badge,
                "seen": row.seen,
                "typed": row.typed,
                "warnings": row.warnings,
                "who": row.who,
            }
            for row in found
        ],
    }


def _refusal(error: ValidationError | None) -> JsonResponse:
    if error is None:
        message = gettext("You may look at this page and not change it.")
        return JsonResponse({"ok": False, "code": "forbidden", "message": message}, status=403)
    answer = {
        "ok": False,
        "code": getattr(error, "code", "") or "invalid",
        "message": " ".join(error.messages),
    }
    if isinstance(error, ChangedMeanwhile):
        return JsonResponse(
            answer | {"theirs": typed(error.theirs), "seen": error.theirs}, status=409
        )
    if isinstance(error, SourceMoved):
        return JsonResponse(answer | {"present": typed(error.present)}, status=409)
    return JsonResponse(answer, status=409 if isinstance(error, Locked) else 400)


@require_GET
def desk_help(request: HttpRequest, pk: int) -> HttpResponse:
    """What the memory knows for one text, as a piece of the page."""
    translation = translation_for(request.user, pk)
    number = request.GET.get("at", "")
    row = next((row for row in rows_of(translation) if str(row.number) == number), None)
    found = help_for(translation, row) if row is not None else []
    return TemplateResponse(
        request,
        "foreign/admin/desk_help.html",
        {"row": row, "suggestions": found, "language": translation.section.locale.language_code},
    )


@require_GET
def desk_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as it would be with all that is written; Chinese where nothing is yet."""
    translation = translation_for(request.user, pk)
    if translation.target_id is None:
        return TemplateResponse(
            request, "foreign/admin/desk_no_preview.html", {"translation": translation}
        )
    page = draft_page(translation)
    response: HttpResponse = page.make_preview_request(
        request, page.default_preview_mode, {"in_preview_panel": True}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def desk_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The history of the reviews as a table for spreadsheets."""
    translation = translation_for(request.user, pk)
    headings = [gettext("Time"), gettext("By"), gettext("What"), gettext("Words")]
    rows = ([line.at, line.who, line.what, line.said] for line in history_of(translation))
    return table_response("csv", f"translation-{translation.pk}-history", headings, rows)
