from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

from .jobs import CLEAR_UNSENT, LOOK_AFTER, WATCH


class InteractionConfig(PortalPluginConfig):
    name = "portal.interaction"
    label = "interaction"
    verbose_name = _("Letters and comments")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "interaction"
        title = _("Letters and comments")
        description = _(
            "Letters from the public with clocks, reviews and a public ledger; reports of errors; "
            "comments under content, looked at before they are shown."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 60
        default_enabled = True
        url_prefix = "letters/"
        urls = "portal.interaction.urls"
        language_urls = "portal.interaction.language_urls"
        data = (
            _("Letters with the names, telephone numbers and addresses of who wrote them."),
            _("Comments on pages."),
        )
        jobs = (CLEAR_UNSENT, LOOK_AFTER, WATCH)
