"""The admin's part of responding to public opinion."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.obligations import may_see_board
from .admin.opinion import HotListView, TopicView
from .opinion_viewsets import PushViewSet, QuestionViewSet, TopicViewSet


@register_wagtail_hook("register_admin_viewset")
def opinion_viewsets() -> list[Any]:
    return [
        TopicViewSet("policy_opinion_topics"),
        QuestionViewSet("policy_hot_questions"),
        PushViewSet("policy_channel_log"),
    ]


@register_wagtail_hook("register_admin_urls")
def opinion_urls() -> list[Any]:
    return [
        path("policies/opinion/<int:pk>/", TopicView.as_view(), name="policy_opinion"),
        path("policies/hot-list/", HotListView.as_view(), name="policy_hot_list"),
    ]


class _OpinionItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_board(request.user)


@register_wagtail_hook("register_reports_menu_item")
def hot_list_menu_item() -> MenuItem:
    return _OpinionItem(
        _("Hot list"), reverse("policy_hot_list"), name="hot-list", icon_name="help", order=630
    )


@register_wagtail_hook("register_reports_menu_item")
def channel_log_menu_item() -> MenuItem:
    return _OpinionItem(
        _("Channel log"),
        reverse("policy_channel_log:index"),
        name="channel-log",
        icon_name="globe",
        order=640,
    )
