"""The letters desk in the admin: screens and one menu, together with the comments."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.base import AskedItem
from .admin.figures import FiguresView, QuestionsView, figures_file, questions_file
from .admin.files import letter_file, reply_file
from .admin.letter import LetterView, material_beside, print_letter
from .admin.lists import AllView, AssignManyView, MineView, confirm_duty, export
from .admin.publish import PublishView, make_question
from .admin.settings import (
    HookViewSet,
    KeysView,
    OtherChannelViewSet,
    ProfileViewSet,
    TemplateViewSet,
    sets_somewhere,
)
from .hooks_comments import comment_items
from .permissions import works_on_letters
from .services.keys import LOG_MADE, LOG_SWITCHED


@register_wagtail_hook("register_admin_viewset")
def settings_screens() -> list[Any]:
    return [
        ProfileViewSet("interaction_profiles"),
        OtherChannelViewSet("interaction_channels"),
        TemplateViewSet("interaction_templates"),
        HookViewSet("interaction_hooks"),
    ]


@register_wagtail_hook("register_admin_urls")
def desk_urls() -> list[Any]:
    table = "<interaction_table:kind>"
    return [
        path("letters/", MineView.as_view(), name="interaction_mine"),
        path("letters/all/", AllView.as_view(), name="interaction_all"),
        path(f"letters/letters.{table}", export, name="interaction_letters_file"),
        path("letters/assign/", AssignManyView.as_view(), name="interaction_assign"),
        path("letters/duty/", confirm_duty, name="interaction_duty"),
        path("letters/figures/", FiguresView.as_view(), name="interaction_desk_figures"),
        path(f"letters/figures.{table}", figures_file, name="interaction_figures_file"),
        path("letters/questions/", QuestionsView.as_view(), name="interaction_questions"),
        path(f"letters/questions.{table}", questions_file, name="interaction_questions_file"),
        path("letters/keys/", KeysView.as_view(), name="interaction_keys"),
        path("letters/<int:pk>/", LetterView.as_view(), name="interaction_letter"),
        path("letters/<int:pk>/material/", material_beside, name="interaction_material"),
        path("letters/<int:pk>/print/", print_letter, name="interaction_letter_print"),
        path("letters/<int:pk>/publish/", PublishView.as_view(), name="interaction_publish"),
        path("letters/<int:pk>/question/", make_question, name="interaction_question"),
        path("letters/files/<int:pk>/", letter_file, name="interaction_letter_file"),
        path("letters/reply-files/<int:pk>/", reply_file, name="interaction_reply_file"),
    ]


def _works(request: HttpRequest) -> bool:
    return works_on_letters(request.user)


def _sets(request: HttpRequest) -> bool:
    return sets_somewhere(request.user)


def _items() -> list[MenuItem]:
    rows = (
        (_("My letters"), "interaction_mine", "mail", 10, _works),
        (_("All letters"), "interaction_all", "list-ul", 20, _works),
        (_("Figures of letters"), "interaction_desk_figures", "view", 30, _works),
        (_("Questions and hot topics"), "interaction_questions", "help", 40, _works),
        (_("Templates for replies"), "interaction_templates:index", "form", 70, _sets),
        (_("Kinds of letters"), "interaction_profiles:index", "cog", 75, _sets),
        (_("Channels of their own"), "interaction_channels:index", "redirect", 80, _sets),
        (_("Programs that are told"), "interaction_hooks:index", "link", 85, _sets),
        (_("Keys of programs"), "interaction_keys", "key", 90, _sets),
    )
    own: list[MenuItem] = [
        AskedItem(
            label,
            reverse(name),
            name=name.replace("_", "-").replace(":", "-"),
            icon_name=icon,
            order=order,
            asked=asked,
        )
        for label, name, icon, order, asked in rows
    ]
    return own + comment_items()


@register_wagtail_hook("register_admin_menu_item")
def letters_menu_item() -> MenuItem:
    return SubmenuMenuItem(
        _("Letters and comments"),
        Menu(items=_items()),
        name="letters",
        icon_name="mail",
        order=154,
    )


@register_wagtail_hook("register_log_actions")
def keys_in_history(actions: Any) -> None:
    actions.register_action(LOG_MADE, _("Key made"), _("Made a key for a program"))
    actions.register_action(LOG_SWITCHED, _("Key switched"), _("Switched a key on or off"))
