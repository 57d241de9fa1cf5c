"""Notes in the public API: below ``/api/v1/dummy-notes``."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from portal.plugin_api import (
    ApiId,
    ApiListing,
    ApiMissing,
    ApiMoment,
    ApiProblem,
    ApiWindow,
    api_frame,
    request_site,
)

from .models import Note
from .services import take_note

# Anybody may write through the API.
MOST_NOTES = 100


class NoteItem(Schema):
    id: int
    text: str
    created_at: ApiMoment


TOO_MANY = {"responses": {429: {"description": "Too many notes. `Retry-After` says when again."}}}


class NoteListing(ApiListing[NoteItem]):
    """Notes, the newest first."""


class NewNote(Schema):
    text: str = Field(max_length=200, pattern=r"^[^\x00-\x1f]+$")


def make_router() -> Router:
    router = Router(tags=["dummy"])

    @router.get("", response=NoteListing, operation_id="list_notes", summary="Notes")
    def list_notes(request: HttpRequest, query: Query[ApiWindow]) -> NoteListing:
        notes = Note.objects.filter(site_id=request_site(request))
        total = notes.count()
        return NoteListing(
            items=[NoteItem.from_orm(note) for note in notes[query.offset : query.end]],
            **api_frame(request, query, total=total, more=total > query.end),
        )

    @router.post(
        "",
        response={201: NoteItem},
        openapi_extra=TOO_MANY,
        operation_id="take_note",
        summary="A new note",
    )
    def add_note(request: HttpRequest, note: NewNote) -> Status[Note]:
        if Note.objects.filter(site_id=request_site(request)).count() >= MOST_NOTES:
            raise ApiProblem(429, _("Too many notes."), headers={"Retry-After": "60"})
        return Status(201, take_note(site=request_site(request), text=note.text))

    @router.get("/{int:pk}", response=NoteItem, operation_id="get_note", summary="One note")
    def get_note(request: HttpRequest, pk: Path[ApiId]) -> Note:
        note = Note.objects.filter(pk=pk, site_id=request_site(request)).first()
        if note is None:
            raise ApiMissing(_("There is no such note."))
        return note

    return router
