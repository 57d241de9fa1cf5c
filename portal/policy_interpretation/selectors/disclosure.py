"""What a disclosure platform shows, and what its people still have to do."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import (
    Action,
    PortalContext,
    Publication,
    is_enabled,
    page_holds_until,
    page_today,
    public_urls,
    sites_allowing,
)
from portal.policy_interpretation.models import (
    AnnualReport,
    CatalogueEntry,
    DisclosureColumn,
    DisclosureConfirmation,
    DisclosurePlatform,
    StatutoryCategory,
)

_MONTH = 30.4375  # days
REMIND_BEFORE = datetime.timedelta(days=30)


# --- platforms ------------------------------------------------------------------------------------
def platforms_at(site_pk: int | None) -> list[DisclosurePlatform]:
    """Of a site, its own body's first."""
    found = DisclosurePlatform.objects.filter(site=site_pk).select_related("site", "unit")
    return sorted(found, key=lambda p: (p.unit_id is not None, p.unit.sort_order if p.unit else 0))


def visible_platforms(user: Any) -> list[DisclosurePlatform]:
    """Those of the sites whose content an account works on, where the plugin is on."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    found = DisclosurePlatform.objects.select_related("site", "unit").order_by("site", "unit")
    if sites is not None:
        found = found.filter(site__in=sites)
    return [p for p in found if is_enabled("policy_interpretation", p.site_id)]


def is_public(platform: DisclosurePlatform, portal: PortalContext) -> bool:
    root = portal.structure.site_root(platform.site_id, portal.language)
    return (
        root is not None
        and root.is_public
        and is_enabled("policy_interpretation", platform.site_id)
    )


# --- guide and rules ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """A line of the change record; ``what`` is "published", "changed" or "confirmed"."""

    at: datetime.datetime
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How well a part is kept. ``due_on``: when to confirm it next; None: it was never public."""

    part: str
    label: str
    person: str
    confirmed_at: datetime.datetime | None
    due_on: datetime.date | None
    changes: Sequence[Change]

    @property
    def is_overdue(self) -> bool:
        return self.due_on is None or self.due_on < page_today()


def keeping_of(platform: DisclosurePlatform) -> dict[str, Keeping]:
    """Guide and rules by part. A new version counts as a confirmation. Three queries."""
    rows = list(DisclosureConfirmation.objects.filter(platform=platform))
    versions: dict[str, list[Change]] = {"guide": [], "rules": []}
    if platform.guide_id:
        found = Publication.objects.filter(page=platform.guide_id).order_by("since")
        versions["guide"] = [
            Change(since, "changed" if number else "published")
            for number, since in enumerate(found.values_list("since", flat=True))
        ]
    if platform.rules is not None:
        found = Publication.objects.filter(
            page__path__startswith=platform.rules.path, page__depth__gt=platform.rules.depth
        )
        versions["rules"] = [
            Change(since, "published", title)
            for since, title in found.order_by("-since").values_list("since", "title")[:50]
        ]
    persons = {"guide": platform.guide_person, "rules": platform.rules_person}
    kept = {}
    for part in DisclosureConfirmation.Part:
        confirmed = [Change(r.at, "confirmed", r.note) for r in rows if r.part == part.value]
        changes = sorted(confirmed + versions[part.value], key=lambda c: c.at, reverse=True)
        latest = changes[0].at if changes else None
        kept[part.value] = Keeping(
            part=part.value,
            label=str(part.label),
            person=persons[part.value],
            confirmed_at=latest,
            due_on=_later(latest, platform.confirm_months) if latest else None,
            changes=changes,
        )
    return kept


