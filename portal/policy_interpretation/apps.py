from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job that does it.
FOLLOW_OBLIGATIONS = _("Each night: brings what documents owe in line with rules and products.")
COLLECT_HOT_QUESTIONS = _("Each night: collects what many people ask from other plugins.")


class PolicyInterpretationConfig(PortalPluginConfig):
    name = "portal.policy_interpretation"
    label = "policy_interpretation"
    verbose_name = _("Policies and interpretation")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "policy_interpretation"
        title = _("Policies and interpretation")
        description = _(
            "Policy documents clause by clause with their validity and relations, and the "
            "products that interpret them."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 10
        default_enabled = True
        jobs = (FOLLOW_OBLIGATIONS, COLLECT_HOT_QUESTIONS)
        url_prefix = "policies/"
        urls = "portal.policy_interpretation.urls"
