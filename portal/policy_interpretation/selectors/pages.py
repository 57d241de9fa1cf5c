"""What the public pages of documents show."""

from typing import Any

from django.http import HttpRequest

from portal.plugin_api import PortalContext
from portal.policy_interpretation.models import PolicyPage


def policy_context(page: PolicyPage, request: HttpRequest, portal: PortalContext) -> dict[str, Any]:
    """Clauses, validity and bodies of a document as of today."""
    return {"clauses": page.clauses(), "validity": page.validity(), "bodies": page.body_names()}
