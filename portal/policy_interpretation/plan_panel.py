"""The part of the editor that says which interpretations a document owes, by which rules."""

from typing import Any

from wagtail.admin.panels import Panel


class OwedPanel(Panel):
    """Above the plan: what the rules ask for, and how it stands once the document is public."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "policy_interpretation/admin/owed.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from portal.policy_interpretation.selectors.plans import owed_lines

            context: dict[str, Any] = super().get_context_data(parent_context)
            context["lines"] = owed_lines(self.instance)
            return context
