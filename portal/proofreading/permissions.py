"""Who may have texts looked through, give reasons and keep the lists."""

from typing import Any

from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from portal.plugin_api import Action, sites_allowing


def may_write(user: Any) -> bool:
    """Whoever writes or changes pages somewhere."""
    for action in (Action.PAGE_CHANGE, Action.PAGE_ADD):
        sites = sites_allowing(user, action)
        if sites is None or sites:
            return True
    return False


def may_answer_for(user: Any, page: Page) -> bool:
    """Who may edit a page, or publish it, may say why something in it is right."""
    tester = page.permissions_for_user(user)
    return bool(tester.can_edit() or tester.can_publish())


def file_policy() -> Any:
    return policy_registry.get_by_type(get_document_model())


def keeps_files(user: Any) -> bool:
    return bool(file_policy().user_has_any_permission(user, ["add", "change"]))


def keeps_lists(user: Any) -> bool:
    """Lists hold on all sites: those who run the platform keep them."""
    return sites_allowing(user, Action.SITE_SETTINGS) is None
