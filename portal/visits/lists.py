"""Lists for the block "List from a plugin": what is read most, of what is public now."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListingRow, ListItem, mark_text, public_pages, public_urls

from .models import ReadRank


class MostRead:
    """The pages of a site and language that were read most in so many days. One query."""

    def __init__(self, label: Any, days: int) -> None:
        self.label, self.days = label, days

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        if site is None:
            return []
        ranks = ReadRank.objects.filter(site=site, language=language, days=self.days)
        own_place = ranks.filter(page=OuterRef("page")).values("place")[:1]
        rows = (
            ListingRow.objects.filter(
                public_pages("page__path"),
                page__in=ranks.values("page"),
                page__live=True,
                is_own=True,
            )
            .annotate(place=Subquery(own_place))
            .select_related("page")
            .order_by("place")[:count]
        )
        found = list(rows)
        urls = public_urls((row.page_id, row.page.path, row.page.url_path) for row in found)
        return [
            ListItem(
                title=row.title,
                url=urls[row.page_id],
                date=row.date,
                summary=row.summary,
                source=row.source,
                mark=mark_text(row.mark),
            )
            for row in found
            if row.page_id in urls
        ]


MOST_READ_WEEK = MostRead(_("Most read in the last seven days"), 7)
MOST_READ_MONTH = MostRead(_("Most read in the last thirty days"), 30)
