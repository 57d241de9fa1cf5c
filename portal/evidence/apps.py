from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the labels of the jobs.
SIGN = _("Each night: signs the root of the log.")
CHECK = _("Every ten minutes, at night: checks a portion of what is public against the log.")


class EvidenceConfig(PortalPluginConfig):
    name = "portal.evidence"
    label = "evidence"
    verbose_name = _("Tamper evidence")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "evidence"
        title = _("Tamper evidence")
        description = _(
            "Enters the fingerprint of everything that becomes public in a log that can only grow, "
            "signs it each day, and finds what was changed by any other way."
        )
        version = "1.0.0"
        level = "platform"
        requires_portal = ">=0.1,<1"
        # Behind all others: it looks at what their outbox consumers wrote.
        order = 950
        default_enabled = True
        jobs = (SIGN, CHECK)
        url_prefix = "verify/"
        urls = "portal.evidence.urls"
        language_urls = "portal.evidence.language_urls"
        data = (_("Fingerprints of what is or was public; who explained a finding, and why."),)
