"""What the public API asks and says of search."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from portal.plugin_api import (
    ApiDay,
    ApiId,
    ApiLanguage,
    ApiMoment,
    ApiOneOf,
    ApiSiteCode,
)
from portal.search.engine.contract import Sort
from portal.search.services.contract import LONGEST_QUERY, MOST_PAGES

from .asking import MOST_VALUES

SUGGESTIONS = 8
LONGEST_START = 200

# Anything that can be typed; a null byte cannot.
Typed = Annotated[str, StringConstraints(max_length=LONGEST_QUERY, pattern=r"^[^\x00]*$")]
Start = Annotated[str, StringConstraints(max_length=LONGEST_START, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(max_length=60, pattern=r"^[\w.-]+$")]
Year = Annotated[int, Field(ge=1, le=9999)]


def _several(description: str = "") -> Any:
    more = "May be given several times: any of them."
    return Field(
        default_factory=list,
        max_length=MOST_VALUES,
        description=f"{description} {more}".strip(),
    )


class SearchQuery(Schema):
    """Within one parameter any of the values counts, all parameters together."""

    q: Typed = Field("", description="What is looked for. The first 500 characters count.")
    site: list[ApiSiteCode] = _several("Codes of sites; without it all.")
    column: list[ApiId] = _several("Ids of columns; what lies below counts.")
    kind: list[Name] = _several("Such as `policy`, `article`.")
    theme: list[Name] = _several()
    agency: list[ApiId] = _several("Ids of the organisations in charge.")
    year: list[Year] = _several()
    validity: list[Name] = _several("Such as `in_force`, `repealed`.")
    form: list[Name] = _several()
    since: ApiDay | None = Field(None, alias="from", description="Own date from this day on.")
    until: ApiDay | None = Field(None, alias="to", description="Own date up to and with this day.")
    place: Annotated[str, ApiOneOf(["all", "title"])] = Field(
        "all", alias="in", description="`title`: titles, other names and numbers alone."
    )
    sort: Annotated[str, ApiOneOf(sort.value for sort in Sort)] = "relevance"
    language: ApiLanguage | None = Field(
        None, description="Of the results; without it Chinese. Either script may be typed."
    )
    exact: bool = Field(False, description="Look for what was typed, whatever it may have meant.")
    page: int = Field(1, ge=1, le=MOST_PAGES, description="Counted from 1; 20 results each.")


class FacetCount(Schema):
    value: str = Field(description="For the parameter of the same name.")
    label: str
    count: int


class SearchFacets(Schema):
    """How many results each value has; counts of a facet leave its own chosen values aside."""

    site: list[FacetCount]
    column: list[FacetCount]
    kind: list[FacetCount]
    theme: list[FacetCount]
    agency: list[FacetCount]
    year: list[FacetCount]
    validity: list[FacetCount]
    form: list[FacetCount]


class SearchResult(Schema):
    id: str = Field(description="Names it for good, such as `page:17`.")
    title: str
    url: str
    kind: str
    site: str = Field(description="Code; empty for what belongs to no site.")
    language: str
    trust: str = Field(description="`human`, `reviewed_machine` or `machine`.")
    snippet: str = Field(description="Plain text around what was looked for.")
    snippet_html: str = Field(description="The same, escaped, with `<mark>` around it.")
    number: str = Field(description="Of the document, as printed.")
    date: ApiMoment | None
    validity: str = Field(description="`in_force`, `repealed` …")
    score: float


class SearchAnswer(Schema):
    total: int
    took_ms: float
    corrected: str = Field(description="What was looked for in place of what was typed; or empty.")
    did_you_mean: list[str] = Field(description="What may have been meant, the likeliest first.")
    how: str = Field(
        description="What was needed: `exact`, `all_words`, `fewer_words`, `synonyms`, "
        "`corrected`, `bigrams`, `meaning`, `titles_only` (the index is away), `blocked`, `empty`."
    )
    facets: SearchFacets
    results: list[SearchResult]


class SuggestQuery(Schema):
    q: Start = Field("", description="The beginning of what is typed, pinyin and initials too.")
    site: ApiSiteCode | None = None
    language: Annotated[str, StringConstraints(max_length=12, pattern=r"^[a-zA-Z-]*$")] = Field(
        "", description="Of the words; `zh-hant` where a site offers traditional characters."
    )
    form: Annotated[str, ApiOneOf(["json", "opensearch"])] = Field(
        "json", description="`opensearch`: the list that browsers ask for."
    )


class SuggestedItem(Schema):
    text: str
    kind: str = Field(description="Of the result, or `query` for what many look for.")
    label: str = Field(description="The kind in words.")
    name: str = Field(description="Another name of it, where that was begun; or empty.")
    url: str = Field(description="Leads straight there; empty: search for the text.")


class SuggestAnswer(Schema):
    suggestions: list[SuggestedItem]
