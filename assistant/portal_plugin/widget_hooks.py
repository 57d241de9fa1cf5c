"""The list of websites with the assistant, in the settings of the admin."""

from portal.plugin_api import register_wagtail_hook

from .embedding import embed_origins

register_wagtail_hook("register_admin_viewset", embed_origins)
