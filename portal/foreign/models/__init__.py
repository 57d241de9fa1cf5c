"""The plugin's tables, one module per subject. Import them from here."""

from .core_content import CoreRule, Harm
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
    "ForeignColumn",
    "ForeignSection",
    "Harm",
    "LanguageReviewTask",
    "LiveSegment",
    "MadeBy",
    "MinorChange",
    "Need",
    "PageTranslation",
    "ReleaseTask",
    "ReviewState",
    "SectionTask",
    "SectionWorkflow",
    "SegmentComment",
    "SegmentOrigin",
    "Step",
    "TeamMember",
    "TeamRole",
]
