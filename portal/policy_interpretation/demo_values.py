"""Times in the demo's files, and what is wrong with them."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime


class DemoFault(ValueError):
    """The demo's files name something that is not there."""


def moment(value: Any) -> datetime.datetime:
    found = value if isinstance(value, datetime.datetime) else parse_datetime(str(value))
    if found is None:
        raise DemoFault(f"{value!r} is no time")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def day_of(value: Any) -> datetime.date | None:
    """A day, or one counted from today: "+40" for documents that are always to take effect."""
    if value is None or isinstance(value, datetime.date):
        return value
    text = str(value)
    if text[:1] in "+-":
        return timezone.localdate() + datetime.timedelta(days=int(text))
    found = parse_date(text)
    if found is None:
        raise DemoFault(f"{value!r} is no day")
    return found
