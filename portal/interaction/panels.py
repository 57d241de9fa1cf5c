"""Panel of the editors' first page: letters that wait for the reader."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from .permissions import works_on_letters
from .selectors.desk import Counts, counts, for_list, in_order, my_letters

_LIMIT = 6


class _Panel(Component):
    name = "interaction-letters"
    template_name = "interaction/admin/panel.html"

    def __init__(self, order: int, rows: list[Any], numbers: Counts, duties: list[Any]) -> None:
        self.order, self.rows, self.numbers, self.duties = order, rows, numbers, duties

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"panel": self}


class MyLetters:
    """Open letters of the reader, what is overdue and escalated, and the daily look."""

    order = 102

    def panel(self, request: HttpRequest) -> _Panel | None:
        from .admin.lists import duties, shown

        if not works_on_letters(request.user):
            return None
        found = in_order(for_list(my_letters(request.user)))[:_LIMIT]
        rows = shown(list(found), request.user)
        missing = [duty["site"] for duty in duties(request.user) if not duty["done"]]
        numbers = counts(request.user)
        if not rows and not missing and not numbers.overdue:
            return None
        return _Panel(self.order, rows, numbers, missing)
