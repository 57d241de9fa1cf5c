from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job.
SWEEP = _("Every ten minutes: looks through a share of what is public again, changes first.")


class ProofreadingConfig(PortalPluginConfig):
    name = "portal.proofreading"
    label = "proofreading"
    verbose_name = _("Proofreading")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "proofreading"
        title = _("Proofreading")
        description = _(
            "Marks personal data, secret marks, hidden links, wrong words and names while one "
            "writes; what may not be public is refused at publishing, in texts and attachments."
        )
        version = "1.0.0"
        level = "platform"
        requires_portal = ">=0.1,<1"
        order = 20
        default_enabled = True
        jobs = (SWEEP,)
        data = (
            _("Word lists and grades; reasons given for warnings, with account and time."),
            _("What was found at each publishing, personal numbers shortened; findings in files."),
            _("Alarms about public pages, and who decided on them with what reason."),
        )
