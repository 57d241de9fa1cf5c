"""What follows the Chinese pages, in the portal's registries."""

from portal.plugin_api import outbox_consumers

from .source_follower import SourceFollower

outbox_consumers.register("sources", SourceFollower())
