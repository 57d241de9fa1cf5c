"""What differs, in the form of the page, below the field it stands in."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from .models import Finding
from .selectors import findings_by_part


class FindingsPanel(Panel):
    """The differing figures as they were at the last save; nothing where none are.

    ``part`` is the field it stands below; empty: whatever part the figures are in.
    """

    def __init__(self, part: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.part = part

    def clone_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().clone_kwargs()
        return kwargs | {"part": self.part}

    class BoundPanel(Panel.BoundPanel):
        template_name = "policy_interpretation/admin/findings_panel.html"

        def is_shown(self) -> bool:
            return bool(self.findings)

        @property
        def findings(self) -> list[Finding]:
            page = self.instance
            if not page.pk:
                return []
            # One query for all fields of the form.
            if not hasattr(page, "_differing_figures"):
                page._differing_figures = findings_by_part(page, str(page.pk))
            parts: dict[str, list[Finding]] = page._differing_figures
            if self.panel.part:
                return parts.get(self.panel.part, [])
            return [finding for found in parts.values() for finding in found]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["findings"] = self.findings
            context["url"] = reverse(
                "policy_interpretation_figures", args=[self.findings[0].text_id]
            )
            return context
