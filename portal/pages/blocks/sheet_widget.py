"""The field for rows of a spreadsheet: paste them, or have a CSV or XLSX file read."""

from typing import Any

from django.forms import Media, widgets
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from wagtail.admin.staticfiles import versioned_static

__all__ = ["SheetInput"]


class SheetInput(widgets.Textarea):
    """A text area; the script beside it sends a chosen file to be read and puts its rows in."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 6, "spellcheck": "false"} | (attrs or {}))

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        field = super().render(name, value, attrs, renderer)
        context = {"field": field, "read_url": reverse("portal_read_sheet")}
        return render_to_string("portal/admin/sheet_input.html", context)

    @cached_property
    def media(self) -> Media:
        return Media(
            js=[versioned_static("portal/admin/sheet.js")],
            css={"all": [versioned_static("portal/admin/sheet.css")]},
        )
