"""The page types' hooks into Wagtail's admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from .importing import hooks as importing_hooks
from .models import TopicPage
from .starters import views
from .style_guide.views import guide, sheet

__all__ = ["importing_hooks"]  # imported for what it registers


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path(
            "starters/<str:model_name>/<int:parent_page_id>/new/",
            views.ChooseForNewView.as_view(),
            name="portal_choose_starter_for_new",
        ),
        path(
            "starters/<slug:key>/<str:model_name>/<int:parent_page_id>/new/",
            views.NewFromStarterView.as_view(),
            name="portal_new_from_starter",
        ),
        path(
            "starters/<int:page_id>/",
            views.ChooseForPageView.as_view(),
            name="portal_choose_starter",
        ),
        path(
            "starters/<slug:key>/<int:page_id>/",
            views.PageFromStarterView.as_view(),
            name="portal_page_from_starter",
        ),
    ]


@hooks.register("before_create_page")
def topics_begin_with_a_starter(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    """Wagtail has checked before that this page may be made here."""
    match = request.resolver_match
    is_form = match is not None and match.view_name == "wagtailadmin_pages:add"
    if page_class is not TopicPage or request.method != "GET" or not is_form:
        return None
    if "starter" in request.GET:
        return None
    address = reverse("portal_choose_starter_for_new", args=["topicpage", parent.pk])
    query = request.GET.dict()
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@hooks.register("register_admin_urls")
def style_guide_urls() -> list[Any]:
    return [
        path("style-guide/", guide, name="portal_style_guide"),
        path("style-guide/sheet/", sheet, name="portal_style_sheet"),
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
