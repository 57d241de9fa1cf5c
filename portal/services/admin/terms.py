"""The word lists in the admin: shared by all sites, kept by whoever runs the platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.plugin_api import SERVICE_ICONS, Action, PlatformRolePolicy
from portal.services.models import ServiceTerm


class TermPolicy(PlatformRolePolicy):
    """Nothing is deleted: guides and addresses name words. What is not wanted is not offered."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(ServiceTerm, TermPolicy(ServiceTerm, Action.SITE_SETTINGS))


class TermForm(WagtailAdminModelForm):
    """List and key stay: guides and addresses know a word by them."""

    icon = forms.ChoiceField(
        label=_("icon"), required=False, choices=[("", _("no icon")), *SERVICE_ICONS]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_old = not self.instance._state.adding
        self.fields["dimension"].disabled = self.fields["key"].disabled = is_old


ServiceTerm.base_form_class = TermForm  # type: ignore[attr-defined]


class TermViewSet(ModelViewSet):
    model = ServiceTerm
    url_prefix = "service-terms"
    icon = "tag"
    menu_label = _("Service lists")
    add_to_settings_menu = True
    menu_order = 645
    list_display = ["label", "dimension", "english_label", "key", "rank", "is_offered"]
    list_filter = ["dimension", "is_offered"]
    search_fields = ["key", "label", "english_label"]
    search_backend_name = None
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("dimension"), FieldPanel("key")]),
        FieldRowPanel([FieldPanel("label"), FieldPanel("english_label")]),
        FieldPanel("explanation"),
        FieldRowPanel([FieldPanel("icon"), FieldPanel("rank")]),
        FieldPanel("is_offered"),
    ]
