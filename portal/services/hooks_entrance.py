"""Screens for the exchange, the platforms and the ratings of services."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from portal.plugin_api import register_wagtail_hook

from .admin import exchange, platform_exchange, platforms, ratings


@register_wagtail_hook("register_admin_viewset")
def entrance_viewsets() -> list[Any]:
    return [platforms.PlatformViewSet("services_platforms")]


@register_wagtail_hook("register_admin_urls")
def entrance_urls() -> list[Any]:
    return [
        path("service-ratings/", ratings.RatingsView.as_view(), name="services_ratings"),
        path("service-ratings/<int:pk>/", ratings.RatingView.as_view(), name="services_rating"),
        *platforms.urls,
        *platform_exchange.urls,
        *exchange.urls,
    ]


@register_wagtail_hook("register_reports_menu_item")
def ratings_menu_item() -> MenuItem:
    return ratings.RatingsItem(
        _("Ratings of services"),
        reverse("services_ratings"),
        name="service-ratings",
        icon_name="comment",
        order=660,
    )


@register_wagtail_hook("register_reports_menu_item")
def exchange_menu_item() -> MenuItem:
    return exchange.ExchangeItem(
        _("Bring in service guides"),
        reverse("services_imports"),
        name="service-imports",
        icon_name="upload",
        order=670,
    )


@register_wagtail_hook("register_settings_menu_item")
def platforms_menu_item() -> MenuItem:
    return platforms.PlatformsItem(
        _("Service platforms"),
        reverse("services_platforms:index"),
        name="service-platforms",
        icon_name="link",
        order=720,
    )
