"""What the knowledge base offers to other parts of the portal, and enters in their registries."""

from portal.plugin_api import (
    dependants,
    direct_answers,
    outbox_consumers,
    qa_drafts,
    watched_texts,
)

from .answering.direct import KnowledgeBase
from .dependants import Entries
from .drafts import QuestionDrafts
from .followers import ValidityFollower
from .watched import Entries as WatchedEntries

direct_answers.provide(KnowledgeBase())
qa_drafts.provide(QuestionDrafts())
dependants.register("entries", Entries())
outbox_consumers.register("validity", ValidityFollower())
watched_texts.register("entries", WatchedEntries())
