"""The way to the starters inside the editor's form, where a page has no sections yet."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel


class StarterPanel(Panel):
    """Stands above the sections. Shown for pages that stand, and for new channels.

    New topics have chosen already: they come from the choice (``wagtail_hooks``).
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/starter_panel.html"

        def is_shown(self) -> bool:
            page = self.instance
            if page.pk and getattr(page, "display", "channel") != "channel":
                return False  # a column that is a list
            return not page.sections and bool(self.address)

        @property
        def address(self) -> str:
            if self.instance.pk:
                return reverse("portal_choose_starter", args=[self.instance.pk])
            match = getattr(self.request, "resolver_match", None)
            parent_pk = match.kwargs.get("parent_page_id") if match else None
            if parent_pk is None:
                return ""
            name = self.instance._meta.model_name
            return reverse("portal_choose_starter_for_new", args=[name, parent_pk])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["is_column"] = self.instance.starter_kind == "channel"
            return context
