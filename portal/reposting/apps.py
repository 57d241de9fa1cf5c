from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

from .jobs import DELIVER, POLL, RECHECK


class RepostingConfig(PortalPluginConfig):
    name = "portal.reposting"
    label = "reposting"
    verbose_name = _("Reposting and submitting")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "reposting"
        title = _("Reposting and submitting")
        description = _(
            "Watches the feeds of the bodies above, keeps the twelve hours for reposts, compares "
            "reposts with their sources, tracks orders and submissions, and sends what is public "
            "to other channels."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 45
        default_enabled = True
        data = (
            _("What the feeds of other bodies published, and what became of it here."),
            _("What was sent to which channel, and what was answered."),
        )
        jobs = (POLL, DELIVER, RECHECK)
        outbound_hosts = ()
