"""What the plugin adds to Wagtail's admin, by subject."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from . import (  # noqa: F401 - register
    cascade_hooks,
    disclosure_hooks,
    document_hooks,
    import_hooks,
    obligation_hooks,
    opinion_hooks,
    product_hooks,
)
from .viewsets import ThemeViewSet
from .watch.admin import (
    FiguresMenuItem,
    FindingListView,
    TextView,
    WatchSettingViewSet,
    page_figures,
)
from .watch.saving import check_page


@register_wagtail_hook("register_admin_viewset")
def themes() -> ThemeViewSet:
    return ThemeViewSet("policy_themes")


@register_wagtail_hook("register_admin_viewset")
def figures_setting() -> WatchSettingViewSet:
    return WatchSettingViewSet("policy_figures_setting")


@register_wagtail_hook("register_admin_urls")
def figures_urls() -> list[Any]:
    return [
        path("figures/of/<int:pk>/", page_figures, name="policy_interpretation_page_figures"),
        path("figures/<int:pk>/", TextView.as_view(), name="policy_interpretation_figures"),
        path(
            "reports/figures/",
            FindingListView.as_view(),
            name="policy_interpretation_figures_list",
        ),
        path(
            "reports/figures/results/",
            FindingListView.as_view(results_only=True),
            name="policy_interpretation_figures_results",
        ),
    ]


@register_wagtail_hook("register_reports_menu_item")
def figures_menu_item() -> FiguresMenuItem:
    return FiguresMenuItem(
        _("Numbers and contacts"),
        reverse("policy_interpretation_figures_list"),
        name="figures",
        icon_name="warning",
        order=45,
    )


@register_wagtail_hook("after_create_page")
def figures_of_new_page(request: HttpRequest, page: Page) -> None:
    check_page(page)


@register_wagtail_hook("after_edit_page")
def figures_of_edited_page(request: HttpRequest, page: Page) -> None:
    check_page(page)
