"""What a site sets for its feeds, in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy

from .models import FeedSettings

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(FeedSettings, RolePolicy(FeedSettings, Action.SITE_SETTINGS))


class SettingsForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


FeedSettings.base_form_class = SettingsForm  # type: ignore[attr-defined]


class FeedSettingsViewSet(OwnViewSet):
    model = FeedSettings
    url_prefix = "feed-settings"
    icon = "rss"
    menu_label = _("Feeds")
    add_to_settings_menu = True
    menu_order = 665
    list_display = ["site", "content", "entries"]
    search_backend_name = None
    panels = [FieldPanel("site"), FieldPanel("content"), FieldPanel("entries")]
