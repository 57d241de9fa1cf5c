"""The editors' first page: what should be everywhere by now and is not."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from portal.plugin_api import Action, is_enabled, sites_allowing

from .models import Receipt
from .permissions import SLUG
from .selectors.receipts import late

LIMIT = 8


class _Late(Component):
    name = "receipts-late"
    template_name = "receipts/admin/late_panel.html"

    def __init__(self, order: int, rows: list[Receipt]) -> None:
        self.order, self.rows = order, rows
        self.url = f"{reverse('receipts')}?late=1"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class LatePanel:
    """For those who change pages, of the Chinese pages of their sites. One query."""

    order = 130

    def panel(self, request: HttpRequest) -> _Late | None:
        sites = sites_allowing(request.user, Action.PAGE_CHANGE)
        own = None if sites is None else [pk for pk in sites if is_enabled(SLUG, pk)]
        if own is not None and not own:
            return None
        found = late(own).select_related("publication")
        if sites is not None:
            found = found.filter(publication__language=settings.LANGUAGE_CODE)
        rows = list(found[:LIMIT])
        return _Late(self.order, rows) if rows else None
