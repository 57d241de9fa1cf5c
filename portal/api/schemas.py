"""What answers look like. Texts that are not there are empty, everything else is null."""

import datetime

from ninja import Schema
from pydantic import Field

from portal.core.public_api.pagination import ApiListing
from portal.core.public_api.parameters import ApiMoment


# --- sites ----------------------------------------------------------------------------------------
class SiteItem(Schema):
    code: str
    kind: str = Field(description="`portal` or `sub_site`.")
    name: str
    short_name: str
    language: str = Field(description="The language of name and address.")
    languages: list[str] = Field(description="In which the site has public content.")
    url: str
    parent: str | None = Field(description="Code of the site that this one belongs to.")


class Contact(Schema):
    phone: str
    email: str
    address: str
    office_hours: str


class SiteDetail(SiteItem):
    domain: str
    chinese_domain: str
    id_code: str = Field(description="The national site identification code.")
    icp_number: str
    police_number: str
    party_mark_number: str
    owner: str
    operator: str
    supervisor: str
    contact: Contact
    error_report_url: str
    opened_on: datetime.date | None


class SiteListing(ApiListing[SiteItem]):
    """Sites, the portal first."""


# --- columns --------------------------------------------------------------------------------------
class ColumnRef(Schema):
    id: int
    title: str
    url: str


class ColumnItem(ColumnRef):
    kind: str = Field(description="`column` or `topic`.")
    site: str = Field(description="Code of the site.")
    language: str
    parent: int | None = Field(description="The column or topic that it lies in.")
    types: list[str] = Field(description="ColumnType of the national page-tag standard.")
    description: str
    count: int = Field(description="Pages listed, those of columns below included.")
    latest: ApiMoment | None = Field(description="Date of the newest page.")
    archived_at: ApiMoment | None = Field(description="Of topics that are closed for good.")


class OrganisationRef(Schema):
    code: str
    name: str


class ColumnDetail(ColumnItem):
    keywords: str
    intro: str
    owner: OrganisationRef | None
    hosted_for: OrganisationRef | None
    state: str = Field(description="Of topics: `planned`, `open`, `maintained`, `closed` …")
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    children: list[ColumnRef]


class ColumnListing(ApiListing[ColumnItem]):
    """Columns and special topics in the order of the tree."""


# --- pages ----------------------------------------------------------------------------------------
class Image(Schema):
    url: str
    alt: str
    width: int
    height: int


class Trust(Schema):
    """Who made a translation; the original prevails."""

    made_by: str = Field(description="`human`, `reviewed_machine` or `machine`.")
    reviewer: str = Field(description="The role of who reviewed it, in the language of the page.")
    date: datetime.date | None = Field(description="Of its release.")
    prevails: str = Field(description="That the original text prevails, in words.")
    original: int = Field(description="Id of the original page.")


class PageItem(Schema):
    id: int
    kind: str = Field(description="`article`, `leader`, `organisation`, …; plugins add more.")
    title: str
    url: str
    site: str = Field(description="Code of the site.")
    column: ColumnRef | None
    language: str
    published_at: ApiMoment = Field(description="The date shown to readers.")
    source: str
    summary: str
    image: Image | None
    in_force: bool = Field(description="Whether what the page says holds today.")
    validity: str = Field(
        description="`in_force`, `not_yet_effective`, `amended`, `partly_invalid`, `repealed`,"
        " `expired`, or `outdated` (what the page explains is no longer in force)."
    )
    valid_from: ApiMoment | None
    valid_until: ApiMoment | None = Field(description="From then on it is not in force.")
    trust: Trust | None = Field(None, description="Of translations: who made them.")


class Attachment(Schema):
    title: str
    url: str
    size: int = Field(description="Bytes.")
    extension: str


class Translation(Schema):
    id: int
    language: str
    url: str


class Leader(Schema):
    name: str
    resume: str
    duties: str


class PageDetail(PageItem):
    updated_at: ApiMoment = Field(description="When the version that is public now was published.")
    subtitle: str
    author: str
    source_url: str
    keywords: str
    body_html: str = Field(description="The text as HTML; all addresses in it are absolute.")
    attachments: list[Attachment]
    translations: list[Translation]
    organisation: OrganisationRef | None = Field(description="Of leaders and organisations.")
    leader: Leader | None
    archived_at: ApiMoment | None = Field(
        description="When the special topic around it was archived."
    )


class PageListing(ApiListing[PageItem]):
    """Pages, the newest first."""


# --- organisations --------------------------------------------------------------------------------
class OrganisationItem(Schema):
    code: str
    full_name: str
    short_name: str
    english_name: str
    kind: str
    parent: str | None = Field(description="Code of the superior organisation.")


class Person(Schema):
    role: str
    name: str
    phone: str


class OrganisationDetail(OrganisationItem):
    duties: list[str]
    phone: str
    email: str
    address: str
    office_hours: str
    persons: list[Person]
    children: list[OrganisationRef]


class OrganisationListing(ApiListing[OrganisationItem]):
    """Organisations in the order of the registry."""
