"""Follows requests to the admin: who asks, what is refused, what leaves as a table."""

from collections.abc import Callable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from portal.core.models import AuditEntry

from . import asking
from .recording import record

_TABLES = ("csv", "xlsx")
# Wagtail answers a refusal with this message and a way back to its first page.
_REFUSAL = "Sorry, you do not have permission to access this area."


class AuditMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with asking.within(request):
            response = self.get_response(request)
            if request.path_info.startswith(self.admin) and request.user.is_authenticated:
                self._look_at(request, response)
            return response

    def _look_at(self, request: HttpRequest, response: HttpResponse) -> None:
        if self._is_refusal(request, response):
            record(
                "access.refused",
                AuditEntry.Kind.ACCESS,
                result=AuditEntry.Result.REFUSED,
                object_kind="address",
                object_name=f"{request.method} {request.path_info}",
            )
        elif request.GET.get("export") in _TABLES and response.status_code == 200:
            record(
                "export.table",
                AuditEntry.Kind.EXPORT,
                object_kind="address",
                object_name=request.path_info,
                data={"asked": request.GET.urlencode()[:1_000]},
            )

    def _is_refusal(self, request: HttpRequest, response: HttpResponse) -> bool:
        if response.status_code == 403:
            return True
        if response.status_code != 302 or response.headers.get("Location") != self.admin:
            return False
        # Only what this request has said; asking for them would mark all as read.
        said = getattr(get_messages(request), "_queued_messages", [])
        return any(gettext(_REFUSAL) in str(message.message) for message in said)
