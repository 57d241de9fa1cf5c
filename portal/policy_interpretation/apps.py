from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job that does it.
FOLLOW_CASES = _("Each night: looks for what rests on documents that are no longer in force.")
COMPARE_FIGURES = _(
    "Each night: compares the figures of interpretations, answers and translations with the "
    "clauses that they cite."
)
FOLLOW_OBLIGATIONS = _("Each night: brings what documents owe in line with rules and products.")
GO_ON_IMPORTING = _("Every ten minutes: goes on with imports of documents that were interrupted.")
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
        jobs = (
            COLLECT_HOT_QUESTIONS,
            COMPARE_FIGURES,
            FOLLOW_CASES,
            FOLLOW_OBLIGATIONS,
            GO_ON_IMPORTING,
        )
        url_prefix = "policies/"
        urls = "portal.policy_interpretation.urls"
