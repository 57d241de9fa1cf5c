"""Whom to ask instead: the hotline, and when people are at work."""

import datetime
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from portal.plugin_api import clocks


@dataclass(frozen=True, slots=True)
class Contact:
    """The way to a person. ``opening`` is a sentence about when somebody is there."""

    phone: str
    opening: str
    is_open: bool

    @property
    def url(self) -> str:
        return f"tel:{quote(self.phone, safe='+')}" if self.phone else ""


def contact(site: int | None, now: datetime.datetime | None = None) -> Contact:
    """The hotline, and the office hours of a site by its work calendar."""
    now = timezone.localtime(now)
    state = clocks.office_state(site, now)
    at = timezone.localtime(state.changes_at)
    time = f"{at:%H:%M}"
    if state.is_open:
        opening = gettext("Offices are open now, until %(time)s.") % {"time": time}
    elif at.date() == now.date():
        opening = gettext("Offices are closed now and open again today at %(time)s.") % {
            "time": time
        }
    else:
        opening = gettext("Offices are closed now and open again on %(date)s at %(time)s.") % {
            "date": date_format(at, "l, j F" if not _is_chinese() else "n月j日l"),
            "time": time,
        }
    return Contact(str(settings.ASSISTANT_HOTLINE), opening, state.is_open)


def _is_chinese() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "").startswith("zh")


def actions(site: int | None) -> list[dict[str, str]]:
    """What a visitor can do next, as the API gives it: ``kind``, ``label``, ``url``, ``detail``."""
    found = contact(site)
    offered = []
    if found.phone:
        offered.append(
            {
                "kind": "call",
                "label": gettext("Call %(number)s") % {"number": found.phone},
                "url": found.url,
                "detail": found.opening,
            }
        )
    browse = browse_url()
    if browse:
        offered.append(
            {
                "kind": "browse",
                "label": gettext("All questions by topic"),
                "url": browse,
                "detail": "",
            }
        )
    return offered


def hotline_only() -> str:
    """The number alone, where nothing else can be asked."""
    return str(settings.ASSISTANT_HOTLINE)


def browse_url() -> str:
    """The address of the public pages of the knowledge base; "" while there are none."""
    try:
        return reverse("assistant:browse")
    except NoReverseMatch:
        return ""
