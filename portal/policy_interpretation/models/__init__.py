"""The plugin's tables, one module per subject. Import them from here."""

from .documents import IssuingBody, PolicyAmendment, PolicyFile, PolicyPage
from .imports import ImportBatch, ImportItem
from .obligations import (
    AcceptedProduct,
    InterpretationSettings,
    Obligation,
    ObligationRule,
    PlanItem,
    PolicyText,
    Timing,
)
from .products import ClauseExplanation, InterpretationLink, InterpretationPage
from .records import PolicyRecord, PolicyVersion
from .relations import PolicyRelation, RelationKind
from .themes import PolicyTheme

__all__ = [
    "AcceptedProduct",
    "ClauseExplanation",
    "ImportBatch",
    "ImportItem",
    "InterpretationLink",
    "InterpretationPage",
    "InterpretationSettings",
    "IssuingBody",
    "Obligation",
    "ObligationRule",
    "PlanItem",
    "PolicyAmendment",
    "PolicyFile",
    "PolicyPage",
    "PolicyRecord",
    "PolicyRelation",
    "PolicyText",
    "PolicyTheme",
    "PolicyVersion",
    "RelationKind",
    "Timing",
]
