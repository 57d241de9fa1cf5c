"""Counting that results are opened: a beacon of the page's script, without cookie or address.

Whoever reads without JavaScript follows plain links and is not counted.
"""

import re

from django.http import HttpRequest, HttpResponse

from portal.plugin_api import from_elsewhere

from .services.log import note_click

_TOKEN = re.compile(r"[\w:.-]{1,100}", re.ASCII)
_KEY = re.compile(r"[\w:#./-]{1,120}")
_MOST = 1000


def take(request: HttpRequest) -> HttpResponse:
    """204 whatever becomes of it: a beacon has no reader. 400 for what no page of ours sends,
    403 for what another website sends."""
    if from_elsewhere(request):
        return HttpResponse(status=403, content_type="text/plain")
    token, key = request.POST.get("token", ""), request.POST.get("key", "")
    position = request.POST.get("position", "")
    is_number = position.isascii() and position.isdigit() and 1 <= int(position[:9]) <= _MOST
    if not (_TOKEN.fullmatch(token) and _KEY.fullmatch(key) and is_number):
        return HttpResponse(status=400, content_type="text/plain")
    note_click(token, key=key, position=int(position))
    return HttpResponse(status=204)
