from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job that does it.
RELEASE_DUE = _("Each minute: releases the sets whose time has come.")


class BundlesConfig(PortalPluginConfig):
    name = "portal.bundles"
    label = "bundles"
    verbose_name = _("Joint releases")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "bundles"
        title = _("Joint releases")
        description = _(
            "Sets of pages (a policy, what interprets it, its translations, its questions and "
            "answers) that go public in one step or not at all."
        )
        version = "1.0.0"
        level = "platform"
        requires_portal = ">=0.1,<1"
        # After those that know their own pages: what nobody claims are pages with reviews.
        order = 900
        default_enabled = True
        jobs = (RELEASE_DUE,)
