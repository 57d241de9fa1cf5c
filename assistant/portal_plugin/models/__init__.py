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
    "Origin",
    "QuestionPage",
    "QuestionSource",
    "SourceKind",
    "Topic",
    "Trust",
]
