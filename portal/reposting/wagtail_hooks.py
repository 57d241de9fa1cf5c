"""Reposting in the admin: screens and one menu for all of them."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.deliveries import DeliveriesScreen, DeliveryScreen
from .admin.orders import NewOrderScreen, OrderScreen, OrdersScreen
from .admin.queue import ItemScreen, QueueScreen
from .admin.report import SpeedScreen
from .admin.submissions import (
    NewSubmissionScreen,
    SubmissionScreen,
    SubmissionsScreen,
    submission_file,
)
from .admin.watches import WatchesScreen, WatchScreen
from .permissions import reads_somewhere, sees_orders_somewhere, sets_up_somewhere, works_somewhere
from .viewsets import ChannelViewSet, GroupViewSet, SourceViewSet, ask_source, test_channel


@register_wagtail_hook("register_admin_viewset")
def registers() -> list[Any]:
    return [
        SourceViewSet("reposting_sources"),
        GroupViewSet("reposting_groups"),
        ChannelViewSet("reposting_channels"),
    ]


@register_wagtail_hook("register_admin_urls")
def reposting_urls() -> list[Any]:
    new = NewSubmissionScreen.as_view()
    return [
        path("reposting/", QueueScreen.as_view(), name="reposting_queue"),
        path("reposting/items/<int:pk>/", ItemScreen.as_view(), name="reposting_item"),
        path("reposting/compared/", WatchesScreen.as_view(), name="reposting_watches"),
        path("reposting/compared/<int:pk>/", WatchScreen.as_view(), name="reposting_watch"),
        path("reposting/speed/", SpeedScreen.as_view(), name="reposting_speed"),
        path("reposting/orders/", OrdersScreen.as_view(), name="reposting_orders"),
        path("reposting/orders/add/", NewOrderScreen.as_view(), name="reposting_new_order"),
        path("reposting/orders/<int:pk>/", OrderScreen.as_view(), name="reposting_order"),
        path("reposting/submissions/", SubmissionsScreen.as_view(), name="reposting_submissions"),
        path("reposting/submissions/add/", new, name="reposting_new_submission"),
        path(
            "reposting/submissions/<int:pk>/",
            SubmissionScreen.as_view(),
            name="reposting_submission",
        ),
        path(
            "reposting/submissions/<int:pk>/file.json",
            submission_file,
            {"kind": "json"},
            name="reposting_submission_json",
        ),
        path(
            "reposting/submissions/<int:pk>/file.html",
            submission_file,
            {"kind": "html"},
            name="reposting_submission_html",
        ),
        path("reposting/log/", DeliveriesScreen.as_view(), name="reposting_deliveries"),
        path("reposting/log/<int:pk>/", DeliveryScreen.as_view(), name="reposting_delivery"),
        path("reposting/sources/<int:pk>/ask/", ask_source, name="reposting_ask_source"),
        path("reposting/channels/<int:pk>/test/", test_channel, name="reposting_test_channel"),
    ]


class _Item(MenuItem):
    """Shown where ``asked(user)`` says so."""

    def __init__(self, *args: Any, asked: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = asked

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self._asked(request.user))


def _items() -> list[MenuItem]:
    rows = (
        (_("Queue of reposts"), "reposting_queue", "download", works_somewhere),
        (_("Reposts and their sources"), "reposting_watches", "view", works_somewhere),
        (_("How fast reposts were"), "reposting_speed", "clipboard-list", reads_somewhere),
        (_("Orders to repost"), "reposting_orders", "clipboard-list", sees_orders_somewhere),
        (_("Submissions upward"), "reposting_submissions", "arrow-up-big", works_somewhere),
        (_("Log of the channels"), "reposting_deliveries", "list-ul", reads_somewhere),
        (_("Sources of reposts"), "reposting_sources:index", "download", sets_up_somewhere),
        (_("Distribution groups"), "reposting_groups:index", "group", sets_up_somewhere),
        (_("Channels"), "reposting_channels:index", "redirect", sets_up_somewhere),
    )
    return [
        _Item(
            label,
            reverse(name),
            name=name.replace("_", "-").replace(":", "-"),
            icon_name=icon,
            order=10 * number,
            asked=asked,
        )
        for number, (label, name, icon, asked) in enumerate(rows)
    ]


@register_wagtail_hook("register_admin_menu_item")
def reposting_menu_item() -> MenuItem:
    return SubmenuMenuItem(
        _("Reposting and submitting"),
        Menu(items=_items()),
        name="reposting",
        icon_name="redirect",
        order=485,
    )
