"""Where the language switcher leads when a page has no translation: the nearest column."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings

from portal.foreign.models import ColumnFeed, ForeignColumn
from portal.plugin_api import kept_text

_STEPLEN = 4  # treebeard's digits for each level of ``path``


class Landings:
    """All columns and feeds of all sections; no query but after a change of public content."""

    def __init__(self, data: Any) -> None:
        self.feeds: dict[str, dict[str, int]] = data["feeds"]
        self.columns: dict[str, dict[str, Any]] = data["columns"]
        self.by_need: dict[str, int] = {
            f"{row['site']} {row['language']} {row['need']}": row["page"]
            for row in self.columns.values()
            if row["need"] != "other"
        }

    def for_chinese(self, path: str, language: str) -> int | None:
        """The column that a Chinese page feeds in a language."""
        fed = self.feeds.get(language, {})
        while path:
            if path in fed:
                return fed[path]
            path = path[:-_STEPLEN]
        return None

    def for_foreign(self, path: str, language: str) -> int | None:
        """The column for the same need in another language; to Chinese, what feeds the column."""
        row = self._around(path)
        if row is None:
            return None
        if language == settings.LANGUAGE_CODE:
            source: int | None = row["source"]
            return source
        return self.by_need.get(f"{row['site']} {language} {row['need']}")

    def column_around(self, path: str) -> int | None:
        """The page of the nearest foreign column at or above a foreign page."""
        row = self._around(path)
        found: int | None = row["page"] if row is not None else None
        return found

    def _around(self, path: str) -> dict[str, Any] | None:
        while path and path not in self.columns:
            path = path[:-_STEPLEN]
        return self.columns.get(path)


def landings() -> Landings:
    return _parsed(kept_text(("foreign", "landings"), _read))


@lru_cache(maxsize=2)
def _parsed(text: str) -> Landings:
    return Landings(json.loads(text))


def _read() -> str:
    feeds: dict[str, dict[str, int]] = {}
    first: dict[int, int] = {}
    for language, path, page, column, source in ColumnFeed.objects.order_by("id").values_list(
        "column__section__locale__language_code",
        "source__path",
        "column__page_id",
        "column_id",
        "source_id",
    ):
        feeds.setdefault(language, {}).setdefault(path, page)
        first.setdefault(column, source)
    columns = {
        path: {
            "page": page,
            "site": site,
            "language": language,
            "need": need,
            "source": first.get(pk),
        }
        for pk, path, page, site, language, need in ForeignColumn.objects.values_list(
            "pk",
            "page__path",
            "page_id",
            "section__site_id",
            "section__locale__language_code",
            "need",
        )
    }
    return json.dumps({"feeds": feeds, "columns": columns})
