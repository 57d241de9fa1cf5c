"""Comments in the admin: one queue for all sites."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, register_converter, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import TABLE_TYPES, register_wagtail_hook

from .admin.base import AskedItem
from .comments.admin import CommentView, PlacesView, QueueView, export, opens_somewhere
from .comments.selectors import reads_comments
from .comments.services import LOG_DECIDED, LOG_REPLIED


class TableKind:
    """A kind of file that tables are given out as."""

    regex = "|".join(TABLE_TYPES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableKind, "interaction_table")


@register_wagtail_hook("register_admin_urls")
def comment_urls() -> list[Any]:
    return [
        path("comments/", QueueView.as_view(), name="interaction_comments"),
        path("comments/places/", PlacesView.as_view(), name="interaction_comment_places"),
        path("comments/<int:pk>/", CommentView.as_view(), name="interaction_comment"),
        path(
            "comments/comments.<interaction_table:kind>", export, name="interaction_comments_file"
        ),
    ]


def _reads(request: HttpRequest) -> bool:
    return reads_comments(request.user)


def _opens(request: HttpRequest) -> bool:
    return opens_somewhere(request.user)


def comment_items() -> list[MenuItem]:
    """Entries of the menu "Letters and comments"."""
    rows = (
        (_("Comments"), "interaction_comments", "comment", 60, _reads),
        (_("Where comments are taken"), "interaction_comment_places", "comment-add", 95, _opens),
    )
    return [
        AskedItem(
            label,
            reverse(name),
            name=name.replace("_", "-"),
            icon_name=icon,
            order=order,
            asked=asked,
        )
        for label, name, icon, order, asked in rows
    ]


@register_wagtail_hook("register_log_actions")
def comments_in_history(actions: Any) -> None:
    actions.register_action(LOG_DECIDED, _("Comment decided"), _("Decided about a comment"))
    actions.register_action(LOG_REPLIED, _("Comment replied to"), _("Replied to a comment"))
