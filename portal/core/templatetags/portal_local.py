"""Days and telephone numbers as the readers of a page write them."""

import datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.text.phones import dialled, international

register = template.Library()


def _is_source(language: str | None) -> bool:
    return (language or settings.LANGUAGE_CODE) in (settings.LANGUAGE_CODE, "zh-hant")


@register.filter
def local_day(value: Any) -> str:
    """A day: ``2026-03-01`` on Chinese pages, ``1 March 2026`` and the like on others.

    Takes dates, moments, and texts that begin with a day.
    """
    if not value:
        return ""
    language = get_language()
    if _is_source(language):
        return str(value)[:10] if isinstance(value, str) else _date(value).isoformat()
    try:
        day = datetime.date.fromisoformat(value[:10]) if isinstance(value, str) else _date(value)
    except ValueError:
        return str(value)[:10]
    return formats.date_format(day, "DATE_FORMAT")


@register.filter
def long_day(value: datetime.date | None) -> str:
    """A day within a sentence: ``2026年3月1日``, ``1 March 2026``."""
    if value is None:
        return ""
    return formats.date_format(_date(value), "DATE_FORMAT")


@register.filter
def local_month(value: str) -> str:
    """The month of a day that is given as text: ``2026-03`` on Chinese pages, else its name."""
    if not value or _is_source(get_language()):
        return value[:7]
    try:
        day = datetime.date.fromisoformat(value[:10])
    except ValueError:
        return value[:7]
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


@register.filter
def local_moment(value: Any) -> str:
    """A day with the hour, given as text: ``2026-03-01 09:30`` on Chinese pages."""
    text = str(value or "")
    if not text or _is_source(get_language()):
        return text
    hour = text[10:16].strip(" T")
    return f"{local_day(text)} {hour}".strip()


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    found: datetime.date = value
    return found


@register.filter
def local_phone(value: Any) -> SafeString | str:
    """A number to be read: abroad with the country's code, and from the left in every script."""
    if not value:
        return ""
    if _is_source(get_language()):
        return str(value)
    return format_html('<bdi dir="ltr">{}</bdi>', international(str(value)))


@register.filter
def phone_address(value: Any) -> str:
    """The address of a link that dials: ``tel:+8657187654321``."""
    return f"tel:{dialled(str(value))}" if value else ""
