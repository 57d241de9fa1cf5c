"""The plugin's tables, one module per subject. Import them from here."""

from .documents import IssuingBody, PolicyAmendment, PolicyFile, PolicyPage
from .products import (
    AnimationPackage,
    AuthorKind,
    ClauseExplanation,
    InterpretationLink,
    InterpretationPage,
    ProductForm,
)
from .records import PolicyRecord, PolicyVersion
from .relations import PolicyRelation, RelationKind
from .themes import PolicyTheme

__all__ = [
    "AnimationPackage",
    "AuthorKind",
    "ClauseExplanation",
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
    "ProductForm",
    "RelationKind",
]
