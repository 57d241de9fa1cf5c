from .conversations import AnswerRecord, Channel, Conversation, Feedback, FeedbackReason
from .gaps import Gap, GapEvent, GapQuestion, GapSource
from .golden import (
    Expects,
    GoldenExpectation,
    GoldenQuestion,
    GoldenResult,
    GoldenRun,
)
from .index import IndexedEntry, IndexGeneration, TextVector
from .knowledge import (
    Audience,
    BulkEdit,
    Origin,
    QuestionPage,
    QuestionSource,
    SourceKind,
    Topic,
    Trust,
)
from .tasks import (
    ComparedEntry,
    Contradiction,
    EntryImport,
    ImportedEntry,
    PhrasingProposal,
    Vote,
)

__all__ = [
    "AnswerRecord",
    "Audience",
    "BulkEdit",
    "Channel",
    "ComparedEntry",
    "Contradiction",
    "Conversation",
    "EntryImport",
    "Expects",
    "Feedback",
    "FeedbackReason",
    "Gap",
    "GapEvent",
    "GapQuestion",
    "GapSource",
    "GoldenExpectation",
    "GoldenQuestion",
    "GoldenResult",
    "GoldenRun",
    "ImportedEntry",
    "IndexGeneration",
    "IndexedEntry",
    "Origin",
    "PhrasingProposal",
    "QuestionPage",
    "QuestionSource",
    "SourceKind",
    "TextVector",
    "Topic",
    "Trust",
    "Vote",
]
