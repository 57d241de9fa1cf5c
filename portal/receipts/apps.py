from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the labels of the jobs that do it.
FOLLOW = _("Every minute: looks where the latest publications have arrived.")
FORGET = _("Each night: deletes receipts that are older than ninety days.")


class ReceiptsConfig(PortalPluginConfig):
    name = "portal.receipts"
    label = "receipts"
    verbose_name = _("Publishing receipts")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "receipts"
        title = _("Publishing receipts")
        description = _(
            "Tells editors of each publication where it has arrived: page, search, feeds, "
            "languages, and what is still waiting."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 76
        default_enabled = True
        jobs = (FOLLOW, FORGET)
        data = (_("For each publication of the last ninety days: when it arrived where."),)
