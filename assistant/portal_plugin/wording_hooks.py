"""The admin: what the assistant says."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.wordings import WordingsItem, WordingsView, WordingView


def wording_urls() -> list[Any]:
    return [
        path("assistant/wordings/", WordingsView.as_view(), name="assistant_wordings"),
        path(
            "assistant/wordings/<slug:place>/",
            WordingsView.as_view(),
            name="assistant_wordings_of",
        ),
        path(
            "assistant/wordings/<slug:place>/<str:key>/",
            WordingView.as_view(),
            name="assistant_wording",
        ),
    ]


def wordings_menu_item() -> MenuItem:
    return WordingsItem(
        _("What the assistant says"),
        reverse("assistant_wordings"),
        name="assistant-wordings",
        icon_name="comment",
        order=641,
    )


# Called, not used as decorators: Wagtail's have no types.
register_wagtail_hook("register_admin_urls")(wording_urls)
register_wagtail_hook("register_settings_menu_item")(wordings_menu_item)
