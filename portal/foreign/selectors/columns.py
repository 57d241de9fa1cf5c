"""Foreign columns: which one a Chinese page feeds, and which one a foreign page lies in."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page

from portal.foreign.models import ColumnFeed, ForeignColumn, ForeignSection, PageTranslation


class Mapping:
    """The feeds of one section, read once: for many pages."""

    def __init__(self, section: ForeignSection) -> None:
        rows = (
            ColumnFeed.objects.filter(column__section=section)
            .select_related("column__page__locale", "source")
            .order_by("column_id", "id")
        )
        self._feeds: dict[str, ForeignColumn] = {}
        for feed in rows:
            self._feeds.setdefault(feed.source.path, feed.column)

    def column_for(self, source_path: str) -> ForeignColumn | None:
        """The column of the nearest feed at or above a Chinese page (by treebeard path)."""
        path = source_path
        while path:
            if path in self._feeds:
                return self._feeds[path]
            path = path[: -Page.steplen]
        return None


def column_for(*, source_path: str, section: ForeignSection) -> ForeignColumn | None:
    """The foreign column in which a Chinese page belongs; None where no feed leads anywhere."""
    return Mapping(section).column_for(source_path)


def columns_for(sources: Iterable[Page], section: ForeignSection) -> dict[int, ForeignColumn]:
    """As ``column_for``, for many pages with one query: {pk of the page: column}."""
    mapping = Mapping(section)
    found = ((page.pk, mapping.column_for(page.path)) for page in sources)
    return {pk: column for pk, column in found if column is not None}


def columns_of(section: ForeignSection) -> list[ForeignColumn]:
    """The section's columns in the order of its tree."""
    return list(section.columns.select_related("page").order_by("page__path"))


def column_around(page: Page, section: ForeignSection) -> ForeignColumn | None:
    """The nearest foreign column at or above a page of the section's tree."""
    found = [column for column in columns_of(section) if page.path.startswith(column.page.path)]
    return found[-1] if found else None


def place_path(translation: PageTranslation) -> str:
    """Where in the foreign tree a translation is, or would be put (a treebeard path).

    Empty where no feed leads anywhere. What rights by columns are asked with.
    """
    if translation.target is not None:
        path: str = translation.target.path
        return path
    column = column_for(source_path=translation.source.path, section=translation.section)
    return column.page.path if column is not None else ""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A translation that stands in another column than the one its feed names now."""

    translation: PageTranslation
    page: Page
    stands: ForeignColumn | None
    belongs: ForeignColumn


def misplaced(section: ForeignSection) -> list[Misplaced]:
    """What changed feeds, or moved sources, would put into another column; for a person to move.

    A page that somebody sorted into a column below the right one stands right.
    """
    mapping = Mapping(section)
    columns = columns_of(section)
    rows = (
        section.translations.filter(target__isnull=False)
        .select_related("source", "target")
        .order_by("target__path")
    )
    found = []
    for row in rows:
        belongs = mapping.column_for(row.source.path)
        page = row.target
        if belongs is None or page is None:
            continue
        around = [column for column in columns if page.path.startswith(column.page.path)]
        stands = around[-1] if around else None
        if stands is None or stands.pk != belongs.pk:
            found.append(Misplaced(row, page, stands, belongs))
    return found
