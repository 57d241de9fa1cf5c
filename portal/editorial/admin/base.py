"""What the screens of the editorial office have in common."""

from typing import Any

from django import forms
from django.http import HttpRequest
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

STYLE = forms.Media(css={"all": ["editorial/admin/editorial.css"]})
# The state of a contribution or a task as a colour of Wagtail's status marks.
GOOD, BAD = "w-status--primary", "w-status--critical"


class ScreenMixin(WagtailAdminTemplateMixin):
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


class StyledReportMixin:
    """The same for Wagtail's report views."""

    request: HttpRequest

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


class CellColumn(Column):
    """A cell with a template of its own, which gets the row."""

    def __init__(self, name: str, template: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.cell_template_name = template

    def get_value(self, instance: Any) -> Any:
        return instance
