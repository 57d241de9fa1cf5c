from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

from .jobs import CATCH_UP, COUNT_READERS, FOLLOW_DEADLINES, WATCH_SECTIONS
from .translators import hosts


class ForeignConfig(PortalPluginConfig):
    name = "portal.foreign"
    label = "foreign"
    verbose_name = _("Foreign languages")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "foreign"
        title = _("Foreign languages")
        description = _(
            "Sections in other languages with columns of their own, fed by the Chinese core "
            "content, paragraph by paragraph in step with it; traditional Chinese by conversion."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 30
        default_enabled = True
        jobs = (
            CATCH_UP,
            COUNT_READERS,
            FOLLOW_DEADLINES,
            WATCH_SECTIONS,
        )
        outbound_hosts = hosts(settings.PORTAL_TRANSLATOR)
        language_urls = "portal.foreign.language_urls"
