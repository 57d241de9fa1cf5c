"""What the counter does for others."""

from collections.abc import Mapping, Sequence

from portal.plugin_api import visits

from .selectors import reading


class CountedVisits:
    """Provider of the capability ``visits``."""

    def most_visited(
        self, *, site: int | None, days: int, limit: int, language: str = ""
    ) -> Sequence[tuple[str, int, int | None]]:
        return reading.most_visited(site=site, days=days, limit=limit, language=language)

    def of_pages(self, pages: Sequence[int], *, days: int) -> Mapping[int, int]:
        return reading.of_pages(pages, days=days)


visits.provide(CountedVisits())
