"""What the knowledge base offers to other parts of the portal."""

from portal.plugin_api import outbox_consumers

from .followers import ValidityFollower

outbox_consumers.register("validity", ValidityFollower())
