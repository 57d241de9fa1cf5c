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
from .opinion import ChannelPush, HotQuestion, Invitation, OpinionTopic
from .products import ClauseExplanation, InterpretationLink, InterpretationPage
from .records import PolicyRecord, PolicyVersion
from .relations import PolicyRelation, RelationKind
from .responses import ResponseDocument, ResponseTopicPage, RumourRefutationPage
from .themes import PolicyTheme

__all__ = [
    "AcceptedProduct",
    "ChannelPush",
    "ClauseExplanation",
    "HotQuestion",
    "ImportBatch",
    "ImportItem",
    "InterpretationLink",
    "InterpretationPage",
    "InterpretationSettings",
    "Invitation",
    "IssuingBody",
    "Obligation",
    "ObligationRule",
    "OpinionTopic",
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
    "ResponseDocument",
    "ResponseTopicPage",
    "RumourRefutationPage",
    "Timing",
]
