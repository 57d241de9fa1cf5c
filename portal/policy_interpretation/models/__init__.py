"""The plugin's tables, one module per subject. Import them from here."""

from portal.policy_interpretation.watch.models import CheckedText, Finding, WatchSetting

from .cascade import CascadeCase, CascadeItem
from .disclosure import (
    AnnualReport,
    CatalogueEntry,
    DisclosureColumn,
    DisclosureConfirmation,
    DisclosurePlatform,
    NumberSeries,
    PlatformPart,
    StatutoryCategory,
)
from .documents import IssuingBody, PolicyAmendment, PolicyFile, PolicyPage
from .effects import ENDING, EffectKind, PolicyEffect
from .imports import ImportBatch, ImportItem, private_files
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
from .products import (
    AnimationPackage,
    AuthorKind,
    ClauseExplanation,
    InterpretationLink,
    InterpretationPage,
    ProductForm,
)
from .records import PolicyRecord, PolicyVersion
from .relations import REVERSE_LABELS, PolicyRelation, RelationKind
from .responses import ResponseDocument, ResponseTopicPage, RumourRefutationPage
from .themes import PolicyTheme

__all__ = [
    "ENDING",
    "REVERSE_LABELS",
    "AcceptedProduct",
    "AnimationPackage",
    "AnnualReport",
    "AuthorKind",
    "CascadeCase",
    "CascadeItem",
    "CatalogueEntry",
    "ChannelPush",
    "CheckedText",
    "ClauseExplanation",
    "DisclosureColumn",
    "DisclosureConfirmation",
    "DisclosurePlatform",
    "EffectKind",
    "Finding",
    "HotQuestion",
    "ImportBatch",
    "ImportItem",
    "InterpretationLink",
    "InterpretationPage",
    "InterpretationSettings",
    "Invitation",
    "IssuingBody",
    "NumberSeries",
    "Obligation",
    "ObligationRule",
    "OpinionTopic",
    "PlanItem",
    "PlatformPart",
    "PolicyAmendment",
    "PolicyEffect",
    "PolicyFile",
    "PolicyPage",
    "PolicyRecord",
    "PolicyRelation",
    "PolicyText",
    "PolicyTheme",
    "PolicyVersion",
    "ProductForm",
    "RelationKind",
    "ResponseDocument",
    "ResponseTopicPage",
    "RumourRefutationPage",
    "StatutoryCategory",
    "Timing",
    "WatchSetting",
    "private_files",
]
