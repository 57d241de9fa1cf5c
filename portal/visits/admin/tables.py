"""The tables of the report: their rows, and what the rows are called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from portal.plugin_api import just_seen, main_site_pk
from portal.visits.lines import DESKTOP, DIRECT, OTHER, OWN, PHONE, SEARCH, TABLET
from portal.visits.models import Subject
from portal.visits.selectors import figures
from portal.visits.selectors.figures import Period, Row


@dataclass(frozen=True, slots=True)
class Table:
    """``first``: the first heading. ``has_views``: whether the rows have numbers."""

    key: str
    title: Any
    first: Any
    rows: Callable[[Period, int], list[Row]]
    help: Any = ""
    has_views: bool = True


def _pages(period: Period, count: int) -> list[Row]:
    return [_named(row) for row in figures.top_pages(period, count)]


def _named(row: Row) -> Row:
    if row.label:
        return row
    if row.key.startswith("page-"):
        label = _("A page that was deleted")
        return replace(row, label=f"{label} ({row.address})" if row.address else label)
    return replace(row, label=row.address)


def _columns(period: Period, count: int) -> list[Row]:
    return [
        row
        if row.label
        else replace(row, label=_("A column that was deleted") if row.key else _("No column"))
        for row in figures.columns(period, count)
    ]


def _languages(period: Period, count: int) -> list[Row]:
    names = figures.language_names()
    return [
        replace(row, label=names.get(row.key, row.key) or _("Unknown"))
        for row in figures.by_key(period, Subject.LANGUAGE, count)
    ]


def _sources(period: Period, count: int) -> list[Row]:
    kinds = {
        OWN: _("Within the site"),
        DIRECT: _("Directly: typed, a bookmark, an app"),
        SEARCH: _("Search engine"),
        OTHER: _("Another website"),
    }
    found = []
    for row in figures.by_key(period, Subject.SOURCE, count):
        kind, _colon, host = row.key.partition(":")
        name = kinds.get(kind, kind)
        found.append(replace(row, label=f"{name} · {host}" if host else name))
    return found


def _devices(period: Period, count: int) -> list[Row]:
    names = {PHONE: _("Phone"), TABLET: _("Tablet"), DESKTOP: _("Computer")}
    rows = figures.by_key(period, Subject.DEVICE, count)
    return [replace(row, label=names.get(row.key, row.key)) for row in rows]


def _files(period: Period, count: int) -> list[Row]:
    return [replace(row, label=row.address) for row in figures.top_files(period, count)]


def _unread(period: Period, count: int) -> list[Row]:
    return figures.unread(period, homes_of(period), count)


def homes_of(period: Period) -> Sequence[Page]:
    """The homes of the sites that a period is about, in all languages; those below others once."""
    main_site_pk()  # look at the structure as it is now
    found = just_seen()
    homes = {
        node.path: node
        for pk in found.records
        if period.sites is None or pk in period.sites
        for node in found.site_languages(pk).values()
    }
    return [
        homes[path]
        for path in sorted(homes)
        if not any(path != other and path.startswith(other) for other in homes)
    ]


TABLES = (
    Table("pages", gettext_lazy("Read most"), gettext_lazy("Page"), _pages),
    Table("columns", gettext_lazy("Columns"), gettext_lazy("Column"), _columns),
    Table("languages", gettext_lazy("Languages"), gettext_lazy("Language"), _languages),
    Table(
        "sources",
        gettext_lazy("Where visitors come from"),
        gettext_lazy("Source"),
        _sources,
        gettext_lazy("Of other websites the name of the host is kept, never the page."),
    ),
    Table("devices", gettext_lazy("Devices"), gettext_lazy("Device"), _devices),
    Table("files", gettext_lazy("Files"), gettext_lazy("File"), _files),
    Table(
        "unread",
        gettext_lazy("Read by nobody"),
        gettext_lazy("Page"),
        _unread,
        gettext_lazy("Public during the whole period and never opened, the newest first."),
        has_views=False,
    ),
)
