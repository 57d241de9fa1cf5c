"""What the knowledge base offers to other parts of the portal, and enters in their registries."""

from portal.plugin_api import (
    ask_places,
    card_sources,
    demo_content,
    dependants,
    direct_answers,
    list_sources,
    outbox_consumers,
    qa_drafts,
    watched_texts,
)

from .answering.direct import KnowledgeBase
from .ask_places import Conversation
from .cards import EntryCards
from .demo_content import DemoQuestions
from .dependants import Entries
from .drafts import QuestionDrafts
from .followers import ValidityFollower
from .lists import LatestQuestions
from .receipt_followers import ReceiptFollower
from .watched import Entries as WatchedEntries

ask_places.provide(Conversation())
direct_answers.provide(KnowledgeBase())
qa_drafts.provide(QuestionDrafts())
card_sources.register("entries", EntryCards())
demo_content.register("questions", DemoQuestions())
dependants.register("entries", Entries())
list_sources.register("latest_questions", LatestQuestions())
outbox_consumers.register("validity", ValidityFollower())
outbox_consumers.register("receipts", ReceiptFollower())
watched_texts.register("entries", WatchedEntries())
