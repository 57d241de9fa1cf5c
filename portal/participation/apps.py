from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig

# Shown when the plugin is switched on, and the label of the job that does it.
FOLLOW = _(
    "Every quarter of an hour: begins the deadlines of what has ended; deletes the marks of closed "
    "surveys, and names and contacts whose time is over."
)


class ParticipationConfig(PortalPluginConfig):
    name = "portal.participation"
    label = "participation"
    verbose_name = _("Participation")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "participation"
        title = _("Participation")
        description = _(
            "Solicitations of opinions on drafts, surveys and online interviews, each from its "
            "notice to its published result."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 70
        default_enabled = True
        jobs = (FOLLOW,)
        url_prefix = "participation/"
        urls = "portal.participation.urls"
        language_urls = "portal.participation.language_urls"
        data = (
            _("Opinions, answers and questions that people send in."),
            _("Names and contacts that people gave with them, deleted after the set days."),
        )
