"""The assistant on other websites: who is on the list, and where the list is kept."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from portal.plugin_api import Action, OwnSitesForm, OwnViewSet, RolePolicy

from .models import EmbedOrigin

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(EmbedOrigin, RolePolicy(EmbedOrigin, Action.SITE_SETTINGS))


def is_listed(request: HttpRequest, origin: str) -> bool:
    """Whether a website may talk to the assistant of some site; which one is asked later."""
    return EmbedOrigin.objects.filter(origin=origin).exists()


def foreign_origin(request: HttpRequest) -> str:
    """The website whose page sent the request; "" for the portal's own."""
    origin = request.headers.get("Origin", "")
    return "" if not origin or urlsplit(origin).netloc == request.get_host() else origin


class EmbedOriginForm(OwnSitesForm):
    site_action = Action.SITE_SETTINGS


EmbedOrigin.base_form_class = EmbedOriginForm  # type: ignore[attr-defined]


class EmbedOriginViewSet(OwnViewSet):
    model = EmbedOrigin
    url_prefix = "assistant-websites"
    icon = "code"
    menu_label = _("Websites with the assistant")
    add_to_settings_menu = True
    menu_order = 646
    list_display = ["origin", "site", "note"]
    list_filter = ["site"]
    search_fields = ["origin", "note"]
    search_backend_name = None
    panels = EmbedOrigin.panels


def embed_origins() -> EmbedOriginViewSet:
    return EmbedOriginViewSet("assistant_websites")
