"""What the store says in the receipt of a publication."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal.plugin_api import ReceiptLine

from .store.keeping import store


class StoreLines:
    """Whether the finished page of this machine is the new one."""

    order = 20

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        label = _("Finished page")
        if not settings.PORTAL_PAGE_STORE or publication.page_id is None:
            return (ReceiptLine(label, "none", detail=_("Pages are rendered for each visitor.")),)
        entries = store().index.entries_of_page(publication.page_id)
        if not entries:
            return (
                ReceiptLine(
                    label,
                    "done",
                    detail=_(
                        "No earlier copy is left. The next visitor gets the new page, which is "
                        "stored by then."
                    ),
                ),
            )
        if any(entry.stale_since for entry in entries):
            return (ReceiptLine(label, "waiting", detail=_("The page is being rendered anew.")),)
        newest = max(entry.stored_at for entry in entries)
        at = datetime.datetime.fromtimestamp(newest, tz=datetime.UTC)
        if at < publication.since:
            return (ReceiptLine(label, "waiting", detail=_("An earlier copy is still stored.")),)
        return (ReceiptLine(label, "done", at=at),)
