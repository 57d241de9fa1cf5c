"""Letters in the public API, below ``/api/v1/letters``.

Ledger and figures for everybody, intake for programs with a key, how a letter stands for whoever
has its number and code.
"""

import base64
import binascii
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from ninja import Header, Path, Query, Router, Status
from ninja.security import APIKeyHeader
from pydantic import StringConstraints

from portal.plugin_api import ApiMissing, ApiProblem, api_frame, count_in_window, public_tree

from . import limits
from .api_schemas import (
    LetterForwarded,
    LetterIn,
    LetterItem,
    LetterPublic,
    LetterReplyItem,
    LettersFigurePart,
    LettersFigures,
    LettersFiguresAll,
    LettersFiguresQuery,
    LettersLedger,
    LettersQuery,
    LetterStatus,
    LetterStatusIn,
    LetterTaken,
)
from .forms_public import written
from .models import IntakeKey, Letter, Reply, ReplyState
from .selectors import figures
from .selectors.ledger import (
    MOST,
    LedgerFilters,
    LedgerRow,
    basis_links,
    ledger,
    public_letter,
)
from .services.intake import Sender, code_of, find_by_code, receive, token_hash
from .services.keys import key_of, note_use
from .surroundings import address, own_path
from .surroundings import code_of as site_code
from .uploads import LARGEST_TOGETHER, CheckedFile, FileRefused, check_file

