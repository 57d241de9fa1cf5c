from .conversations import AnswerRecord, Channel, Conversation, Feedback, FeedbackReason
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

__all__ = [
    "AnswerRecord",
    "Audience",
    "BulkEdit",
    "Channel",
    "Conversation",
    "Feedback",
    "FeedbackReason",
    "IndexGeneration",
    "IndexedEntry",
    "Origin",
    "QuestionPage",
    "QuestionSource",
    "SourceKind",
    "TextVector",
    "Topic",
    "Trust",
]
