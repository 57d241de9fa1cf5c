"""Follows the rendering of public pages, keeps them, and takes out what a request has changed."""

import logging
import sqlite3
from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import (
    get_max_age,
    has_vary_header,
    patch_vary_headers,
)

from portal.plugin_api import (
    outage_behind,
    page_reads_followed,
    pinned,
    portal_of,
    site_of_path,
)

from . import front
from .reading.recorder import Recording, recorded
from .store import apart, layout, settling
from .store.files import Finished
from .store.keeping import NotKept, Place, Store, store

logger = logging.getLogger(__name__)

# Of the answer's headers, those that are made anew with each answer.
_NOT_STORED = frozenset({"content-length", "date", "server", "connection", "transfer-encoding"})
# Asked for by programs and by who is signed in; pages of this portal do not lie there.
_APART = ("/admin/", "/api/", "/documents/", "/healthz", "/media/", "/readyz", "/static/")


class PageStoreMiddleware:
    """Stands outside all others, so that it sees an answer as it is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PORTAL_PAGE_STORE:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response = self.get_response(request)
            follow_changes()
            return response
        if not _may_be_kept(request):
            return self.get_response(request)
        return self._followed(request)

    def _followed(self, request: HttpRequest) -> HttpResponseBase:
        found = store()
        try:
            followed_to = found.index.followed_to()
        except sqlite3.Error:
            logger.exception("The index of stored pages does not answer; nothing is stored")
            return self.get_response(request)
        # The structure is looked at before: a page hangs on its version, not on all its rows.
        with page_reads_followed() as reads, pinned():
            try:
                site_of_path("")
            except DatabaseError:
                # Told by those further in, where an answer has its headers.
                return self.get_response(request)
            with recorded() as recording:
                response = self.get_response(request)
        reason = _why_not(request, response) or reads.refused
        if reason or not isinstance(response, HttpResponse):
            return response
        place = Place(
            request.META["HTTP_HOST"],
            request.META["PATH_INFO"],  # as asked: variants are rendered at another one
            reads.site if reads.page is not None else portal_of(request).site_pk,
            reads.page,
        )
        holds = reads.holds_until.timestamp() if reads.holds_until else None
        _keep(found, place, response, recording, followed_to, holds)
        return response


def _may_be_kept(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and not front._is_personal(request.META.get("HTTP_COOKIE", ""))
        and "HTTP_AUTHORIZATION" not in request.META
        and not request.path_info.startswith(_APART)
        and layout.relative_folder(request.META.get("HTTP_HOST", ""), request.path_info) is not None
    )


def _why_not(request: HttpRequest, response: HttpResponseBase) -> str:
    """Why an answer is not for everybody; "" for one that is."""
    if response.status_code != 200 or response.streaming:
        return "no whole page"
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return "not HTML"
    if response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return "sets a cookie"
    session = getattr(request, "session", None)
    if session is not None and (session.accessed or session.modified):
        return "looks at the session"
    if has_vary_header(response, "Cookie"):
        return "varies with cookies"
    control = {
        part.partition("=")[0].strip().lower()
        for part in response.headers.get("Cache-Control", "").split(",")
    }
    if control & {"private", "no-store"} or get_max_age(response) == 0:
        return "is not to be cached"
    if "Content-Encoding" in response.headers:
        return "is packed already"
    return ""


def _keep(
    found: Store,
    place: Place,
    response: HttpResponse,
    recording: Recording,
    followed_to: int,
    holds_until: float | None,
) -> None:
    response.headers.setdefault("Cache-Control", "no-cache")  # ask each time; a 304 costs little
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = tuple(
        (name, value) for name, value in response.headers.items() if name.lower() not in _NOT_STORED
    )
    is_apart = apart.is_apart(place.path, headers, holds_until)
    page = Finished(response.content, headers, holds_until, is_apart)
    try:
        found.put(
            place,
            page,
            recording,
            vendor=connection.vendor,
            followed_to=followed_to,
        )
    except NotKept as reason:
        logger.debug("%s is not kept: %s", place.address, reason)
    except (OSError, sqlite3.Error):
        # The visitor has the page; whoever comes next has it rendered again.
        logger.exception("%s cannot be stored", place.address)


def follow_changes() -> None:
    """After a request that may have written: stored pages follow before the answer goes out."""
    found = store()
    try:
        settled = settling.settle(found)
        if settled.changes or settled.all:
            settling.report(found)
            settling.tell_others(settled)
            settling.wait_for_others(found, settled.position)
    except DatabaseError as error:
        if outage_behind(error) is None:
            logger.exception("Stored pages cannot follow: nothing is served from the store")
            close(found)
            return
        # Nothing more is committed while it is away, and what was is followed when it is back.
        # Whoever sends a form now must not take away the pages that can still be read.
        logger.warning("Stored pages stay as they are, the database is away: %s", error)
    except (OSError, sqlite3.Error):
        logger.exception("Stored pages cannot follow a change: nothing is served from the store")
        close(found)


def close(found: Store) -> None:
    """Serve nothing from the store until it follows again: better slow than wrong."""
    try:
        found.files.switch()
    except OSError:
        try:
            found.files.live.unlink(missing_ok=True)
        except OSError:
            logger.critical("The store of pages cannot be closed: %s", found.files.live)
