"""What the plugin contributes to registries."""

from portal.plugin_api import outbox_consumers

from .source_follower import SourceFollower

outbox_consumers.register("sources", SourceFollower())
