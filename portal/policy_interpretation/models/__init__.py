"""The plugin's tables, one module per subject. Import them from here."""

from portal.policy_interpretation.watch.models import CheckedText, Finding, WatchSetting

from .documents import IssuingBody, PolicyAmendment, PolicyFile, PolicyPage
from .products import ClauseExplanation, InterpretationLink, InterpretationPage
from .records import PolicyRecord, PolicyVersion
from .relations import PolicyRelation, RelationKind
from .themes import PolicyTheme

__all__ = [
    "CheckedText",
    "ClauseExplanation",
    "Finding",
    "InterpretationLink",
    "InterpretationPage",
    "IssuingBody",
    "PolicyAmendment",
    "PolicyFile",
    "PolicyPage",
    "PolicyRecord",
    "PolicyRelation",
    "PolicyTheme",
    "PolicyVersion",
    "RelationKind",
    "WatchSetting",
]
