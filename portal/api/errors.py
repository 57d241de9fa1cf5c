"""Every error as a problem detail (RFC 9457), and never more than the public may know."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.log import log_response
from django.utils.translation import override
from ninja.errors import HttpError, ValidationError

from portal.core.outage import unavailable
from portal.core.public_api.errors import ApiProblem
from portal.plugins.outages import outage_behind

from .messages import FAILED, INVALID, NO_ADDRESS, PARAMETER_ERRORS, TITLES

CONTENT_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "A problem detail after RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "With status 422: what is wrong with which parameter.",
            "items": {
                "type": "object",
                "required": ["parameter", "code", "detail"],
                "properties": {
                    "parameter": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
# What views raise to answer with a problem; none of these is a failure of whoever raises it.
ANSWERS = (ValidationError, HttpError, ApiProblem)
_LANGUAGES = frozenset(code for code, _label in settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """The language that the caller asked for, where it is one of the portal's."""
    asked = request.GET.get("language", "")
    return asked if asked in _LANGUAGES else str(settings.LANGUAGE_CODE)


def problem(
    request: HttpRequest,
    status: int,
    detail: object = "",
    errors: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    """A problem answer. ``errors`` are pydantic's, of a request whose parameters are wrong."""
    language = language_of(request)
    with override(language):
        content: dict[str, Any] = {
            # "about:blank": the status says it all (RFC 9457, section 4.2.1).
            "type": "about:blank",
            "title": str(TITLES.get(status) or HTTPStatus(status).phrase),
            "status": status,
        }
        if detail:
            content["detail"] = str(detail)
        if errors:
            content["errors"] = [_parameter_error(error) for error in errors]
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    return response


def _parameter_error(error: dict[str, Any]) -> dict[str, str]:
    code = str(error.get("type", ""))
    words = PARAMETER_ERRORS.get(code)
    return {
        "parameter": str(error["loc"][-1]) if error.get("loc") else "",
        "code": code,
        "detail": str(words) % error.get("ctx", {}) if words else str(error.get("msg", "")),
    }


def problem_of(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to whatever a view raised. The unexpected is logged and reported, not shown."""
    match error:
        case ValidationError():
            return problem(request, 422, INVALID, error.errors)
        case HttpError():
            return problem(request, error.status_code, error.message)
        case ApiProblem():
            response = problem(request, error.status, error.detail)
            for name, value in error.headers.items():
                response.headers[name] = value
            return response
        case Http404():
            return problem(request, 404, NO_ADDRESS)
        case PermissionDenied():
            return problem(request, 403)
        case BadRequest() | SuspiciousOperation():
            return problem(request, 400)
    if outage_behind(error) is not None:
        response = unavailable(request)
    else:
        response = problem(request, 500, FAILED)
    # As Django does for what no view caught: monitoring listens to the signal.
    got_request_exception.send(sender=None, request=request)
    log_response(
        "%s: %s",
        response.reason_phrase,
        request.path,
        response=response,
        request=request,
        exception=error,
    )
    return response
