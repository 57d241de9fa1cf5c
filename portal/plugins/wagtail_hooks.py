"""The mechanism's own pages in Wagtail's admin."""

# Wagtail has no types:
# mypy: disable-error-code="untyped-decorator"

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter

from . import admin_urls
from .permissions import may_open


class PluginsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_open(request.user)


@hooks.register("register_admin_urls")
def admin_pages() -> list[URLResolver]:
    return [path("plugins/", include(admin_urls))]


@hooks.register("register_settings_menu_item")
def menu_item() -> MenuItem:
    url = reverse("plugins:index")
    return PluginsMenuItem(_("Plugins"), url, name="plugins", icon_name="cogs", order=850)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="plugins", codename="change_pluginswitch"
    )


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action("plugins.switch_on")
    class SwitchedOn(LogFormatter):
        label = _("Switch on plugin")

        def format_message(self, log_entry: Any) -> str:
            return str(_("Switched on the plugin “%(slug)s”") % log_entry.data)

    @actions.register_action("plugins.switch_off")
    class SwitchedOff(LogFormatter):
        label = _("Switch off plugin")

        def format_message(self, log_entry: Any) -> str:
            return str(_("Switched off the plugin “%(slug)s”") % log_entry.data)
