"""The admin: Wagtail's own hooks, through the guard that knows the switch; by subject."""

from portal.plugin_api import register_wagtail_hook

from . import document_hooks, product_hooks  # noqa: F401 - register
from .viewsets import ThemeViewSet


@register_wagtail_hook("register_admin_viewset")
def themes() -> ThemeViewSet:
    return ThemeViewSet("policy_themes")
