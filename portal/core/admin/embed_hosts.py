"""The platform's list of websites that may be shown inside pages."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.permissions import register_permission_policy

from portal.core.models import EmbedHost
from portal.core.permissions import PlatformPolicy
from portal.core.roles import Action

from .viewsets import OwnViewSet

register_permission_policy(EmbedHost, PlatformPolicy(EmbedHost, Action.EMBED_HOSTS))


class EmbedHostViewSet(OwnViewSet):
    """One list for all sites: what another website learns of visitors concerns the whole city."""

    model = EmbedHost
    name = "embed_hosts"
    url_prefix = "embed-hosts"
    icon = "code"
    menu_label = _("Websites inside pages")
    list_display = ["name", "address_pattern", "frame_pattern", "is_allowed"]
    panels = [
        FieldPanel("name"),
        FieldPanel("address_pattern"),
        FieldPanel("frame_pattern"),
        FieldPanel("is_allowed"),
    ]
