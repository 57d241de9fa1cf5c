"""What a site sets for its services."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy
from portal.services.models import ServiceSettings

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(ServiceSettings, RolePolicy(ServiceSettings, Action.SITE_SETTINGS))


class SettingsForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


ServiceSettings.base_form_class = SettingsForm  # type: ignore[attr-defined]


class ServiceSettingsViewSet(OwnViewSet):
    model = ServiceSettings
    url_prefix = "service-settings"
    icon = "cog"
    menu_label = _("Settings of services")
    add_to_settings_menu = True
    menu_order = 646
    list_display = ["site", "figures_months"]
    panels = [FieldPanel("site"), FieldPanel("figures_months")]
