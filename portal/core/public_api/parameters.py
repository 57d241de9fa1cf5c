"""The types of what callers send and get. What does not fit them is answered with 422."""

import datetime
import re
from collections.abc import Iterable
from typing import Annotated, Any

from django.conf import settings
from django.utils import timezone
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError, core_schema

LANGUAGES = [code for code, _label in settings.LANGUAGES]
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _known(value: str) -> str:
    if value not in LANGUAGES:
        raise PydanticCustomError("language", "Not a language of this portal.")
    return value


def _day(value: Any) -> datetime.date:
    # pydantic would take a number for seconds since 1970.
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("day", "Not a date in the form YYYY-MM-DD.")


class ApiOneOf:
    """``Annotated[str, ApiOneOf(["a", "b"])]``: one of these words, which the document names."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = list(values)

    def _check(self, value: str) -> str:
        if value not in self.values:
            choices = ", ".join(self.values)
            raise PydanticCustomError("choice", "Not one of: {choices}.", {"choices": choices})
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": self.values}


ApiLanguage = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": LANGUAGES})
]
ApiDay = Annotated[
    datetime.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
ApiSiteCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=40)]
ApiOrganisationCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
ApiKind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ApiId = Annotated[int, Field(ge=1, le=2**31 - 1)]

# In the portal's own time, with offset.
ApiMoment = Annotated[datetime.datetime, AfterValidator(timezone.localtime)]
