"""The admin: Wagtail's own hooks, through the guard that knows the switch."""

from portal.plugin_api import register_wagtail_hook

from . import obligation_hooks, opinion_hooks  # noqa: F401 - their hooks register themselves
from .viewsets import ThemeViewSet


@register_wagtail_hook("register_admin_viewset")
def themes() -> ThemeViewSet:
    return ThemeViewSet("policy_themes")
