from portal.plugin_api import register_wagtail_hook

from .viewsets import FeedSettingsViewSet


@register_wagtail_hook("register_admin_viewset")
def settings_of_feeds() -> FeedSettingsViewSet:
    return FeedSettingsViewSet("feed_settings")
