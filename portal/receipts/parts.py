"""The part that the receipts know themselves: the page, and where it is shown by reference."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from portal.plugin_api import Publication, ReceiptLine, public_urls

MOST_PLACES = 20


class LivePart:
    """Public is what the publication's own row says: it was written in the same transaction."""

    order = 10

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        page = publication.page
        label = gettext("The page")
        if page is None or not page.live:
            return [
                ReceiptLine(label, "none", at=publication.since, detail=gettext("Withdrawn since."))
            ]
        url = public_urls([(page.pk, page.path, page.url_path)]).get(page.pk, "")
        if not url:
            text = gettext("Not for everybody: the page or what is above it is restricted.")
            return [ReceiptLine(label, "none", at=publication.since, detail=text)]
        return [
            ReceiptLine(label, "done", at=publication.since, detail=page.title, url=url),
            *self._references(page),
        ]

    def _references(self, page: Any) -> list[ReceiptLine]:
        """Other columns and sites that show the page; each is a publication of its own."""
        live = list(page.aliases.filter(live=True).order_by("pk")[: MOST_PLACES + 1])
        if not live:
            return []
        shown = live[:MOST_PLACES]
        rows = Publication.objects.filter(page__in=[one.pk for one in shown], closed=False)
        since = dict(rows.values_list("page_id", "since"))
        urls = public_urls([(one.pk, one.path, one.url_path) for one in shown])
        lines = [
            ReceiptLine(
                gettext("Shown by reference"),
                "done" if one.pk in since and urls.get(one.pk) else "none",
                at=since.get(one.pk),
                detail=urls.get(one.pk, "") or gettext("Not for everybody."),
                url=urls.get(one.pk, ""),
            )
            for one in shown
        ]
        if len(live) > MOST_PLACES:
            text = gettext("And in more places that are not looked at here.")
            lines.append(ReceiptLine(gettext("Shown by reference"), "none", detail=text))
        return lines
