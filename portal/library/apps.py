from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the labels of the jobs.
RECONCILE = _("Every ten minutes: makes library records of what is public and has none.")
COUNT = _("Every ten minutes: counts the library for its facets, where something has changed.")
CHECK_QUALITY = _(
    "Each night: looks through the library for weak, stale and duplicate records and dead links."
)
ASK_OTHERS = _(
    "Every ten minutes, where the operator allows it: asks whether links to others still work."
)
GO_ON = _("Every ten minutes: goes on with library intakes that were interrupted.")


class LibraryConfig(PortalPluginConfig):
    name = "portal.library"
    label = "library"
    verbose_name = _("Resource library")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "library"
        title = _("Resource library")
        description = _(
            "One record for every public page and file: without a complete one nothing is "
            "published; other sites show it by reference."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        # Behind those that number and translate: its outbox consumer reads what theirs wrote.
        order = 40
        default_enabled = True
        jobs = (RECONCILE, COUNT, CHECK_QUALITY, ASK_OTHERS, GO_ON)

    def on_ready(self) -> None:
        from . import files

        files.connect()
