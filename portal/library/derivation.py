"""What a page tells of itself: the derived values of its record. No query but for units.

Every value has a way to be there without an editor: provider from the column's owner unit, else the
owner of the site, else its name; theme from the column, else "other"; and so on.
"""

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import just_seen

from .house import OTHER_THEME, house
from .models import PubKind, RecordType, Scheme, Sharing

# By what lists call a page, else by the kind of structural page it is.
_TYPES = {
    "article": RecordType.ARTICLE,
    "policy": RecordType.POLICY,
    "interpretation": RecordType.INTERPRETATION,
    "response": RecordType.RESPONSE,
    "refutation": RecordType.RESPONSE,
    "leader": RecordType.LEADER,
    "organisation": RecordType.ORGANISATION,
    "question": RecordType.FAQ,
    "home": RecordType.SITE,
    "sub_site": RecordType.SITE,
    "column": RecordType.COLUMN,
    "topic": RecordType.TOPIC,
    "standard": RecordType.PAGE,
    "external_link": RecordType.LINK,
}
# What somebody may write over; the rest is the item's own.
WRITABLE = (
    "summary", "keywords", "provider_id", "provider_name", "producer", "source_name", "source_url",
    "pub_kind", "made_on", "theme", "more_themes", "genre", "five_open", "audience", "region",
    "doc_no", "sharing", "sharing_condition", "sharing_method", "openness", "update_period_days",
    "rights", "related", "archive_state",
)  # fmt: skip
_LENGTHS = {"keywords": 200, "source_name": 120, "source_url": 500, "producer": 120, "genre": 20,
            "doc_no": 60, "audience": 120, "title": 255}  # fmt: skip


class Place:
    """Where in the tree something stands, as the structure was seen last."""

    def __init__(self, path: str) -> None:
        found = just_seen()
        node = found.nearest(path)
        self.node = node
        self.above = [] if node is None else [node, *reversed(node.ancestors())]
        self.site_pk: int | None = node.site_pk if node is not None else None
        self.site = found.records.get(self.site_pk or 0)
        self._records = found.records

    def column_pk(self, own: int | None) -> int | None:
        return next((node.pk for node in self.above if node.pk != own), None)

    def unit_pk(self) -> int | None:
        """The owner unit of the nearest column or topic, else of the site, else of one above."""
        for node in self.above:
            unit: int | None = node.extra.get("owner_unit_id")
            if unit:
                return unit
        site = self.site
        while site is not None:
            if site.owner_id:
                return site.owner_id
            site = self._records.get(site.parent_id or 0)
        return None

    def default(self, name: str) -> str:
        """What the nearest column says that its records begin with."""
        defaults = house().column_defaults
        return next(
            (found[name] for node in self.above if name in (found := defaults.get(node.pk, {}))), ""
        )

    def update_period(self, own: int | None) -> int | None:
        return None if self.node is None or self.node.pk != own else self._days()

    def _days(self) -> int | None:
        days: int | None = self.node.extra.get("update_period_days") if self.node else None
        return days


def derive(page: Any, path: str = "") -> dict[str, Any]:
    """The derived values of a page's record, by field.

    Args:
        page: specific; saved or not.
        path: where it will stand, for one that has no place yet.
    """
    place = Place(page.path or path)
    listed = page.listing_values()
    told = page.library_values()
    source_name = told.get("source_name", listed.get("source", ""))
    source_url = told.get("source_url", getattr(page, "source_url", ""))
    unit = told.get("provider") or getattr(page, "owner_unit_id", None) or place.unit_pk()
    theme, *more = _known_themes(told.get("themes") or ()) or [""]
    published = page.last_published_at or page.first_published_at
    values: dict[str, Any] = {
        "title": page.title,
        "record_type": _type_of(page, told, listed),
        "summary": (told.get("summary") or listed.get("summary") or page.search_description or ""),
        "keywords": getattr(page, "keywords", ""),
        "language": page.written_in if page.locale_id else settings.LANGUAGE_CODE,
        "file_format": "html",
        "provider_id": unit,
        "provider_name": "" if unit else (place.site.name if place.site else ""),
        "producer": told.get("producer") or getattr(page, "author", ""),
        "site_id": place.site_pk,
        "column_id": place.column_pk(page.pk),
        "source_name": source_name or "",
        "source_url": source_url or "",
        "pub_kind": _kind_of(source_url or "", source_name or ""),
        "made_on": told.get("made_on") or _day(listed.get("date")),
        "published_at": page.first_published_at,
        "updated_at": published,
        "effective_on": told.get("effective_on"),
        "ends_on": told.get("ends_on"),
        "theme": theme or place.default("theme") or OTHER_THEME,
        "more_themes": ",".join(more),
        "genre": _known_genre(told.get("genre") or "") or place.default("genre"),
        "five_open": place.default("five_open"),
        "audience": told.get("audience") or "",
        "region": "",
        "doc_no": told.get("doc_no") or "",
        "sharing": place.default("sharing") or Sharing.UNCONDITIONAL,
        "update_period_days": getattr(page, "update_period_days", None),
        "translation_key": page.translation_key,
    }
    for name, length in _LENGTHS.items():
        values[name] = values[name][:length]
    return values


def _known_themes(codes: Iterable[str]) -> list[str]:
    """A theme that another table has and ours has not counts as its class."""
    terms = house().terms[Scheme.THEME]
    found = [code if code in terms else code[:2] for code in codes]
    return [code for code in dict.fromkeys(found) if code in terms]


def _known_genre(code: str) -> str:
    return code if code in house().terms[Scheme.GENRE] else ""


def _type_of(page: Any, told: dict[str, Any], listed: dict[str, Any]) -> str:
    wanted = told.get("record_type")
    if wanted in RecordType.values:
        return str(wanted)
    kind = str(listed.get("kind") or "")
    found = _TYPES.get(getattr(page, "structure_kind", "")) or _TYPES.get(kind)
    return str(found or (RecordType.ARTICLE if page.is_listed else RecordType.PAGE))


def _kind_of(source_url: str, source_name: str) -> str:
    """A text that names the address of its source was taken from there."""
    return (
        PubKind.REPOST
        if source_url and source_name and _is_elsewhere(source_url)
        else (PubKind.EXCLUSIVE)
    )


def _is_elsewhere(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    own = {root.host for root in just_seen().roots}
    return bool(host) and host not in own


def _day(moment: Any) -> datetime.date | None:
    if isinstance(moment, datetime.datetime):
        return timezone.localtime(moment).date()
    return moment if isinstance(moment, datetime.date) else None


def column_of(page: Page) -> int | None:
    return Place(page.path).column_pk(page.pk)
