"""The library in the public API: records that are open, and the published schemas."""

from typing import Annotated, Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from portal.plugin_api import (
    ApiId,
    ApiLanguage,
    ApiListing,
    ApiMissing,
    ApiOneOf,
    ApiSiteCode,
    ApiWindow,
    api_frame,
    public_pages,
    public_tree,
)

from .models import FiveOpen, LibraryRecord, Openness, RecordType, Sharing, State
from .record_json import as_json, schema

NO_RECORD = _("There is no such open record.")
NO_SCHEMA = _("There is no such version of the schema.")


class LibraryQuery(ApiWindow):
    site: ApiSiteCode | None = None
    language: ApiLanguage | None = None
    type: Annotated[str, ApiOneOf(RecordType.values)] | None = None
    theme: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{0,8}$")] = Field(
        "", description="A code of the theme table; two digits stand for a class."
    )
    five_open: Annotated[str, ApiOneOf(FiveOpen.values)] | None = None
    index_no: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f]*$")] = ""


class LibraryItem(Schema):
    """A record by the published schema (`/api/v1/library/schema/1.0.json`)."""

    schema_version: str = Field(alias="schema", serialization_alias="schema")
    id: str
    index_no: str
    type: str
    title: str
    summary: str
    keywords: list[str]
    language: str
    format: str
    url: str
    provider: dict[str, str]
    producer: str
    site: str
    column: str
    source: dict[str, str]
    publication_kind: str
    made_on: str | None
    published_at: str | None
    updated_at: str | None
    effective_on: str | None
    ends_on: str | None
    validity: str
    themes: list[str]
    genre: str
    five_open: list[str]
    audience: list[str]
    region: str
    document_number: str
    sharing: dict[str, str]
    openness: str
    update_period_days: int | None
    rights: str
    related: list[str]
    archive_state: str
    checksum: str
    version: int


class LibraryListing(ApiListing[LibraryItem]):
    """Records, the newest first."""


def make_router() -> Router:
    router = Router(tags=["library"])
    router.get(
        "/records",
        response=LibraryListing,
        operation_id="list_library_records",
        summary="Open records of the resource library",
        by_alias=True,
    )(list_library_records)
    router.get(
        "/records/{int:record_id}",
        response=LibraryItem,
        operation_id="get_library_record",
        summary="One open record",
        by_alias=True,
    )(get_library_record)
    router.get(
        "/schema/{version}.json",
        operation_id="get_library_schema",
        summary="A version of the JSON schema of records",
        response=dict[str, Any],
    )(get_library_schema)
    return router


def open_records() -> Any:
    """Public, of pages that everybody can read, and neither kept from sharing nor closed."""
    hidden = public_pages("page__path")
    return (
        LibraryRecord.objects.filter(hidden, state=State.PUBLIC, page__live=True)
        .exclude(sharing=Sharing.NONE)
        .exclude(openness=Openness.CLOSED)
        .select_related("provider", "site", "page", "column")
    )


def list_library_records(request: HttpRequest, query: Query[LibraryQuery]) -> dict[str, Any]:
    """Public pages with their records. Records that their providers do not share are left out."""
    rows = open_records()
    if query.site is not None:
        rows = rows.filter(site=public_tree(request).site(query.site).pk)
    if query.language is not None:
        rows = rows.filter(language=query.language)
    if query.type is not None:
        rows = rows.filter(record_type=query.type)
    if query.theme:
        rows = rows.filter(theme__startswith=query.theme)
    if query.five_open is not None:
        rows = rows.filter(five_open__contains=query.five_open)
    if query.index_no:
        rows = rows.filter(index_no=query.index_no)
    found = list(rows.order_by("-pk")[query.offset : query.end + 1])
    more = len(found) > query.page_size
    return {
        "items": [as_json(record) for record in found[: query.page_size]],
        **api_frame(request, query, total=None, more=more),
    }


def get_library_record(request: HttpRequest, record_id: Path[ApiId]) -> dict[str, Any]:
    """By its number on the platform, which is that of its page."""
    record = open_records().filter(page=record_id).first()
    if record is None:
        raise ApiMissing(NO_RECORD)
    return as_json(record)


def get_library_schema(request: HttpRequest, version: str) -> Any:
    """Versions are kept for good."""
    try:
        found = schema(version)
    except KeyError:
        raise ApiMissing(NO_SCHEMA) from None
    return JsonResponse(found)