NO_LETTER = _("There is no such public letter.")
NOT_FOUND = _("There is no letter with this number and this code.")
NOT_FORWARDED = _("No letter with this number came by this key.")
NO_KEY = _("A key is needed; this one is not known or no longer active.")
TOO_MANY = _("More letters than this key may send. Wait a moment.")
Number = Annotated[str, StringConstraints(max_length=40)]
Once = Annotated[str, StringConstraints(min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$")]


# Beside those that every address may answer with.
_NEEDS_KEY: dict[int, dict[str, str]] = {401: {"description": "The key is missing or not known."}}
_LIMITED: dict[int, dict[str, str]] = {
    413: {"description": "The files are too large together."},
    429: {"description": "More letters than the key may send."},
}


class _Key(APIKeyHeader):
    """The key of a program; ``portal letters_key`` makes one."""

    param_name = "X-Letters-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> IntakeKey:
        found = key_of(key or "")
        if found is None:
            raise ApiProblem(401, NO_KEY, headers={"WWW-Authenticate": "X-Letters-Key"})
        return found


def make_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["letters"])
    needs_key = _Key()
    router.get(
        "/ledger",
        response=LettersLedger,
        operation_id="letters_ledger",
        summary="Answered letters whose result is public",
    )(letters_ledger)
    router.get(
        "/ledger/{number}",
        response=LetterPublic,
        operation_id="letters_public_letter",
        summary="One of them, with its answers",
    )(letters_public_letter)
    router.get(
        "/figures",
        response=LettersFiguresAll,
        operation_id="letters_figures",
        summary="Received, answered, in time, content",
    )(letters_figures)
    router.post(
        "",
        auth=needs_key,
        response={201: LetterTaken, 200: LetterTaken},
        operation_id="letters_take",
        summary="Hand in a letter",
        openapi_extra={"responses": _NEEDS_KEY | _LIMITED},
    )(letters_take)
    router.get(
        "/forwarded/{upstream_number}",
        auth=needs_key,
        response=LetterForwarded,
        operation_id="letters_forwarded",
        summary="What became of a letter that was forwarded with this key",
        openapi_extra={"responses": _NEEDS_KEY},
    )(letters_forwarded)
    router.post(
        "/status",
        response=LetterStatus,
        operation_id="letters_status",
        summary="How a letter stands, by number and code",
    )(letters_status)
    return router


# --- read -----------------------------------------------------------------------------------------
def letters_ledger(request: HttpRequest, query: Query[LettersQuery]) -> LettersLedger:
    """The columns of the public ledger. Lists end at 2,000 letters: narrow them by year."""
    site = public_tree(request).site(query.site).pk if query.site else None
    filters = LedgerFilters(
        q=" ".join((query.q or "").replace("\0", " ").split()),
        kind=query.kind or "",
        unit=str(query.unit or ""),
        year=str(query.year or ""),
        language=query.language or "",
    )
    found = ledger(site, filters, offset=query.offset, limit=query.page_size)
    total = None if found.is_more else found.count
    more = found.count > query.end and query.end < MOST
    return LettersLedger(
        items=[_item(request, row) for row in found.rows],
        **api_frame(request, query, total=total, more=more),
    )


def letters_public_letter(request: HttpRequest, number: Path[Number]) -> LetterPublic:
    """As on its public page: personal data is replaced by `***`."""
    found = public_letter(None, number) if "\0" not in number else None
    answered_at = found.letter.answered_at if found is not None else None
    if found is None or answered_at is None:
        raise ApiMissing(NO_LETTER)
    letter = found.letter
    return LetterPublic(
        number=letter.number,
        kind=letter.kind,
        subject=found.subject,
        text=found.text,
        language=letter.language,
        received_at=letter.received_at,
        accepted_at=letter.accepted_at,
        answered_at=answered_at,
        in_time=letter.in_time,
        replies=[
            LetterReplyItem(
                text=reply.text, unit=reply.unit, at=reply.at,
                basis=[link.label for link in reply.basis],
            )
            for reply in found.replies
        ],
        rating=found.rating.score if found.rating is not None else None,
        url=_url(request, "detail", letter.number),
    )  # fmt: skip


def letters_figures(request: HttpRequest, query: Query[LettersFiguresQuery]) -> LettersFiguresAll:
    """Counted from the steps by which the letters were handled; the page of the figures offers the
    steps themselves as open data."""
    site = public_tree(request).site(query.site).pk if query.site else None
    parts = figures.parts(site=site, year=query.year)
    return LettersFiguresAll(
        site=query.site,
        year=query.year,
        all=LettersFigures(**asdict(figures.summary(site=site, year=query.year))),
        **{
            f"by_{name}": [LettersFigurePart(label=label, **asdict(row)) for label, row in rows]
            for name, rows in parts.items()
        },
    )


# --- intake ---------------------------------------------------------------------------------------
def letters_take(
    request: HttpRequest,
    response: HttpResponse,
    body: LetterIn,
    idempotency_key: Header[Once | None] = None,
) -> Any:
    """With the header `Idempotency-Key`, or with the same `upstream_number`, a letter that is sent
    again is the letter of before: 200 instead of 201. Too many: 429 with `Retry-After`."""
    key: IntakeKey = request.auth  # type: ignore[attr-defined]
    once = idempotency_key or (f"upstream {body.upstream_number}" if body.upstream_number else "")
    token = f"api {key.pk} {once}" if once else ""
    known = Letter.objects.filter(token_hash=token_hash(token)).first() if token else None
    if known is not None:
        return Status(200, _taken(request, known, code_of(known, token), repeated=True))
    _limit(key)
    if body.email:
        try:
            validate_email(body.email)
        except ValidationError as error:
            raise ApiProblem(422, " ".join(error.messages)) from error
    try:
        received = receive(
            site=key.site_id,
            kind=body.kind,
            subject=written(body.subject),
            text=written(body.text),
            language=body.language,
            sender=Sender(
                name=written(body.name),
                phone=body.phone.strip(),
                email=body.email,
                address=written(body.address),
                wants_mail=bool(body.email),
            ),
            channel=body.channel,
            page_path=own_path(body.page),
            marked_text=written(body.marked_text),
            error_kind=body.error_kind,
            files=_files(body),
            token=token,
            may_publish=body.may_publish,
            received_at=_moment(body),
            upstream_name=key.name if body.upstream_number else "",
            upstream_number=written(body.upstream_number),
        )
    except ValidationError as error:
        raise ApiProblem(422, " ".join(error.messages)) from error
    note_use(key)
    return Status(201, _taken(request, received.letter, received.code, repeated=False))


def letters_forwarded(
    request: HttpRequest, response: HttpResponse, upstream_number: Path[Number]
) -> LetterForwarded:
    """The way back of forwarded letters. That an answer was fetched is noted with the letter."""
    key: IntakeKey = request.auth  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = "no-store"
    letter = None
    if "\0" not in upstream_number:
        letter = (
            Letter.objects.filter(
                site=key.site_id, upstream_name=key.name, upstream_number=upstream_number
            )
            .exclude(upstream_number="")  # in the words of the index
            .select_related("unit")
            .order_by("-pk")
            .first()
        )
    if letter is None:
        raise ApiMissing(NOT_FORWARDED)
    replies = (
        Reply.objects.filter(letter=letter, state=ReplyState.RELEASED)
        .select_related("unit")
        .prefetch_related("basis__target")
        .order_by("released_at", "pk")
    )
    if letter.answered_at is not None and letter.upstream_told_at is None:
        Letter.objects.filter(pk=letter.pk).update(upstream_told_at=timezone.now())
    return LetterForwarded(
        **_standing(request, letter),
        upstream_number=letter.upstream_number,
        unit=letter.unit.full_name if letter.unit else "",
        replies=[
            LetterReplyItem(
                text=reply.text,
                unit=reply.unit.full_name if reply.unit else "",
                at=reply.released_at or reply.changed_at,
                basis=[link.label for link in basis_links(reply)],
            )
            for reply in replies
        ],
    )


def letters_status(request: HttpRequest, body: LetterStatusIn) -> LetterStatus:
    """404 without telling which of the two was wrong; after many guesses for an hour always."""
    visitor = limits.visitor(request)
    letter = find_by_code(number=body.number, code=body.code, visitor=visitor)
    if letter is None:
        raise ApiMissing(NOT_FOUND)
    return LetterStatus(**_standing(request, letter))


# --- parts ----------------------------------------------------------------------------------------
def _limit(key: IntakeKey) -> None:
    for window, most in ((60, key.per_minute), (86_400, key.per_day)):
        sent, left = count_in_window(f"interaction:key:{key.pk}:{window}", window)
        if sent > most:
            raise ApiProblem(429, TOO_MANY, headers={"Retry-After": str(left)})


def _files(body: LetterIn) -> list[CheckedFile]:
    found: list[CheckedFile] = []
    together = 0
    for file in body.files:
        try:
            data = base64.b64decode(file.content, validate=True)
            together += len(data)
            if together > LARGEST_TOGETHER:
                raise ApiProblem(413, _("The files are too large together."))
            found.append(check_file(data, file.name))
        except FileRefused as error:
            raise ApiProblem(422, str(error)) from error
        except (binascii.Error, ValueError) as error:
            raise ApiProblem(422, _("A file is not Base64.")) from error
    return found


def _moment(body: LetterIn) -> Any:
    if body.received_at is None:
        return None
    moment = body.received_at
    return moment if moment.tzinfo is not None else timezone.make_aware(moment)


def _taken(request: HttpRequest, letter: Letter, code: str, *, repeated: bool) -> LetterTaken:
    return LetterTaken(
        number=letter.number,
        code=code,
        state=letter.state,
        due_at=letter.due_at,
        url=_status_url(request, letter),
        repeated=repeated,
    )


def _standing(request: HttpRequest, letter: Letter) -> dict[str, Any]:
    asked = request.GET.get("language", "")
    known = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with override(known):
        label = str(letter.get_state_display())
    return {
        "number": letter.number,
        "state": letter.state,
        "state_label": label,
        "received_at": letter.received_at,
        "due_at": letter.due_at if letter.is_open else None,
        "answered_at": letter.answered_at,
        "url": _status_url(request, letter),
    }


def _item(request: HttpRequest, row: LedgerRow) -> LetterItem:
    return LetterItem(
        number=row.number,
        kind=row.kind,
        subject=row.subject,
        accepted_at=row.accepted_at,
        answered_at=row.answered_at,
        unit=row.unit,
        answer=row.excerpt,
        in_time=row.in_time,
        language=row.language,
        url=_url(request, "detail", row.number),
    )


def _url(request: HttpRequest, name: str, *args: object) -> str:
    path = address(name, *args, language=settings.LANGUAGE_CODE)
    return urljoin(request.build_absolute_uri("/"), path)


def _status_url(request: HttpRequest, letter: Letter) -> str:
    path = address(
        "status", language=letter.language, site=site_code(letter.site_id), number=letter.number
    )
    return urljoin(request.build_absolute_uri("/"), path)