def _later(moment: datetime.datetime, months: int) -> datetime.date:
    """The same day some months later, or the last day of a shorter month."""
    day = timezone.localtime(moment).date()
    year, month = divmod(day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return datetime.date(day.year + year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")


# --- statutory content ----------------------------------------------------------------------------
class ContentState(StrEnum):
    CURRENT = "current"
    OUTDATED = "outdated"
    EMPTY = "empty"
    UNMAPPED = "unmapped"

    @property
    def label(self) -> object:
        return _LABELS[self]


_LABELS = {
    ContentState.CURRENT: _("current"),
    ContentState.OUTDATED: _("outdated"),
    ContentState.EMPTY: _("nothing published"),
    ContentState.UNMAPPED: _("no column"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a category's content is: a public column or a cut of the catalogue (``query``)."""

    title: str
    url: str
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A category with its places. ``newest``: when something of it was last published."""

    category: StatutoryCategory
    places: Sequence[Place]
    count: int
    newest: datetime.datetime | None
    state: ContentState


def content_rows(platform: DisclosurePlatform, hidden: Sequence[str] = ()) -> list[ContentRow]:
    """What the law wants published, each with where it is and how fresh. Four queries.

    Args:
        hidden: treebeard paths below which nothing counts, as nobody may read it.
    """
    mapped = DisclosureColumn.objects.filter(platform=platform, category__isnull=False)
    columns = list(mapped.select_related("column", "theme").order_by("sort_order", "pk"))
    asked: dict[str, Any] = {}
    for row in columns:
        condition = _condition(row)
        asked[f"n{row.pk}"] = Count("pk", filter=condition)
        asked[f"d{row.pk}"] = Max("published_at", filter=condition)
    entries = CatalogueEntry.objects.filter(platform__site=platform.site_id, page__live=True)
    for path in hidden:
        entries = entries.exclude(page__path__startswith=path)
    found = entries.aggregate(**asked) if asked else {}
    found |= _other_pages([row for row in columns if not found[f"n{row.pk}"]], hidden)
    urls = public_urls(
        (row.column.pk, row.column.path, row.column.url_path)
        for row in columns
        if row.column is not None and row.column.live
    )
    result = []
    for category in StatutoryCategory.objects.filter(is_active=True):
        own = [row for row in columns if row.category_id == category.pk]
        places = [_place(row, urls, found[f"n{row.pk}"]) for row in own]
        newest = max((d for row in own if (d := found[f"d{row.pk}"])), default=None)
        count = sum(found[f"n{row.pk}"] for row in own)
        result.append(ContentRow(
            category,
            [place for place in places if place.url or place.query],
            count,
            newest,
            _state(category, bool(own), newest),
        ))  # fmt: skip
    return result


def _other_pages(rows: Sequence[DisclosureColumn], hidden: Sequence[str]) -> dict[str, Any]:
    """The same figures for columns of what is no entry: units, leaders, pages that stand alone."""
    asked: dict[str, Any] = {}
    for row in rows:
        if row.column is not None:
            inside = Q(path__startswith=row.column.path, depth__gt=row.column.depth)
            asked[f"n{row.pk}"] = Count("pk", filter=inside)
            asked[f"d{row.pk}"] = Max("last_published_at", filter=inside)
    pages = Page.objects.filter(live=True)
    for path in hidden:
        pages = pages.exclude(path__startswith=path)
    return pages.aggregate(**asked) if asked else {}


def _condition(row: DisclosureColumn) -> Q:
    condition = Q()
    if row.column is not None:
        condition &= Q(page__path__startswith=row.column.path)
    else:
        condition &= Q(platform=row.platform_id)
    if row.theme is not None:
        is_class = len(row.theme.pk) == 2
        condition &= Q(theme_class=row.theme.pk) if is_class else Q(theme=row.theme.pk)
    if row.genre:
        condition &= Q(genre=row.genre)
    return condition


def _place(row: DisclosureColumn, urls: dict[int, str], count: int) -> Place:
    if row.column is not None:
        return Place(row.column.title, urls.get(row.column.pk, ""), "", count)
    parts = [("theme", row.theme_id or ""), ("genre", row.genre)]
    query = "&".join(f"{name}={value}" for name, value in parts if value)
    return Place(str(row.get_genre_display() or row.theme), "", query, count)


def _state(
    category: StatutoryCategory, is_mapped: bool, newest: datetime.datetime | None
) -> ContentState:
    if not is_mapped:
        return ContentState.UNMAPPED
    if newest is None:
        return ContentState.EMPTY
    period = datetime.timedelta(days=(category.update_months or 0) * _MONTH)
    if period:
        page_holds_until(newest + period)
    is_outdated = bool(period) and timezone.now() - newest > period
    return ContentState.OUTDATED if is_outdated else ContentState.CURRENT


# --- annual reports -------------------------------------------------------------------------------
class ReportState(StrEnum):
    PUBLIC = "public"
    LATE = "late"
    DRAFT = "draft"
    DUE = "due"
    OVERDUE = "overdue"

    @property
    def label(self) -> object:
        return _REPORT_LABELS[self]


_REPORT_LABELS = {
    ReportState.PUBLIC: _("published"),
    ReportState.LATE: _("published late"),
    ReportState.DRAFT: _("draft"),
    ReportState.DUE: _("due"),
    ReportState.OVERDUE: _("overdue"),
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The report about a year. ``url`` is "" unless it is public; ``page`` may be a draft."""

    year: int
    due_on: datetime.date
    state: ReportState
    title: str = ""
    url: str = ""
    page_pk: int | None = None
    published_at: datetime.datetime | None = None

    @property
    def is_open(self) -> bool:
        return not self.url


def report_rows(
    platform: DisclosurePlatform, today: datetime.date | None = None
) -> list[ReportRow]:
    """Every year from the first that is expected to the last that is over, newest first."""
    today = today or page_today()
    stored = {
        report.year: report
        for report in AnnualReport.objects.filter(platform=platform).select_related("page")
    }
    first = platform.first_report_year or today.year - 1
    years = {*range(first, today.year), *stored}
    pages = [report.page for report in stored.values() if report.page and report.page.live]
    urls = public_urls((page.pk, page.path, page.url_path) for page in pages)
    return [
        _report_row(platform, year, stored.get(year), urls, today)
        for year in sorted(years, reverse=True)
    ]


def _report_row(
    platform: DisclosurePlatform,
    year: int,
    report: AnnualReport | None,
    urls: dict[int, str],
    today: datetime.date,
) -> ReportRow:
    due = platform.due_on(year)
    page = report.page if report is not None else None
    if page is not None and page.live:
        published = page.first_published_at
        is_late = published is not None and timezone.localtime(published).date() > due
        state = ReportState.LATE if is_late else ReportState.PUBLIC
        return ReportRow(year, due, state, page.title, urls.get(page.pk, ""), page.pk, published)
    title, pk = (page.title, page.pk) if page is not None else ("", None)
    if due < today:
        return ReportRow(year, due, ReportState.OVERDUE, title, "", pk)
    return ReportRow(year, due, ReportState.DRAFT if pk else ReportState.DUE, title, "", pk)


# --- reminders ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Reminder:
    platform: DisclosurePlatform
    text: str
    is_overdue: bool


def reminders(user: Any) -> list[Reminder]:
    """What the platforms of an account's sites want soon or wanted already."""
    today = page_today()
    found = []
    for platform in visible_platforms(user):
        found += [
            Reminder(platform, _confirm_text(keeping), True)
            for keeping in keeping_of(platform).values()
            if keeping.is_overdue
        ]
        for row in report_rows(platform, today):
            is_near = row.due_on - today <= REMIND_BEFORE
            if row.state is ReportState.OVERDUE or (
                row.state in (ReportState.DUE, ReportState.DRAFT) and is_near
            ):
                text = _("Annual report %(year)d, due by %(date)s") % {
                    "year": row.year,
                    "date": row.due_on.isoformat(),
                }
                found.append(Reminder(platform, str(text), row.state is ReportState.OVERDUE))
    return found


def _confirm_text(keeping: Keeping) -> str:
    if keeping.due_on is None:
        return str(_("%(part)s: nothing is public yet") % {"part": keeping.label})
    return str(
        _("%(part)s: to be read and confirmed since %(date)s")
        % {"part": keeping.label, "date": keeping.due_on.isoformat()}
    )
