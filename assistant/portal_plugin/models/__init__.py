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
    "Audience",
    "BulkEdit",
    "ComparedEntry",
    "Contradiction",
    "EntryImport",
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
