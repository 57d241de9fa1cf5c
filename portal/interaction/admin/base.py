"""What the screens of letters and comments have in common."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.interaction.selectors.desk import COUNTED

STYLE = forms.Media(css={"all": ["interaction/admin.css"]})
PER_PAGE = 25
# A table is made as a whole before it is sent.
MOST_EXPORTED = 20_000


class ScreenMixin(WagtailAdminTemplateMixin):
    """A screen with our styles; subclasses set ``template_name`` and ``page_title``."""

    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


class AskedItem(MenuItem):
    """An entry of the menu, shown where ``asked(request)`` says so."""

    def __init__(self, *args: Any, asked: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = asked

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self._asked(request))


class Window:
    """One page of a long list, without counting the list: its rows and whether there are more."""

    def __init__(self, rows: Any, asked: str, size: int = PER_PAGE) -> None:
        self.number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1
        start = (self.number - 1) * size
        # First which, then what: whole rows of all that fit would be carried through the sorting.
        found = list(rows.values_list("pk", flat=True)[start : start + size + 1])
        self.rows, self.has_next = list(rows.filter(pk__in=found[:size])), len(found) > size
        self.has_previous = self.number > 1

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1


def too_many(request: HttpRequest, rows: Any) -> bool:
    """Whether a list is too long for a file; says so: a file that was cut looks like the whole."""
    is_long: bool = rows.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED
    if is_long:
        messages.error(
            request,
            _("No file was made: the list has more than %(most)d rows. Narrow it, by unit or "
              "kind say, and fetch the parts.")
            % {"most": MOST_EXPORTED},
        )  # fmt: skip
    return is_long


def counted(rows: Any) -> str:
    """How many rows there are, "100+" where there are more than need to be told apart."""
    # In their order: the index that gives the first of them gives their number.
    number = rows[: COUNTED + 1].count()
    return f"{COUNTED}+" if number > COUNTED else str(number)
