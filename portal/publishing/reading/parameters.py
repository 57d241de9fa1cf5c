"""Parameters of statements, so that they can be written down and asked again later.

"Now" is written down as such: a statement that asks for what is public at this moment is the same
statement a minute later.
"""

import datetime
import decimal
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime


class NotWritable(Exception):
    """A parameter of a kind that cannot be written down."""


class Now(str):
    """The moment at which the statement is asked; its text says in which form."""

    __slots__ = ()


def frozen(parameters: Sequence[Any], started: datetime.datetime) -> tuple[Any, ...]:
    """Parameters with each moment that is the present one (since ``started``) as ``Now``."""
    return tuple(_frozen(value, started) for value in parameters)


def _frozen(value: Any, started: datetime.datetime) -> Any:
    if isinstance(value, datetime.datetime):
        moment = value if timezone.is_aware(value) else value.replace(tzinfo=datetime.UTC)
        return Now("moment") if _is_now(moment, started) else value
    if isinstance(value, str) and 19 <= len(value) <= 32 and value[4:5] == "-":
        try:
            parsed = parse_datetime(value)
        except ValueError:
            return value
        if parsed is None:
            return value
        moment = parsed if timezone.is_aware(parsed) else parsed.replace(tzinfo=datetime.UTC)
        return Now("text") if _is_now(moment, started) else value
    return value


def _is_now(moment: datetime.datetime, started: datetime.datetime) -> bool:
    # What stands in the database was written before the rendering began.
    return started < moment <= timezone.now()


def written(parameters: Sequence[Any]) -> str:
    """As JSON text.

    Raises:
        NotWritable: one of them is of a kind that is not known here.
    """
    return json.dumps([_packed(value) for value in parameters], ensure_ascii=False)


def _packed(value: Any) -> Any:
    if isinstance(value, Now):
        return {"now": str(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, uuid.UUID):
        return {"uuid": str(value)}
    if isinstance(value, (list, tuple)):
        return {"list": [_packed(item) for item in value]}
    raise NotWritable(type(value).__name__)


def read(text: str) -> list[Any]:
    """The parameters again, with the present moment for ``Now``."""
    return [_unpacked(value) for value in json.loads(text)]


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    match kind:
        case "now":
            now = timezone.now()
            if content == "moment":
                return now
            return str(now.astimezone(datetime.UTC).replace(tzinfo=None))
        case "moment":
            return datetime.datetime.fromisoformat(content)
        case "date":
            return datetime.date.fromisoformat(content)
        case "decimal":
            return decimal.Decimal(content)
        case "uuid":
            return uuid.UUID(content)
        case "list":
            return [_unpacked(item) for item in content]
    raise ValueError(f"unknown parameter: {kind}")
