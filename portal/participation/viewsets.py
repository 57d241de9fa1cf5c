"""What administrators set, in the admin: days, service teams, yearly numbers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from portal.plugin_api import (
    Action,
    OwnSitesForm,
    OwnViewSet,
    PlatformRolePolicy,
    RolePolicy,
    may,
    site_of_path,
)

from .models import ParticipationSettings, ServiceTeam, YearlyNumber

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(
    ParticipationSettings, RolePolicy(ParticipationSettings, Action.SITE_SETTINGS)
)
register_permission_policy(ServiceTeam, RolePolicy(ServiceTeam, Action.SITE_SETTINGS))
register_permission_policy(YearlyNumber, PlatformRolePolicy(YearlyNumber, Action.SITE_SETTINGS))


class SettingsForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


class TeamForm(OwnSitesForm):
    """The column says which site it is."""

    site_action = Action.SITE_SETTINGS

    def clean_column(self) -> Page:
        column: Page = self.cleaned_data["column"]
        site = site_of_path(column.path)
        if site is None or not may(self.for_user, self.site_action, site):
            raise ValidationError(gettext("This column does not belong to a site of yours."))
        self.instance.site_id = site
        return column


ParticipationSettings.base_form_class = SettingsForm  # type: ignore[attr-defined]
ServiceTeam.base_form_class = TeamForm  # type: ignore[attr-defined]


class SettingsViewSet(OwnViewSet):
    model = ParticipationSettings
    url_prefix = "participation-settings"
    icon = "cog"
    menu_label = _("Participation")
    add_to_settings_menu = True
    menu_order = 660
    list_display = ["site", "decision_days", "interview_notice_days", "contact_days"]
    search_backend_name = None
    panels = [
        FieldPanel("site"),
        FieldPanel("decision_days"),
        FieldPanel("interview_notice_days"),
        FieldPanel("contact_days"),
    ]


class TeamViewSet(OwnViewSet):
    model = ServiceTeam
    url_prefix = "participation-teams"
    icon = "group"
    menu_label = _("Service teams of columns")
    add_to_settings_menu = True
    menu_order = 661
    list_display = ["column", "site", "unit"]
    search_backend_name = None
    panels = [
        PageChooserPanel("column", ["pages.ColumnPage", "pages.TopicPage"]),
        FieldPanel("unit"),
        FieldPanel("persons"),
        FieldPanel("intake"),
    ]


class NumberViewSet(ModelViewSet):
    """The four numbers are there; they are changed, neither added nor taken away."""

    model = YearlyNumber
    url_prefix = "participation-numbers"
    icon = "list-ol"
    menu_label = _("Yearly numbers of participation")
    add_to_settings_menu = True
    menu_order = 662
    list_display = ["counted", "site_class", "number"]
    search_backend_name = None
    copy_view_enabled = False
    inspect_view_enabled = False
    panels = [FieldPanel("number")]

    def get_urlpatterns(self) -> list[Any]:
        return [
            pattern
            for pattern in super().get_urlpatterns()
            if getattr(pattern, "name", "") not in {"add", "delete"}
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        common["add_url_name"] = common["delete_url_name"] = None
        return common
