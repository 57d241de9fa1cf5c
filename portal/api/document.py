"""The OpenAPI document: what django-ninja derives, with what the entrance adds to every answer."""

from collections.abc import Mapping
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from .errors import CONTENT_TYPE, SCHEMA

_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_PROBLEMS = {
    404: "Not there, or not public.",
    422: "Parameters that are not valid.",
    500: "The request failed at the portal.",
}
_UNREADABLE = "The body cannot be read."
_HEADERS = {
    "ETag": {"description": "For `If-None-Match`.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}


class ReadableJSON(JSONRenderer):
    """Chinese as it is: escaped it would take twice the bytes."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class PortalAPI(NinjaAPI):
    """An API whose document tells of problem details, ETags and 304."""

    def __init__(self, **options: Any) -> None:
        super().__init__(renderer=ReadableJSON(), **options)
        self._documents: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        prefix = path_prefix or self.get_root_path(path_params or {})
        if prefix not in self._documents:
            self._documents[prefix] = self._document(prefix)
        return self._documents[prefix]

    def _document(self, prefix: str) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=prefix)
        schema["components"]["schemas"]["Problem"] = SCHEMA
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _complete(operation, reads=method == "get")
        return schema


def _complete(operation: dict[str, Any], *, reads: bool) -> None:
    if reads and 200 in operation["responses"]:
        operation["responses"][200]["headers"] = _HEADERS
        operation["responses"][304] = {
            "description": "The caller has this answer already.",
            "headers": _HEADERS,
        }
    problems = _PROBLEMS | ({400: _UNREADABLE} if "requestBody" in operation else {})
    named = {int(status): "" for status in operation["responses"] if int(status) >= 400}
    for status, description in (named | problems).items():
        # A router may have described what such an answer means at its address.
        described = operation["responses"].get(status, {}).get("description")
        operation["responses"][status] = {
            "description": described or description,
            "content": {CONTENT_TYPE: {"schema": _REFERENCE}},
        }
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _without_null(parameter["schema"])


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it cannot be null as a value in JSON can."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kinds[0], **rest}
