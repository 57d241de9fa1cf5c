from .conversations import AnswerRecord, Channel, Conversation, Feedback, FeedbackReason
from .embedding import EmbedOrigin
from .figures import DailyEntry, DailyFigures, RolledDay
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
from .receipts import (
    AnswerBasis,
    BasisChange,
    BasisSource,
    ForgottenAnswer,
    ReceiptState,
)
from .switches import AssistantPause
from .tasks import (
    ComparedEntry,
    Contradiction,
    EntryImport,
    ImportedEntry,
    PhrasingProposal,
    Vote,
)
from .wordings import Wording, WordingChange

__all__ = [
    "AnswerBasis",
    "AnswerRecord",
    "AssistantPause",
    "Audience",
    "BasisChange",
    "BasisSource",
    "BulkEdit",
    "Channel",
    "ComparedEntry",
    "Contradiction",
    "Conversation",
    "DailyEntry",
    "DailyFigures",
    "EmbedOrigin",
    "EntryImport",
    "Expects",
    "Feedback",
    "FeedbackReason",
    "ForgottenAnswer",
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
    "ReceiptState",
    "RolledDay",
    "SourceKind",
    "TextVector",
    "Topic",
    "Trust",
    "Vote",
    "Wording",
    "WordingChange",
]
