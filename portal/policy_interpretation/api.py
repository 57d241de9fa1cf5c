"""Policy documents as JSON, below ``/policies/api/v1/``: what the library and its pages say.

Errors are problem details (RFC 9457), as in the portal's own API.
"""

import datetime
import functools
import json
from collections.abc import Callable
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from portal.plugin_api import PortalContext, portal_of

from .clauses import ClauseData
from .days import read_day
from .library_views import site_asked
from .models import PolicyPage
from .models.documents import Genre
from .pagination import MOST
from .selectors.facts import repealing_document
from .selectors.library import Filters, Library, LibraryRow
from .selectors.pages import origin_of
from .selectors.relations import relations_of
from .selectors.texts import reading_on

MAX_AGE = 60
MOST_ON_A_PAGE = 100


class Problem(Exception):
    """A request that cannot be answered; ``detail`` is a sentence for the caller."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(detail)


def answers(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A view that returns what is to be sent as JSON, with ETag and problem details."""

    @require_safe
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            content = view(request, *args, **kwargs)
        except Problem as problem:
            return _problem(problem.status, problem.detail)
        except Http404:
            return _problem(404, gettext("Nothing public is at this address."))
        response = HttpResponse(
            json.dumps(content, ensure_ascii=False), content_type="application/json"
        )
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        response.headers["ETag"] = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
        etag = response.headers["ETag"]
        return get_conditional_response(request, etag=etag, response=response) or response

    return answer


@answers
def documents(request: HttpRequest) -> dict[str, Any]:
    """The library: the same filters as its page, ``site``, ``page`` and ``page_size``."""
    portal, site_pk = site_asked(request)
    number = _whole(request, "page", 1, MOST)
    size = _whole(request, "page_size", 20, MOST_ON_A_PAGE)
    found = Library(portal, site_pk, Filters.from_query(request.GET))
    rows = found.rows(offset=(number - 1) * size, limit=size)
    return {
        "total": found.total(),
        "page": number,
        "page_size": size,
        "items": [_item(request, row) for row in rows],
    }


@answers
def document(request: HttpRequest, pk: int) -> dict[str, Any]:
    """A document with its clauses; ``as_of=YYYY-MM-DD`` gives text and validity of that day."""
    portal = portal_of(request)
    pages = PolicyPage.objects.select_related(*PolicyPage.serve_select_related)
    page = pages.filter(pk=pk, live=True, alias_of__isnull=True).first()
    if page is None or page.path.startswith(portal.structure.hidden_paths):
        raise Http404
    typed = request.GET.get("as_of", "")
    day = read_day(typed) if typed else timezone.localdate()
    if day is None:
        raise Problem(422, gettext("as_of is not a date in the form YYYY-MM-DD."))
    return _document(page, portal, day)


def _document(page: PolicyPage, portal: PortalContext, day: datetime.date) -> dict[str, Any]:
    read = reading_on(page, day)
    record = page.record
    origin = origin_of(page, portal)
    ended_by = repealing_document(record, portal)
    return {
        "id": page.pk,
        "title": page.title,
        "document_number": page.document_number,
        "index_number": page.index_number,
        "issuing_bodies": page.body_names(),
        "genre": Genre(page.genre).value,
        "level": page.level,
        "theme": page.theme_id or "",
        "issued_on": _day(page.issued_on),
        "effective_on": _day(page.effective_on),
        "valid_through": _day(page.valid_through),
        "repealed_on": _day(record.repealed_on if record else None),
        "repealed_by": ended_by.pk if ended_by else None,
        "url": origin + portal.structure.url(page.url_path),
        "as_of": day.isoformat(),
        "validity": read.validity.value,
        "existed": read.existed,
        "text_is_known": read.is_known,
        "text_since": _day(read.since),
        "text_until": _day(read.until),
        "clauses": [_clause(clause, page.pk, origin, read.day) for clause in read.clauses],
        "relations": [
            {
                "kind": group.kind,
                "incoming": group.incoming,
                "id": item.pk,
                "title": item.title,
                "document_number": item.document_number,
                "since": _day(item.since),
                "validity": item.validity.value if item.validity else None,
            }
            for group in relations_of(page.pk, portal, day)
            for item in group.items
        ],
    }


def _clause(clause: ClauseData, pk: int, origin: str, day: datetime.date) -> dict[str, Any]:
    address = reverse("policy_interpretation:clause", args=[pk, clause.short_id])
    return {
        "id": clause.id,
        "parent": clause.parent or None,
        "level": clause.level,
        "number": clause.number,
        "text": clause.text,
        "since": _day(clause.since),
        "invalid_from": _day(clause.invalid_from),
        "in_force": clause.invalid_from is None or clause.invalid_from > day,
        "url": origin + address,
    }


def _item(request: HttpRequest, row: LibraryRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "document_number": row.document_number,
        "issuing_bodies": row.bodies,
        "issued_on": _day(row.issued_on),
        "published_at": row.published_at.isoformat() if row.published_at else None,
        "validity": row.validity.value,
        "summary": row.summary,
        "url": request.build_absolute_uri(row.url),
    }


def _whole(request: HttpRequest, name: str, default: int, most: int) -> int:
    typed = request.GET.get(name) or str(default)
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= most):
        raise Problem(
            422,
            gettext("%(name)s is not a number from 1 to %(most)d.") % {"name": name, "most": most},
        )
    return int(typed)


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _problem(status: int, detail: str) -> HttpResponse:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
    )
    response.headers["Cache-Control"] = "no-store"
    return response
