"""What the knowledge base offers to other parts of the portal, and enters in their registries."""

from portal.plugin_api import dependants, outbox_consumers, qa_drafts, watched_texts

from .dependants import Entries
from .drafts import QuestionDrafts
from .followers import ValidityFollower
from .watched import Entries as WatchedEntries

qa_drafts.provide(QuestionDrafts())
dependants.register("entries", Entries())
outbox_consumers.register("validity", ValidityFollower())
watched_texts.register("entries", WatchedEntries())
