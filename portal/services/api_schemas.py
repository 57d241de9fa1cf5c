"""What the public API says of service guides. Texts that are not there are empty, else null."""

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from portal.plugin_api import ApiLanguage, ApiListing, ApiOneOf, ApiSiteCode, ApiWindow

from .models import Dimension, ExerciseLevel, HandlingKind, MaterialForm, Necessity, ServedPerson

# A database refuses text with a null byte.
Words = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
Key = Annotated[str, StringConstraints(max_length=60, pattern=r"^[-\w]*$")]
DimensionName = Annotated[str, ApiOneOf(Dimension.values)]
ServedName = Annotated[str, ApiOneOf(ServedPerson.values)]


class GuidesQuery(ApiWindow):
    """The filters of the entrance to services."""

    site: ApiSiteCode | None = None
    language: ApiLanguage | None = None
    q: Words = Field("", description="What somebody wants to get done, in everyday words.")
    served: ServedName | None = None
    event: Key = Field("", description="Key of a life event, see `/services/terms`.")
    person: Key = Field("", description="Key of a kind of person.")
    subject: Key = Field("", description="Key of a subject.")
    unit: Key = Field("", description="Code of the handling office.")
    online: Key = Field("", description="Key of a level of online handling.")
    type: Key = Field("", description="Key of a kind of item.")
    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z#]?$")] = Field(
        "", description="First letter in pinyin; `#` for what has none."
    )


class LanguageOfErrors(Schema):
    language: ApiLanguage | None = Field(None, description="Of the words of an error.")


class TermsQuery(Schema):
    dimension: DimensionName | None = None
    language: ApiLanguage | None = Field(None, description="Of the guides that are counted.")


class TermItem(Schema):
    dimension: DimensionName
    key: str
    label: str
    english_label: str
    explanation: str
    count: int = Field(description="Guides with this word, of all sites.")


class GuideItem(Schema):
    id: int
    title: str
    summary: str
    unit: str
    time_limit: str = Field(description="As promised, else by law.")
    fee: str
    online_level: int | None = Field(description="0 (information) to 4 (fully online).")
    online_level_label: str
    item_type: str
    base_code: str
    phone: str
    url: str


class GuideListing(ApiListing[GuideItem]):
    """Service guides."""


class GuideMaterialOut(Schema):
    name: str
    necessity: Annotated[str, ApiOneOf(Necessity.values)]
    form: Annotated[str, ApiOneOf(MaterialForm.values)]
    copies: int
    source: str
    case_note: str
    instruction: str
    basis: str
    blank_form: str | None
    instruction_file: str | None
    sample: str | None


class GuideStepOut(Schema):
    name: str
    text: str
    duration: str


class OpeningHours(Schema):
    days: list[int] = Field(description="ISO weekdays: 1 is Monday.")
    opens: str
    closes: str


class GuidePlaceOut(Schema):
    name: str
    counter: str
    address: str
    english_address: str
    phone: str
    latitude: float | None
    longitude: float | None
    directions: str
    hours: list[OpeningHours]
    follows_calendar: bool = Field(description="Closed on holidays, open on make-up working days.")
    hours_note: str


class GuideBasisOut(Schema):
    label: str
    url: str
    page: int | None = Field(description="The document, where it is public here.")
    clauses: list[str]
    excerpt: str


class GuideDetail(Schema):
    id: int
    url: str
    language: str
    title: str
    summary: str
    everyday_names: str
    main_item: str
    sub_item: str
    item_type: str
    base_code: str = Field(description="As the service platform gives it.")
    implementation_code: str = Field(description="As the service platform gives it.")
    level: Annotated[str, ApiOneOf(ExerciseLevel.values)]
    unit: str
    unit_code: str
    served: list[ServedName]
    life_events: list[str]
    persons: list[str]
    subjects: list[str]
    handling: Annotated[str, ApiOneOf(["", *HandlingKind.values])]
    conditions_html: str
    legal_limit: str
    promised_limit: str
    visits: int | None
    visit_reason: str
    special_steps: str
    intermediary: str
    is_charged: bool
    fee_standard: str
    fee_basis: str
    result_name: str
    result_sample: str | None
    delivery: str
    online_level: int | None
    online_level_label: str
    online_url: str
    appointment_url: str
    takes_payment_online: bool
    sends_by_post: bool
    contact_phone: str
    contact_ways: str
    promise: str
    norms: str
    discipline: str
    supervision: str
    notes_html: str
    materials: list[GuideMaterialOut]
    steps: list[GuideStepOut]
    places: list[GuidePlaceOut]
    basis: list[GuideBasisOut]
    ratings: int
    average_rating: float | None
