from .knowledge import Audience, QuestionPage, QuestionSource, SourceKind, Topic, Trust

__all__ = ["Audience", "QuestionPage", "QuestionSource", "SourceKind", "Topic", "Trust"]
