from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job that does it.
FORGET_OLD_NOTES = _("Each night: deletes notes that are older than a month.")


class DummyConfig(PortalPluginConfig):
    name = "portal_dummy"
    label = "dummy"
    verbose_name = _("Dummy")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "dummy"
        title = _("Dummy")
        description = _("Uses every extension point once. A template for authors.")
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<2"
        order = 500
        permissions = (
            "dummy.add_note",
            "dummy.change_note",
            "dummy.delete_note",
            "dummy.view_note",
        )
        data = (_("Notes on what happened on the site: titles of pages, no personal data."),)
        jobs = (FORGET_OLD_NOTES,)
        outbound_hosts = ()
        urls = "portal_dummy.urls"
        url_prefix = "dummy/"
