from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

from .jobs import FORGET_LOG, RANK, READ_LOG


class VisitsConfig(PortalPluginConfig):
    name = "portal.visits"
    verbose_name = _("Website visits")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "visits"
        title = _("Website visits")
        description = _(
            "Counts what is read on the public pages, without cookies, without scripts and without "
            "anything about who reads: figures and plots for editors, lists of what is read most."
        )
        version = "1.0.0"
        level = "platform"
        requires_portal = ">=0.1,<1"
        order = 60
        default_enabled = True
        jobs = (READ_LOG, RANK, FORGET_LOG)
        data = (
            _(
                "How often each public address was read on each day, from which host names and "
                "on what kind of device; nothing about who read it."
            ),
        )
