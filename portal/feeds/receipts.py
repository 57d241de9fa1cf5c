"""The part of a publishing receipt: in which feeds and in which sitemap a page stands."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from portal.plugin_api import ListingRow, ReceiptLine, just_seen, public_urls

from . import places
from .selectors.entries import newest_pages, settings_of


class FeedsPart:
    """Feeds and sitemaps are written anew for each reader from what is public at that moment: the
    page was in them from its publication on."""

    order = 40

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        page = publication.page
        if page is None or not page.live:
            return []
        if not public_urls([(page.pk, page.path, page.url_path)]):
            text = gettext("Not for everybody, so in no feed and in no sitemap.")
            return [ReceiptLine(gettext("Feeds"), "none", detail=text)]
        return [*self._feeds(publication, page), self._sitemap(publication, page)]

    def _feeds(self, publication: Any, page: Any) -> list[ReceiptLine]:
        rows = list(ListingRow.objects.filter(page=page.pk).order_by("-is_own", "container"))
        found = just_seen()
        limit = settings_of(publication.site_id).entries
        lines = []
        for row in rows:
            node = found.nodes.get(row.container_id)
            if node is None or node.kind not in places.KINDS or not node.is_public:
                continue
            newest = newest_pages(row.container_id, limit)
            before = newest.index(page.pk) if page.pk in newest else limit
            lines.append(self._line(publication, found, node, before, limit))
        if not lines:
            text = gettext("Pages of this kind stand in no list, so in no feed.")
            lines.append(ReceiptLine(gettext("Feeds"), "none", detail=text))
        return lines

    @staticmethod
    def _line(publication: Any, found: Any, node: Any, before: int, limit: int) -> ReceiptLine:
        label = gettext("Feed of “%(title)s”") % {"title": node.title}
        url = places.folder_of(found, node) + "atom.xml"
        if before >= limit:
            text = gettext("Not in it: its date is older than that of the newest %(limit)s.")
            return ReceiptLine(label, "none", detail=text % {"limit": limit}, url=url)
        text = gettext("Entry %(number)s. Readers fetch it when they look the next time.")
        detail = text % {"number": before + 1}
        return ReceiptLine(label, "done", at=publication.since, detail=detail, url=url)

    @staticmethod
    def _sitemap(publication: Any, page: Any) -> ReceiptLine:
        label = gettext("Sitemap for search engines")
        if page.alias_of_id is not None:
            text = gettext("The page that it shows is named there, under its own address.")
            return ReceiptLine(label, "none", detail=text)
        root = just_seen().root_for_url_path(page.url_path)
        text = gettext("When search engines fetch it is not known here.")
        url = f"{root.origin}/sitemap.xml" if root is not None else ""
        return ReceiptLine(label, "done", at=publication.since, detail=text, url=url)
