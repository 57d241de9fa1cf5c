"""The plugin's tables, one module per subject. Import them from here."""

from .assignments import TranslationAssignment
from .core_content import CoreRule, Harm
from .fees import FeeRate, FeeSettlement, WorkKind, WorkRecord
from .monitoring import SectionReport, SectionWatch
from .readers import ReaderCount
from .sections import ColumnFeed, ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from .states import LiveSegment, MadeBy, MinorChange, PageTranslation
from .work import (
    ContentReviewTask,
    LanguageReviewTask,
    ReleaseTask,
    ReviewState,
    SectionTask,
    SectionWorkflow,
    SegmentComment,
    SegmentOrigin,
    Step,
)

__all__ = [
    "ColumnFeed",
    "ContentReviewTask",
    "CoreRule",
    "FeeRate",
    "FeeSettlement",
    "ForeignColumn",
    "ForeignSection",
    "Harm",
    "LanguageReviewTask",
    "LiveSegment",
    "MadeBy",
    "MinorChange",
    "Need",
    "PageTranslation",
<<<<<<< HEAD
    "ReleaseTask",
    "ReviewState",
    "SectionTask",
    "SectionWorkflow",
    "SegmentComment",
    "SegmentOrigin",
    "Step",
=======
    "ReaderCount",
    "SectionReport",
    "SectionWatch",
>>>>>>> h/board
    "TeamMember",
    "TeamRole",
    "TranslationAssignment",
    "WorkKind",
    "WorkRecord",
]
