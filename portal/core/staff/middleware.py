"""Stands before the admin: from where it is reached, and how long a session lives."""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext

from portal.core.audit.recording import record
from portal.core.models import AuditEntry
from portal.core.visitors import client_address, is_within, network_of

from . import passwords

_SEEN, _BOUND = "staff_seen", "staff_bound"
# How exactly idle time is known: the session is not written with every request.
_EVERY_SECONDS = 60


class StaffMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("wagtailadmin_home")
        self.account = reverse("wagtailadmin_account")
        # What the browser asks for by itself, and what leads out.
        self.automatic = f"{self.admin}editing-sessions/"
        self.open = (
            self.account,
            reverse("wagtailadmin_logout"),
            reverse("wagtailadmin_login"),
            reverse("wagtailadmin_sprite"),
            reverse("wagtailadmin_javascript_catalog"),
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.admin):
            self._refuse_from_outside(request)
            if request.user.is_authenticated:
                self._look_at_session(request)
            if request.user.is_authenticated and self._must_change_password(request):
                messages.warning(request, passwords.too_old_text())
                return HttpResponseRedirect(self.account)
        return self.get_response(request)

    @staticmethod
    def _refuse_from_outside(request: HttpRequest) -> None:
        """As if there were no admin: whoever looks for one learns nothing.

        Raises:
            Http404: another host, or an address that is not on the list.
        """
        if settings.STAFF_HOST and request.get_host().lower() != settings.STAFF_HOST:
            raise Http404
        if settings.STAFF_NETWORKS and not is_within(
            client_address(request), settings.STAFF_NETWORKS
        ):
            raise Http404

    def _look_at_session(self, request: HttpRequest) -> None:
        now, session = int(time.time()), request.session
        bound = _binding(request)
        if session.get(_BOUND, bound) != bound:
            self._end(request, "access.session_elsewhere")
            return
        seen = session.get(_SEEN)
        if seen is not None and now - seen > settings.STAFF_IDLE_MINUTES * 60:
            self._end(request, "access.session_idle")
            minutes = settings.STAFF_IDLE_MINUTES
            text = ngettext(
                "You were signed out: nothing was done for %(minutes)d minute.",
                "You were signed out: nothing was done for %(minutes)d minutes.",
                minutes,
            )
            messages.info(request, text % {"minutes": minutes})
            return
        if request.path_info.startswith(self.automatic):
            return  # an editor that is left open is not at work
        if seen is None or now - seen >= _EVERY_SECONDS:
            session[_SEEN], session[_BOUND] = now, bound

    @staticmethod
    def _end(request: HttpRequest, why: str) -> None:
        record(why, AuditEntry.Kind.ACCESS, result=AuditEntry.Result.REFUSED, user=request.user)
        logout(request)

    def _must_change_password(self, request: HttpRequest) -> bool:
        """Asked when a page is opened: what somebody has typed is taken in first."""
        return (
            request.method == "GET"
            and not request.path_info.startswith(self.open)
            and not request.path_info.startswith(self.automatic)
            and request.headers.get("X-Requested-With") != "XMLHttpRequest"
            and "text/html" in request.headers.get("Accept", "text/html")
            and passwords.is_too_old(request.user)
        )


def _binding(request: HttpRequest) -> str:
    """What a session belongs to: a cookie that was carried away is worth nothing elsewhere."""
    told: list[Any] = [request.headers.get("User-Agent", "")]
    if settings.STAFF_SESSION_KEEPS_NETWORK:
        told.append(network_of(client_address(request)))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
