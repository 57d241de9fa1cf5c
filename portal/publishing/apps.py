from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig


class PublishingConfig(PortalPluginConfig):
    name = "portal.publishing"
    label = "publishing"
    verbose_name = _("Page store")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "publishing"
        title = _("Page store")
        description = _(
            "Keeps finished pages as files, serves them before anything is computed, and takes out "
            "exactly those that show something that has changed."
        )
        version = "1.0.0"
        level = "platform"
        requires_portal = ">=0.1,<1"
        order = 5
        default_enabled = True
        data = (_("Copies of public pages, and from which rows each was made."),)
