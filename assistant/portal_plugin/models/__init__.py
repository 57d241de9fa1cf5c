from .index import IndexedEntry, IndexGeneration, TextVector
from .knowledge import Audience, QuestionPage, QuestionSource, SourceKind, Topic, Trust

__all__ = [
    "Audience",
    "IndexGeneration",
    "IndexedEntry",
    "QuestionPage",
    "QuestionSource",
    "SourceKind",
    "TextVector",
    "Topic",
    "Trust",
]
