"""Figures of visits for editors, from the tables of days alone."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Sum, When
from wagtail.models import Page

from portal.plugin_api import ListingRow, public_pages
from portal.visits.models import Address, AddressDay, DayFigure, Subject

MOST = 20
MOST_IN_FILE = 1000


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; ``sites``: of these alone (primary keys), None: of all."""

    first: datetime.date
    last: datetime.date
    sites: Collection[int] | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days before these."""
        length = datetime.timedelta(days=self.days)
        return Period(self.first - length, self.last - length, self.sites)

    def figures(self, *subjects: Subject) -> "QuerySet[DayFigure]":
        return self._own(DayFigure.objects.filter(subject__in=subjects))

    def addresses(self) -> "QuerySet[AddressDay]":
        return self._own(AddressDay.objects.all())

    def _own(self, rows: Any) -> Any:
        rows = rows.filter(day__range=(self.first, self.last))
        return rows if self.sites is None else rows.filter(site__in=self.sites)


@dataclass(frozen=True, slots=True)
class Totals:
    views: int = 0
    entries: int = 0
    files: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. ``before``: views in the period before. ``page``: for a link."""

    key: str
    label: str
    views: int
    entries: int = 0
    before: int | None = None
    page: int | None = None
    address: str = ""
    language: str = ""
    date: datetime.date | None = None

    @property
    def change(self) -> float | None:
        """How much more than before, as a share of it; None where there is nothing to compare."""
        return (self.views - self.before) / self.before if self.before else None


def totals(period: Period) -> Totals:
    rows = (
        period.figures(Subject.HOUR, Subject.FILES)
        .values("subject")
        .annotate(all=Sum("views"), begun=Sum("entries"))
        .order_by()
    )
    found = {row["subject"]: row for row in rows}
    pages = found.get(Subject.HOUR, {"all": 0, "begun": 0})
    files = found.get(Subject.FILES, {"all": 0})
    return Totals(pages["all"], pages["begun"], files["all"])


def has_invented(period: Period) -> bool:
    return period.figures(*Subject).filter(is_invented=True).exists()


def by_day(period: Period) -> dict[datetime.date, tuple[int, int]]:
    """(views, entries) of each day that has any."""
    rows = period.figures(Subject.HOUR).values("day")
    rows = rows.annotate(all=Sum("views"), begun=Sum("entries")).order_by("day")
    return {row["day"]: (row["all"], row["begun"]) for row in rows}


def by_key(period: Period, subject: Subject, count: int | None = None) -> list[Row]:
    """The parts of a subject, the largest first, with those of the period before. Two queries."""
    rows: Any = (
        period.figures(subject)
        .values("key")
        .annotate(all=Sum("views"), begun=Sum("entries"))
        .order_by("-all", "key")[:count]
    )
    found = list(rows)
    earlier = period.before.figures(subject).filter(key__in=[row["key"] for row in found])
    before = dict(earlier.values_list("key").annotate(all=Sum("views")).order_by())
    return [
        Row(row["key"], row["key"], row["all"], row["begun"], before.get(row["key"], 0))
        for row in found
    ]


def columns(period: Period, count: int = MOST) -> list[Row]:
    """Columns by their titles; one that is gone is told by its number."""
    rows = by_key(period, Subject.COLUMN, count)
    pks = [int(row.key) for row in rows if row.key]
    titles = _titles(pks)
    return [
        Row(
            row.key,
            titles[int(row.key)][0] if row.key and int(row.key) in titles else "",
            row.views,
            row.entries,
            row.before,
            int(row.key) if row.key and int(row.key) in titles else None,
            language=titles[int(row.key)][1] if row.key and int(row.key) in titles else "",
        )
        for row in rows
    ]


def _titles(pks: Collection[int]) -> dict[int, tuple[str, str]]:
    """(title, language) of pages that are there."""
    rows = Page.objects.filter(pk__in=pks).values_list("pk", "title", "locale__language_code")
    return {pk: (title, language) for pk, title, language in rows}


