from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

from .jobs import ISSUE_RECURRING


class EditorialConfig(PortalPluginConfig):
    name = "portal.editorial"
    label = "editorial"
    verbose_name = _("Editorial office")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "editorial"
        title = _("Editorial office")
        description = _(
            "What contributors handed in and what became of it, fees for it, and tasks to units "
            "with due dates, receipts and reminders."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 40
        default_enabled = True
        data = (
            _("Names of contributors, what they handed in, and the fees for it."),
            _("Tasks to units, and the files that go with them."),
        )
        jobs = (ISSUE_RECURRING,)
