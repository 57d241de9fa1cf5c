from django.utils.translation import gettext_lazy as _

from portal.plugin_api import PortalPluginConfig


class FeedsConfig(PortalPluginConfig):
    name = "portal.feeds"
    label = "feeds"
    verbose_name = _("Feeds and sitemaps")
    default_auto_field = "django.db.models.BigAutoField"

    class PluginMeta:
        slug = "feeds"
        title = _("Feeds and sitemaps")
        description = _(
            "What is new in each column, topic and site as RSS, Atom and JSON Feed, and sitemaps "
            "for search engines."
        )
        version = "1.0.0"
        level = "site"
        requires_portal = ">=0.1,<1"
        order = 75
        default_enabled = True
        permissions = (
            "feeds.add_feedsettings",
            "feeds.change_feedsettings",
            "feeds.delete_feedsettings",
            "feeds.view_feedsettings",
        )
        url_prefix = "feeds/"
        language_urls = "portal.feeds.language_urls"
        data = (_("For each site: how much of a text its feeds carry."),)
