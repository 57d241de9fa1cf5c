"""The catalogue of information: each line follows its page; index numbers are given once."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import ArticlePage, site_of_path
from portal.policy_interpretation.index_numbers import make_number
from portal.policy_interpretation.models import (
    CatalogueEntry,
    DisclosureColumn,
    DisclosurePlatform,
    IssuingBody,
    NumberSeries,
    PolicyPage,
)
from portal.policy_interpretation.models.documents import BodyLevel, Disclosure

_PORTION = 200
_CARRIED = (BodyLevel.NATIONAL, BodyLevel.PROVINCIAL)


class Places:
    """Which platform a page belongs to; reads the platforms once.

    A document belongs to the platform of a unit that issued it, the lead body's first; anything
    else to that of the innermost disclosure column it lies in. What remains of the documents is
    the site's own.
    """

    def __init__(self, site_pk: int | None = None) -> None:
        platforms = DisclosurePlatform.objects.all()
        if site_pk is not None:
            platforms = platforms.filter(site=site_pk)
        self.platforms = {platform.pk: platform for platform in platforms}
        self.of_unit = {(p.site_id, p.unit_id): p for p in self.platforms.values()}
        rows = DisclosureColumn.objects.filter(platform__in=self.platforms, column__isnull=False)
        self.columns: list[tuple[str, DisclosurePlatform]] = sorted(
            (
                (path, self.platforms[platform])
                for path, platform in rows.values_list("column__path", "platform")
            ),
            key=lambda pair: -len(pair[0]),
        )

    def platform_of(self, page: Page, units: Sequence[int]) -> DisclosurePlatform | None:
        site = site_of_path(page.path)
        is_policy = isinstance(page, PolicyPage)
        if is_policy:
            for unit in units:
                if (site, unit) in self.of_unit:
                    return self.of_unit[site, unit]
        for path, platform in self.columns:
            if platform.site_id == site and page.path.startswith(path):
                return platform
        return self.of_unit.get((site, None)) if is_policy else None


def follow_pages(*, page_pks: Iterable[int], site_pk: int | None = None) -> int:
    """Bring the lines of pages in line with what is stored; how many pages have one."""
    places = Places(site_pk)
    if not places.platforms:
        return 0
    count, rest = 0, list(page_pks)
    while rest:
        portion, rest = rest[:_PORTION], rest[_PORTION:]
        pages = Page.objects.filter(pk__in=portion, alias_of=None).order_by("path").specific()
        bodies = _bodies(portion)
        for page in pages:
            names_units = bodies.get(page.pk, ([], []))
            count += _follow(page, places.platform_of(page, names_units[1]), names_units[0])
    return count


def rebuild(*, site_pk: int) -> int:
    """All lines of a site, oldest page first, so that serials follow the time."""
    places = Places(site_pk)
    policies = PolicyPage.objects.filter(live=True, policy_record__site=site_pk)
    wanted = list(policies.values_list("pk", "policy_record__published_at"))
    for path, _platform in places.columns:
        inside = ArticlePage.objects.filter(live=True, alias_of=None, path__startswith=path)
        wanted += inside.values_list("pk", "first_published_at")
    known = CatalogueEntry.objects.filter(platform__site=site_pk)
    wanted += [(pk, None) for pk in known.values_list("pk", flat=True)]
    days: dict[int, datetime.datetime | None] = {}
    for pk, moment in wanted:
        days.setdefault(pk, moment)
    ordered = sorted(days, key=lambda pk: (days[pk] is not None, days[pk] or timezone.now(), pk))
    return follow_pages(page_pks=ordered, site_pk=site_pk)


def _bodies(page_pks: Sequence[int]) -> dict[int, tuple[list[str], list[int]]]:
    """Names and units of the issuing bodies by document, the lead body first. One query."""
    rows = IssuingBody.objects.filter(page__in=page_pks).select_related("organisation")
    found: dict[int, tuple[list[str], list[int]]] = {}
    for row in rows.order_by("page", "sort_order"):
        names, units = found.setdefault(row.page_id, ([], []))
        names.append(row.shown_name)
        if row.organisation_id:
            units.append(row.organisation_id)
    return found


@transaction.atomic
def _follow(page: Page, platform: DisclosurePlatform | None, bodies: Sequence[str]) -> bool:
    entry = CatalogueEntry.objects.filter(pk=page.pk).first()
    values = _values(page, bodies) if platform is not None else None
    if platform is None or values is None:
        if entry is not None:
            entry.delete()
        return False
    if entry is None:
        if not page.live:
            return False  # a draft is no line yet, and takes no number
        entry = CatalogueEntry(page=page)
    elif not page.live:
        return True  # it comes back as it was, with its number
    has_moved = entry.platform_id not in (None, platform.pk)
    for name, value in values.items():
        setattr(entry, name, value)
    entry.platform = platform
    own = page.index_number.strip() if isinstance(page, PolicyPage) else ""
    if own:
        entry.index_number, entry.is_given = own, False
    elif has_moved or not entry.is_given:
        entry.index_number, entry.is_given = "", False
    # A higher body's document has that body's number, which editors copy; we give it none.
    is_carried = isinstance(page, PolicyPage) and page.level in _CARRIED
    if not entry.index_number and platform.gives_numbers and not is_carried:
        entry.index_number, entry.is_given = _next_number(platform, entry), True
    entry.save()
    return True


def _values(page: Page, bodies: Sequence[str]) -> dict[str, Any] | None:
    if isinstance(page, PolicyPage):
        if page.disclosure == Disclosure.NONE:
            return None
        return {
            "title": page.title,
            "summary": page.summary[:300],
            "created_on": page.issued_on,
            "document_number": page.document_number,
            "body": "、".join(bodies)[:120],
            "published_at": page.displayed_date(),
            "disclosure": page.disclosure,
            "theme_id": page.theme_id,
            "theme_class": (page.theme_id or "")[:2],
            "genre": page.genre,
            "year": page.issued_on.year if page.issued_on else None,
        }
    if isinstance(page, ArticlePage):
        day = _day(page.displayed_date())
        return {
            "title": page.title,
            "summary": page.summary_text[:300],
            "created_on": day,
            "body": page.source,
            "published_at": page.displayed_date(),
            "year": day.year if day else None,
        }
    return None


def _next_number(platform: DisclosurePlatform, entry: CatalogueEntry) -> str:
    year = entry.year or timezone.localdate().year
    # One after the other: whoever comes second waits for the row.
    NumberSeries.objects.get_or_create(platform=platform, year=year)
    series = NumberSeries.objects.select_for_update().get(platform=platform, year=year)
    number = ""
    for number in _numbers(platform, series):
        if not CatalogueEntry.objects.filter(index_number=number).exists():
            break
    series.save(update_fields=["last"])
    return number


def _numbers(platform: DisclosurePlatform, series: NumberSeries) -> Iterator[str]:
    while True:
        series.last += 1
        yield make_number(
            platform.number_pattern,
            code=platform.unified_code,
            year=series.year,
            serial=series.last,
        )


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return timezone.localtime(moment).date() if moment is not None else None
