"""What the public API says of participation. Texts that are not there are empty, else null."""

from typing import Annotated

from ninja import Schema
from pydantic import Field

from portal.plugin_api import (
    ApiLanguage,
    ApiListing,
    ApiMoment,
    ApiOneOf,
    ApiSiteCode,
    ApiWindow,
)

from .models import ActivityKind, Stage
from .selectors.hub import FORMS

KindName = Annotated[str, ApiOneOf(ActivityKind.values)]
StageName = Annotated[str, ApiOneOf(Stage.values)]


class ActivitiesQuery(ApiWindow):
    """The filters of the hub's own page."""

    site: ApiSiteCode | None = None
    language: ApiLanguage | None = None
    kind: KindName | None = None
    stage: StageName | None = Field(
        None, description="`owed`: closed, and the result is not published yet."
    )
    form: Annotated[str, ApiOneOf(dict(FORMS))] | None = None


class Wording(Schema):
    language: ApiLanguage | None = Field(None, description="Of the words of an error.")


class ActivityItem(Schema):
    id: int
    kind: KindName
    form: str = Field(description="`opinions`, `decision`, `hearing`, `survey`, …")
    stage: StageName
    title: str
    organiser: str
    summary: str
    opens_at: ApiMoment
    closes_at: ApiMoment
    published_at: ApiMoment | None
    result_published_at: ApiMoment | None
    result_owed_since: ApiMoment | None
    received: int = Field(description="Opinions, answer sheets or questions that came in.")
    url: str


class ActivityListing(ApiListing[ActivityItem]):
    """Solicitations of opinions, surveys and online interviews."""


class ActivityClause(Schema):
    clause: str = Field(description="Id of the clause; empty for the draft as a whole.")
    label: str
    text: str
    received: int
    adopted: int
    partly_adopted: int
    not_adopted: int
    invalid: int = Field(description="What was no opinion on the draft.")


class ActivityOption(Schema):
    row: str = Field(description="Of a question with several rows; else empty.")
    option: str
    count: int


class ActivityQuestion(Schema):
    number: int
    kind: str = Field(description="`single`, `multiple`, `scale`, `matrix`, `number`, `text`")
    question: str
    answered: int
    options: list[ActivityOption]


class ActivityResult(Schema):
    """What came of it: counts only, nothing that was written by somebody."""

    summary: str
    policy_url: str = Field(description="The document that came of it, where there is one.")
    clauses: list[ActivityClause] = Field(description="Of a solicitation.")
    questions: list[ActivityQuestion] = Field(description="Of a survey.")
    questions_answered: int | None = Field(description="Of an interview.")


class ActivityDetail(ActivityItem):
    result: ActivityResult | None = Field(description="Null until the result is published.")
