"""Tables of the plugin in the admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, PlatformRolePolicy

from .models import PolicyTheme

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(PolicyTheme, PlatformRolePolicy(PolicyTheme, Action.SITE_SETTINGS))


class ThemeForm(WagtailAdminModelForm):
    """A code stays: documents are known by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = not self.instance._state.adding


PolicyTheme.base_form_class = ThemeForm  # type: ignore[attr-defined]


class ThemeViewSet(ModelViewSet):
    """Names of themes: regions rename a class and add subclasses. Codes in use stay."""

    model = PolicyTheme
    url_prefix = "policy-themes"
    icon = "tag"
    menu_label = _("Policy themes")
    add_to_settings_menu = True
    menu_order = 640
    list_display = ["code", "name", "parent"]
    search_fields = ["code", "name"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [FieldPanel("code"), FieldPanel("name"), FieldPanel("parent")]