def top_pages(period: Period, count: int = MOST) -> list[Row]:
    """Pages by all their addresses; where no page of Wagtail's answers, the address by itself."""
    rows: Any = (
        period.addresses()
        .filter(is_file=False)
        .annotate(alone=Case(When(page__isnull=True, then=F("address"))))
        .values("page", "alone")
        .annotate(all=Sum("views"), begun=Sum("entries"))
        .order_by("-all", "page", "alone")[:count]
    )
    found = list(rows)
    pks = [row["page"] for row in found if row["page"]]
    titles = _titles(pks)
    gone = _last_addresses([pk for pk in pks if pk not in titles])
    earlier = period.before.addresses().filter(page__in=pks)
    before = dict(earlier.values_list("page").annotate(all=Sum("views")).order_by())
    others = [row["alone"] for row in found if row["alone"]]
    addresses = Address.objects.in_bulk(others)
    earlier = period.before.addresses().filter(address__in=others, page=None)
    alone = dict(earlier.values_list("address").annotate(all=Sum("views")).order_by())
    result = []
    for row in found:
        pk, other = row["page"], row["alone"]
        if pk:
            title, language = titles.get(pk, ("", ""))
            result.append(
                Row(
                    f"page-{pk}", title, row["all"], row["begun"], before.get(pk, 0),
                    pk if title else None, gone.get(pk, ""), language,
                )
            )  # fmt: skip
        else:
            address = str(addresses[other])
            result.append(
                Row(
                    f"address-{other}", "", row["all"], row["begun"], alone.get(other, 0),
                    address=address,
                )
            )  # fmt: skip
    return result


def _last_addresses(pks: Collection[int]) -> dict[int, str]:
    """Where pages that are gone were read last."""
    if not pks:
        return {}
    rows = AddressDay.objects.filter(page__in=pks).select_related("address").order_by("day", "pk")
    return {row.page_id: str(row.address) for row in rows if row.page_id}


def top_files(period: Period, count: int = MOST) -> list[Row]:
    rows: Any = (
        period.addresses()
        .filter(is_file=True)
        .values("address", "address__host", "address__path")
        .annotate(all=Sum("views"), begun=Sum("entries"))
        .order_by("-all", "address")[:count]
    )
    found = list(rows)
    earlier = period.before.addresses().filter(address__in=[row["address"] for row in found])
    before = dict(earlier.values_list("address").annotate(all=Sum("views")).order_by())
    return [
        Row(
            f"address-{row['address']}", "", row["all"], row["begun"],
            before.get(row["address"], 0),
            address=f"{row['address__host']}{row['address__path']}",
        )
        for row in found
    ]  # fmt: skip


def unread(period: Period, homes: Sequence[Page], count: int = MOST) -> list[Row]:
    """What was public all the time and nobody read, the newest first.

    Args:
        homes: of the sites that are meant; what lies below is looked at.
    """
    read = AddressDay.objects.filter(page=OuterRef("page"), day__range=(period.first, period.last))
    inside = ListingRow.objects.none()
    for home in homes:
        inside = inside | ListingRow.objects.filter(page__path__startswith=home.path)
    rows = (
        inside.filter(public_pages("page__path"), ~Exists(read))
        .filter(is_own=True, page__live=True, page__first_published_at__date__lt=period.first)
        .values_list("page", "title", "page__locale__language_code", "date")
        .order_by("-date", "-page")[:count]
    )
    return [
        Row(f"page-{pk}", title, 0, page=pk, language=language, date=date.date())
        for pk, title, language, date in rows
    ]


# --- one page -------------------------------------------------------------------------------------
def page_by_day(page: int, period: Period) -> dict[datetime.date, tuple[int, int]]:
    rows = _of_page(page, period).values("day")
    rows = rows.annotate(all=Sum("views"), begun=Sum("entries")).order_by("day")
    return {row["day"]: (row["all"], row["begun"]) for row in rows}


def page_addresses(page: int, period: Period) -> list[Row]:
    """Where a page was read: its addresses, those before it was moved too, and their forms."""
    rows: Any = (
        _of_page(page, period)
        .values("address", "address__host", "address__path", "form")
        .annotate(all=Sum("views"), begun=Sum("entries"))
        .order_by("-all", "address")[:MOST]
    )
    return [
        Row(
            f"address-{row['address']}", row["form"], row["all"], row["begun"],
            address=f"{row['address__host']}{row['address__path']}",
        )
        for row in rows
    ]  # fmt: skip


def _of_page(page: int, period: Period) -> "QuerySet[AddressDay]":
    return AddressDay.objects.filter(page=page, day__range=(period.first, period.last))


def language_names() -> dict[str, str]:
    return {code: str(name) for code, name in settings.LANGUAGES}
