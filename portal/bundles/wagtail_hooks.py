"""What the plugin adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from . import release, services
from .permissions import may_include, may_see_some
from .selectors import open_item_of
from .views import BundleFormView, BundlesView, BundleView, JoinView

_ACTIONS = {
    services.LOG_MADE: (_("Made"), _("Made the set")),
    services.LOG_CHANGED: (_("Changed"), _("Changed title, note or embargo of the set")),
    services.LOG_ADDED: (_("Page added"), _("Put a page into the set")),
    services.LOG_REMOVED: (_("Page taken out"), _("Took a page out of the set")),
    services.LOG_HANDED_IN: (
        _("Drafts handed in"),
        _("Handed the drafts of the set in for review"),
    ),
    services.LOG_DISSOLVED: (_("Dissolved"), _("Dissolved the set")),
    release.LOG_RELEASED: (_("Released"), _("Released the set")),
    release.LOG_REFUSED: (_("Not released"), _("The set could not be released")),
    release.LOG_SCHEDULED: (_("Scheduled"), _("Chose the time of the set")),
    release.LOG_UNSCHEDULED: (_("Time taken back"), _("Took the time of the set back")),
    release.LOG_WITHDRAWN: (_("Withdrawn"), _("Withdrew the set")),
}


@register_wagtail_hook("register_log_actions")
def sets_in_history(actions: Any) -> None:
    for action, (label, message) in _ACTIONS.items():
        actions.register_action(action, label, message)


@register_wagtail_hook("register_admin_urls")
def set_urls() -> list[Any]:
    return [
        path("sets/", BundlesView.as_view(), name="bundles_sets"),
        path("sets/new/", BundleFormView.as_view(), name="bundles_add"),
        path("sets/<int:pk>/", BundleView.as_view(), name="bundles_set"),
        path("sets/<int:pk>/change/", BundleFormView.as_view(), name="bundles_change"),
        path("sets/of-page/<int:page_pk>/", JoinView.as_view(), name="bundles_join"),
    ]


class _SetsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_some(request.user)


@register_wagtail_hook("register_admin_menu_item")
def sets_menu_item() -> MenuItem:
    return _SetsItem(
        _("Joint releases"),
        reverse("bundles_sets"),
        name="sets",
        icon_name="folder-open-inverse",
        order=155,
    )


@register_wagtail_hook("register_page_header_buttons")
def set_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """In the editor of what is not public yet: into a set, or to the one that the page is in."""
    if view_name != "edit" or not page.latest_revision_id or page.alias_of_id:
        return
    if page.live and not page.has_unpublished_changes:
        return
    item = open_item_of(page.pk)
    if item is not None:
        label = gettext("In the set “%(set)s”") % {"set": item.bundle.title}
        url = reverse("bundles_set", args=[item.bundle_id])
    elif may_include(user, page):
        label, url = gettext("Add to a set"), reverse("bundles_join", args=[page.pk])
    else:
        return
    yield Button(label, url, icon_name="folder-open-inverse", priority=14)
