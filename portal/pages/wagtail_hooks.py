"""The pages' hooks into Wagtail's admin."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .style_guide import views


@hooks.register("register_admin_urls")
def style_guide_urls() -> list[Any]:
    return [
        path("style-guide/", views.guide, name="portal_style_guide"),
        path("style-guide/sheet/", views.sheet, name="portal_style_sheet"),
    ]


@hooks.register("register_admin_menu_item")
def style_guide_item() -> MenuItem:
    return MenuItem(
        _("Style guide"),
        reverse("portal_style_guide"),
        name="style-guide",
        icon_name="view",
        order=1100,
    )
