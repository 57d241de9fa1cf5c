"""Service platforms in the admin: where, through which adaptor, how they are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy, may, sites_allowing
from portal.services import platforms
from portal.services.models import ServicePlatform

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(ServicePlatform, RolePolicy(ServicePlatform, Action.SITE_SETTINGS))

# Only such variables: no form may send any secret of the machine to an address of its own.
SECRET_PREFIX = "PORTAL_SERVICES_KEY_"  # noqa: S105 - a prefix, no secret


class PlatformForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["adaptor"]
        self.fields["adaptor"] = forms.ChoiceField(
            label=field.label, choices=platforms.adaptor_choices()
        )
        self.fields["secret_name"].help_text = _(
            "The key itself is not stored. The name begins with %(prefix)s."
        ) % {"prefix": SECRET_PREFIX}

    def clean_secret_name(self) -> str:
        name: str = self.cleaned_data["secret_name"].strip()
        if name and not name.startswith(SECRET_PREFIX):
            raise ValidationError(_("The name begins with %(prefix)s.") % {"prefix": SECRET_PREFIX})
        return name

    def clean_options(self) -> Any:
        options = self.cleaned_data["options"]
        if options in (None, ""):
            return {}
        if not isinstance(options, dict):
            raise ValidationError(_("Options are pairs of name and value, such as {}."))
        return options


ServicePlatform.base_form_class = PlatformForm  # type: ignore[attr-defined]


class PlatformViewSet(OwnViewSet):
    model = ServicePlatform
    url_prefix = "service-platforms"
    icon = "link"
    menu_label = _("Service platforms")
    list_display = [
        TitleColumn(
            "name",
            label=_("Name"),
            get_url=lambda row: reverse("services_platforms:edit", args=[row.pk]),
        ),
        "site",
        TitleColumn(
            "exchange",
            label=_("Exchange"),
            accessor=lambda row: gettext("items, guides, certificates") if row.is_active else "",
            get_url=lambda row: (
                reverse("services_platform_exchange", args=[row.pk]) if row.is_active else None
            ),
        ),
        Column(
            "adaptor",
            label=_("Adaptor"),
            accessor=lambda row: platforms.name_of_adaptor(row.adaptor),
        ),
        "is_active",
        Column("is_well", label=_("Well"), accessor="is_well"),
        Column("health_note", label=_("What it said"), accessor="health_note"),
        Column("checked_at", label=_("Asked"), accessor="checked_at"),
    ]
    search_fields = ["name"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("site")]),
        FieldPanel("adaptor"),
        FieldPanel("address"),
        FieldPanel("secret_name"),
        FieldPanel("options"),
        FieldPanel("is_active"),
    ]
    index_template_name = "services/admin/platforms.html"


@require_POST
def ask_platforms(request: HttpRequest) -> HttpResponse:
    """Ask all platforms of the own sites now, instead of at the next half hour."""
    sites = sites_allowing(request.user, Action.SITE_SETTINGS)
    if sites is not None and not sites:
        raise PermissionDenied
    for row in ServicePlatform.objects.filter(is_active=True):
        if may(request.user, Action.SITE_SETTINGS, row.site_id):
            platforms.check(row)
    messages.success(request, gettext("Asked; the list says how they are."))
    return HttpResponseRedirect(reverse("services_platforms:index"))


urls = [path("service-platforms/ask/", ask_platforms, name="services_ask_platforms")]


class PlatformsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        sites = sites_allowing(request.user, Action.SITE_SETTINGS)
        return sites is None or bool(sites)
