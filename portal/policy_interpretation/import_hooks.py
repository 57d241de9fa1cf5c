"""The admin: bringing in policy documents from files."""

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

from .admin import imports
from .admin.import_item import ItemView
from .models import PolicyPage
from .selectors.imports import may_bring_into, may_see_imports


@register_wagtail_hook("register_admin_urls")
def import_urls() -> list[Any]:
    return [
        path("policies/imports/", imports.ImportsView.as_view(), name="policy_imports"),
        path("policies/imports/<int:pk>/", imports.BatchView.as_view(), name="policy_import"),
        path("policies/imports/<int:pk>/files/", imports.add, name="policy_import_add"),
        path(
            "policies/imports/<int:pk>/progress/",
            imports.batch_progress,
            name="policy_import_progress",
        ),
        path("policies/imports/items/<int:pk>/", ItemView.as_view(), name="policy_import_item"),
        path(
            "policies/imports/items/<int:pk>/file/",
            imports.original,
            name="policy_import_original",
        ),
    ]


class _ImportsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_imports(request.user)


@register_wagtail_hook("register_admin_menu_item")
def imports_menu_item() -> MenuItem:
    return _ImportsItem(
        _("Bring in policies"),
        reverse("policy_imports"),
        name="policy-imports",
        icon_name="upload",
        order=150,
    )


@register_wagtail_hook("register_page_header_buttons")
def import_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """At a column: bring documents in. At a document: a new text of it."""
    if isinstance(page, PolicyPage):
        rights = page.permissions_for_user(user)
        if page.alias_of_id is None and page.pk and rights.can_edit():
            yield Button(
                gettext("New text from a file"),
                f"{reverse('policy_imports')}?target={page.pk}",
                icon_name="upload",
                priority=15,
            )
    elif page.pk and not page.is_root():
        specific = page.specific
        if may_bring_into(user, specific):
            yield Button(
                gettext("Bring in policies"),
                f"{reverse('policy_imports')}?column={page.pk}",
                icon_name="upload",
                priority=17,
            )
