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
    "Audience",
    "BulkEdit",
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
