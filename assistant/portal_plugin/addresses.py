"""Where forms of the assistant lead: always to an address that can be loaded again."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse


def to_receipt(answer_id: str, language: str, anchor: str = "") -> HttpResponseRedirect:
    return _redirect(reverse("assistant:answer", args=[answer_id]), language, anchor)


def to_conversation(conversation: Any, language: str, anchor: str = "") -> HttpResponseRedirect:
    address = reverse("assistant:conversation", args=[conversation])
    return _redirect(address, language, anchor or "latest")


def _redirect(address: str, language: str, anchor: str) -> HttpResponseRedirect:
    if language != "zh-hans":
        address = f"{address}?{urlencode({'lang': language})}"
    if anchor:
        address = f"{address}#{anchor}"
    response = HttpResponseRedirect(address, status=303)
    response.headers["Cache-Control"] = "no-store"
    return response
