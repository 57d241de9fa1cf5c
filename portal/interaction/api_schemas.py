"""What callers of the API of letters send and get."""

import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from portal.plugin_api import ApiLanguage, ApiListing, ApiMoment, ApiOneOf, ApiSiteCode, ApiWindow

from .forms_public import LONGEST_PHONE, LONGEST_SUBJECT
from .models import Channel, ErrorKind, LetterKind
from .uploads import MOST_FILES

LONGEST_TEXT = 20_000
_LONGEST_BASE64 = 14_000_000  # 10 MB
_BY_PROGRAMS = (Channel.API, Channel.HOTLINE, Channel.UPSTREAM, Channel.CENTRAL)


class LettersQuery(ApiWindow):
    """As on the page of the ledger."""

    site: ApiSiteCode | None = None
    kind: Annotated[str, ApiOneOf(LetterKind.values)] | None = None
    unit: int | None = Field(None, ge=1, le=2**31 - 1)
    year: int | None = Field(None, ge=2000, le=2100)
    language: ApiLanguage | None = None
    q: Annotated[str, StringConstraints(max_length=60)] | None = None


class LetterItem(Schema):
    """The five columns of the public ledger; texts without personal data."""

    number: str
    kind: str
    subject: str
    accepted_at: ApiMoment
    answered_at: ApiMoment
    unit: str
    answer: str = Field(description="The beginning of the answer.")
    in_time: bool | None
    language: str
    url: str


class LettersLedger(ApiListing[LetterItem]):
    """Answered letters whose result is public, newest answer first. Beyond 2,000 narrow it."""


class LetterReplyItem(Schema):
    text: str
    unit: str
    at: ApiMoment
    basis: list[str]


class LetterPublic(Schema):
    number: str
    kind: str
    subject: str
    text: str
    language: str
    received_at: ApiMoment
    accepted_at: ApiMoment | None
    answered_at: ApiMoment
    in_time: bool | None
    replies: list[LetterReplyItem]
    rating: int | None
    url: str


class LettersFiguresQuery(Schema):
    site: ApiSiteCode | None = None
    year: int | None = Field(None, ge=2000, le=2100)


class LettersFigures(Schema):
    """Shares are percent; null where there is nothing to share. Days are working days."""

    received: int
    valid: int
    answered: int
    in_time: int
    in_time_share: float | None
    median_days: float | None
    mean_days: float | None
    public_share: float | None
    satisfied_share: float | None
    reopened: int


class LettersFigurePart(LettersFigures):
    label: str


class LettersFiguresAll(Schema):
    site: str | None
    year: int | None
    all: LettersFigures
    by_kind: list[LettersFigurePart]
    by_unit: list[LettersFigurePart]
    by_theme: list[LettersFigurePart]
    by_month: list[LettersFigurePart]


class LetterFileIn(Schema):
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content: Annotated[str, StringConstraints(max_length=_LONGEST_BASE64)] = Field(
        description="Base64."
    )


class LetterIn(Schema):
    kind: Annotated[str, ApiOneOf(LetterKind.values)]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SUBJECT)]
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]
    language: ApiLanguage = "zh-hans"
    channel: Annotated[str, ApiOneOf([str(channel.value) for channel in _BY_PROGRAMS])] = "api"
    name: Annotated[str, StringConstraints(max_length=60)] = ""
    phone: Annotated[str, StringConstraints(max_length=LONGEST_PHONE)] = ""
    email: Annotated[str, StringConstraints(max_length=254)] = ""
    address: Annotated[str, StringConstraints(max_length=160)] = ""
    error_kind: Annotated[str, ApiOneOf(["", *ErrorKind.values])] = ""
    page: Annotated[str, StringConstraints(max_length=500)] = ""
    marked_text: Annotated[str, StringConstraints(max_length=500)] = ""
    may_publish: bool = True
    received_at: datetime.datetime | None = Field(
        None, description="When it came to whoever forwards it; the time to answer runs from then."
    )
    upstream_number: Annotated[str, StringConstraints(max_length=60)] = Field(
        "", description="Its number there. The same number by the same key is the same letter."
    )
    files: list[LetterFileIn] = Field(default_factory=list, max_length=MOST_FILES)


class LetterTaken(Schema):
    number: str
    code: str = Field(description="With it whoever wrote sees how the letter stands.")
    state: str
    due_at: ApiMoment | None
    url: str
    repeated: bool = Field(description="It was taken before; nothing new was made.")


class LetterStatusIn(Schema):
    number: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class LetterStatus(Schema):
    """Nothing of the letter's text."""

    number: str
    state: str
    state_label: str
    received_at: ApiMoment
    due_at: ApiMoment | None
    answered_at: ApiMoment | None
    url: str


class LetterForwarded(LetterStatus):
    """For the platform that forwarded it: what it reports back."""

    upstream_number: str
    unit: str
    replies: list[LetterReplyItem]
