"""What the public API says of policy documents. Texts that are not there are empty, else null."""

import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from portal.plugin_api import (
    ApiDay,
    ApiLanguage,
    ApiListing,
    ApiMoment,
    ApiOneOf,
    ApiSiteCode,
    ApiWindow,
)

from .models import RelationKind
from .models.documents import Audience, BodyLevel, Genre
from .selectors.library import ORDERS
from .validity import Validity

# A database refuses text with a null byte.
Words = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
ValidityName = Annotated[str, ApiOneOf(Validity.values)]
GenreName = Annotated[str, ApiOneOf(Genre.values)]
LevelName = Annotated[str, ApiOneOf(BodyLevel.values)]


class PoliciesQuery(ApiWindow):
    """The filters of the library's own page."""

    site: ApiSiteCode | None = None
    language: ApiLanguage | None = None
    q: Words = Field("", description="Words of the title, or a document number.")
    theme: Annotated[str, StringConstraints(pattern=r"^([0-9]{2}|[0-9]{4})?$")] = Field(
        "", description="Code of a theme: two digits for a class, four for a subclass."
    )
    body: Words = Field("", description="Name of the lead issuing body.")
    year: int | None = Field(None, ge=1, le=9999, description="Of the document number or issue.")
    genre: GenreName | None = None
    level: LevelName | None = None
    validity: ValidityName | None = None
    audience: Annotated[str, ApiOneOf(Audience.values)] | None = None
    sort: Annotated[str, ApiOneOf(name for name in ORDERS if name)] | None = Field(
        None, description="`issued`: by date of issue; without: the newest on the portal first."
    )


class AsOf(Schema):
    as_of: ApiDay | None = Field(None, description="Text and validity of this day.")
    language: ApiLanguage | None = Field(None, description="Of the words of an error.")


class PolicyItem(Schema):
    id: int
    title: str
    document_number: str
    issuing_bodies: list[str] = Field(description="The lead body first.")
    issued_on: datetime.date | None
    published_at: ApiMoment | None
    validity: ValidityName
    in_force: bool
    summary: str
    url: str


class PolicyListing(ApiListing[PolicyItem]):
    """Policy documents."""


class PolicyClause(Schema):
    id: str = Field(description="Stays the same over edits and moves.")
    parent: str | None
    level: str = Field(description="`chapter`, `article`, `item`, `heading1`, `paragraph`, …")
    number: str
    text: str
    since: datetime.date | None = Field(description="From when this wording holds.")
    invalid_from: datetime.date | None
    in_force: bool
    url: str


class PolicyRelated(Schema):
    kind: Annotated[str, ApiOneOf(RelationKind.values)]
    incoming: bool = Field(description="The other document declares it of this one.")
    id: int | None = Field(description="Null where it is not in the library.")
    title: str
    document_number: str
    since: datetime.date | None
    validity: ValidityName | None


class PolicyDetail(Schema):
    id: int
    title: str
    document_number: str
    index_number: str
    issuing_bodies: list[str] = Field(description="The lead body first.")
    genre: GenreName
    level: LevelName
    theme: str
    issued_on: datetime.date | None
    effective_on: datetime.date | None
    valid_through: datetime.date | None = Field(description="The last day in force.")
    repealed_on: datetime.date | None
    repealed_by: int | None
    url: str
    as_of: datetime.date
    validity: ValidityName
    in_force: bool
    existed: bool = Field(description="Whether it had been issued by that day.")
    text_is_known: bool = Field(description="Whether the text of that day is kept here.")
    text_since: datetime.date | None
    text_until: datetime.date | None = Field(description="First day on which it reads otherwise.")
    clauses: list[PolicyClause]
    relations: list[PolicyRelated] = Field(description="The newest of each kind.")
