"""The public page of an entry."""

from typing import Any

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import PageTag, PortalContext


def tags_of(page: QuestionPage, portal: PortalContext) -> list[PageTag]:
    """The content tags of the national page-tag standard."""
    return []


def entry_context(page: QuestionPage, portal: PortalContext) -> dict[str, Any]:
    """What the template shows beside the page's own fields."""
    return {}
