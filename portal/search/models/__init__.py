from .desk import (
    BestBet,
    BlockedWord,
    Rule,
    RuleChange,
    RulesVersion,
    SavedQuery,
    SiteWeights,
    StopPhrase,
    SynonymRule,
)
from .documents import Document, FileText, IndexPlan, Replica, Sequence, Stale
from .log import (
    LoggedSearch,
    LogSalt,
    QueryDay,
    SampleMiss,
    SampleRun,
    SearchTask,
)
from .vectors import DocumentVector

__all__ = [
    "BestBet",
    "BlockedWord",
    "Document",
    "DocumentVector",
    "FileText",
    "IndexPlan",
    "LogSalt",
    "LoggedSearch",
    "QueryDay",
    "Replica",
    "Rule",
    "RuleChange",
    "RulesVersion",
    "SampleMiss",
    "SampleRun",
    "SavedQuery",
    "SearchTask",
    "Sequence",
    "SiteWeights",
    "Stale",
    "StopPhrase",
    "SynonymRule",
]
