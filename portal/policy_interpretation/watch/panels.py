"""What differs, in the form of the page, below the field it stands in."""

from typing import Any, ClassVar

from django.urls import reverse
from wagtail.admin.panels import Panel

from .models import Finding
from .selectors import findings_by_part


class FindingsPanel(Panel):
    """The differing figures as they were at the last save, autosaves too; nothing where none are.

    ``part`` is the field it stands below; empty: whatever part the figures are in.
    """

    def __init__(self, part: str = "", **kwargs: Any) -> None:
        # The style hides it as long as it is empty.
        super().__init__(**{"classname": "policy-findings"} | kwargs)
        self.part = part

    def clone_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().clone_kwargs()
        return kwargs | {"part": self.part}

    class BoundPanel(Panel.BoundPanel):
        template_name = "policy_interpretation/admin/findings_panel.html"

        class Media:
            js: ClassVar[list[str]] = ["policy_interpretation/admin/findings.js"]
            css: ClassVar[dict[str, list[str]]] = {
                "all": ["policy_interpretation/admin/findings.css"]
            }

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            # One query for all fields of the form.
            if not hasattr(page, "_differing_figures"):
                page._differing_figures = findings_by_part(page, str(page.pk))
            address = reverse("policy_interpretation_page_figures", args=[page.pk])
            return (
                context
                | {"part": self.panel.part, "address": address}
                | panel_context(page._differing_figures, self.panel.part)
            )


def panel_context(parts: dict[str, list[Finding]], part: str) -> dict[str, Any]:
    """What the template of the differences of one field shows; ``part`` "": of all fields."""
    found = parts.get(part, []) if part else [one for rows in parts.values() for one in rows]
    if not found:
        return {"findings": []}
    url = reverse("policy_interpretation_figures", args=[found[0].text_id])
    return {
        "findings": found,
        "differing": [one for one in found if not one.is_missing],
        "unknown": [one for one in found if one.is_missing],
        "url": url,
    }
