"""While one writes: the texts of the form come, findings with their places go back."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from portal.proofreading.kinds import ADVICE
from portal.proofreading.permissions import may_answer_for, may_write
from portal.proofreading.selectors.detecting import platform
from portal.proofreading.selectors.findings import PageScan, Placed, placed_in, reasons_for
from portal.proofreading.selectors.texts import FieldText
from portal.proofreading.services.reasons import give_reasons

MOST_FIELDS = 2000
MOST_CHARACTERS = 300_000
_MOST_SAID = 200


@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Findings for the texts of a form; nothing is stored.

    Sent: ``{"page": 5 or null, "texts": ["…", …]}``. Places count UTF-16 units, as browsers do.
    """
    if not may_write(request.user):
        raise PermissionDenied
    sent = _sent(request)
    if sent is None:
        return HttpResponseBadRequest()
    texts: list[str] = sent["texts"]
    if len(texts) > MOST_FIELDS or sum(map(len, texts)) > MOST_CHARACTERS:
        return JsonResponse({"too_long": True, "findings": []})
    now = platform()
    found = [
        (place, one)
        for place, text in enumerate(texts)
        if text.strip()
        for one in placed_in(FieldText(str(place), text), now)
    ][:_MOST_SAID]
    reasons = _reasons(request, sent.get("page"), (one for _place, one in found))
    return JsonResponse(
        {"findings": [_said(place, one, texts[place], reasons) for place, one in found]}
    )


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    try:
        sent = json.loads(request.body)
        texts = sent["texts"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(sent, dict) or not isinstance(texts, list):
        return None
    return sent if all(isinstance(text, str) for text in texts) else None


def _reasons(request: HttpRequest, page_pk: Any, found: Iterable[Placed]) -> dict[str, str]:
    keys = {one.key for one in found if one.grade == "warning"}
    if not keys or not isinstance(page_pk, int):
        return {}
    page = Page.objects.filter(pk=page_pk).first()
    if page is None or not may_answer_for(request.user, page.specific_deferred):
        return {}
    return {key: row.reason for key, row in reasons_for(page_pk, keys).items()}


def _said(place: int, one: Placed, text: str, reasons: dict[str, str]) -> dict[str, Any]:
    finding = one.finding
    return {
        "text": place,
        "start": _units(text, finding.start),
        "end": _units(text, finding.end),
        "grade": str(one.grade),
        "label": one.label,
        "words": " ".join(finding.text.split())[:60],
        "advice": str(ADVICE[finding.kind]),
        "suggestion": finding.suggestion,
        "key": one.key,
        "reason": reasons.get(one.key, ""),
    }


def _units(text: str, place: int) -> int:
    return place + sum(sign > "\uffff" for sign in text[:place])


@require_POST
def give_reason(request: HttpRequest, page_id: int) -> HttpResponse:
    """Keep the reason for one finding of a text in the form.

    Sent: ``{"texts": ["the text"], "key": "…", "reason": "…"}``.
    """
    page = get_object_or_404(Page, pk=page_id).specific
    if not may_answer_for(request.user, page):
        raise PermissionDenied
    sent = _sent(request)
    if sent is None or sum(map(len, sent["texts"])) > MOST_CHARACTERS:
        return HttpResponseBadRequest()
    now = platform()
    found = [one for text in sent["texts"] for one in placed_in(FieldText("", text), now)]
    seen = PageScan(page.pk, tuple(found), 0, (), now.version)
    reasons = {str(sent.get("key", "")): str(sent.get("reason", ""))}
    try:
        given = give_reasons(page=page, scan=seen, reasons=reasons, user=request.user)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    if not given:
        return JsonResponse({"error": _("The text has been changed meanwhile.")}, status=422)
    return JsonResponse({"reason": given[0].reason})
