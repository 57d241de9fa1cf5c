"""The types of what callers send. What does not fit them is answered with 422."""

import datetime
import re
from typing import Annotated, Any

from django.conf import settings
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

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


Language = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": LANGUAGES})
]
Day = Annotated[
    datetime.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
SiteCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=40)]
OrganisationCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
