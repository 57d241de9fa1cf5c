from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# The words of PluginMeta.jobs.
CHECK_PLATFORMS = _("Every 30 minutes: ask the service platforms of a site whether they are well.")
GO_ON_IMPORTING = _("Every 10 minutes: go on with imports of guides that were interrupted.")


class ServicesConfig(PortalPluginConfig):
    name = "portal.services"
    label = "services"
    verbose_name = _("Services")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "services"
        title = _("Services")
        description = _(
            "Service guides with every field, materials and forms; one entrance by life event, "
            "person and subject; ratings with replies."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 50
        default_enabled = True
        data = (
            _("Ratings of services: score, reasons and words, with a daily hash of who rated."),
        )
        jobs = (CHECK_PLATFORMS, GO_ON_IMPORTING)
        language_urls = "portal.services.language_urls"
