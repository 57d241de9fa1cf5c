"""The part of a publishing receipt: whether a page can be found."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from portal.plugin_api import ReceiptLine, consumer_line
from portal.search.indexing.consumer import Documents
from portal.search.models import Document, Replica, Stale


class SearchPart:
    """Two steps: the outbox writes a row, and the index of each machine follows the rows.

    When an index took a row in is not written down: the receipt notes when it saw it.
    """

    order = 30

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        page = publication.page
        if page is None:
            return []
        told = consumer_line(gettext("Search"), Documents.name, event=event)
        if told.state != "done":
            return [told]
        key = f"page:{page.alias_of_id or page.pk}"
        row = Document.objects.filter(key=key, is_removed=False).only("seq", "changed_at").first()
        if Stale.objects.filter(key=key).exists():
            text = gettext("Waits with many others to be looked at.")
            return [ReceiptLine(gettext("Search"), "waiting", detail=text)]
        if row is None:
            text = gettext("Pages of this kind, or what not everybody may see, are not found.")
            return [ReceiptLine(gettext("Search"), "none", detail=text)]
        is_new = row.changed_at >= publication.since
        return [self._written(row, is_new=is_new), *self._indexes(row)]

    @staticmethod
    def _written(row: Document, *, is_new: bool) -> ReceiptLine:
        label = gettext("Search: the text")
        if is_new:
            return ReceiptLine(label, "done", at=row.changed_at)
        text = gettext("Nothing that search shows has changed.")
        return ReceiptLine(label, "done", detail=text)

    @staticmethod
    def _indexes(row: Document) -> list[ReceiptLine]:
        """The index of each machine that was seen in the last days."""
        replicas = list(Replica.objects.order_by("name"))
        if not replicas:
            text = gettext("No process keeps an index up to date: titles are searched meanwhile.")
            return [ReceiptLine(gettext("Search: the index"), "waiting", detail=text)]
        lines = []
        for replica in replicas:
            label = gettext("Search: the index of %(name)s") % {"name": replica.name}
            if replica.position >= row.seq:
                lines.append(ReceiptLine(label, "done"))
                continue
            text = gettext("%(number)s changes to go.") % {"number": row.seq - replica.position}
            if replica.seen_at is not None:
                text += " " + gettext("The indexer was seen last at %(time)s.") % {
                    "time": f"{replica.seen_at.astimezone():%H:%M:%S}"
                }
            lines.append(ReceiptLine(label, "waiting", detail=text))
        return lines
