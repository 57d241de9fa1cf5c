from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job that does it.
FORGET_VECTORS = _("Each night: removes vectors of texts that nobody uses any more.")
KEEP_INDEX = _("Each minute: makes missing vectors of questions and keeps the index compact.")
COMPARE_CHANGED = _(
    "Each minute: compares questions that changed with all others, to find contradicting answers."
)
COMPARE_ALL = _("Each night: compares all questions with each other.")
GO_ON_BRINGING_IN = _(
    "Every five minutes: goes on with files of questions whose import was interrupted."
)
FIND_GAPS = _("Each night: gathers what people asked in vain, and makes gaps of it with owners.")
ASK_GOLDEN_QUESTIONS = _("Each night: asks the golden questions and keeps how they are answered.")
ADD_UP_DAYS = _("Each night: adds up the questions of the day to figures without any visitor.")
LOOK_AGAIN = _("Each night: looks again whether the answers that were given still hold.")
FORGET_CONVERSATIONS = _("Deletes questions and answers that are older than the retention.")


class AssistantConfig(PortalPluginConfig):
    name = "assistant.portal_plugin"
    label = "assistant"
    verbose_name = _("Questions and answers")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "assistant"
        title = _("Questions and answers")
        description = _(
            "A knowledge base of approved answers, and an assistant that answers from it, with "
            "sources, or says that it cannot."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 30
        default_enabled = True
        permissions = ("assistant.look_up_receipts",)
        data = (
            _(
                "What visitors asked, without personal data, what they were answered and whether "
                "it helped; kept for 180 days unless set otherwise. No addresses of visitors."
            ),
            _(
                "In which words visitors asked for an answer, and whether they found it useful: "
                "counted, without personal data."
            ),
            _(
                "How many asked what on each day, and how many were answered: numbers without any "
                "visitor, kept for good."
            ),
            _(
                "What people asked or looked for in vain, without personal data, grouped by "
                "matter, and what was done about it."
            ),
        )
        jobs = (
            ADD_UP_DAYS,
            ASK_GOLDEN_QUESTIONS,
            FIND_GAPS,
            COMPARE_ALL,
            COMPARE_CHANGED,
            FORGET_CONVERSATIONS,
            GO_ON_BRINGING_IN,
            FORGET_VECTORS,
            KEEP_INDEX,
            LOOK_AGAIN,
        )
        url_prefix = "assistant/"
        urls = "assistant.portal_plugin.urls"
