"""What the knowledge base offers to other parts of the portal."""

from portal.plugin_api import direct_answers, outbox_consumers

from .answering.direct import KnowledgeBase
from .followers import ValidityFollower

direct_answers.provide(KnowledgeBase())
outbox_consumers.register("validity", ValidityFollower())
