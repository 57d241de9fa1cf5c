"""The plugin's tables, one module per subject. Import them from here."""

from .assignments import TranslationAssignment
from .core_content import CoreRule, Harm
from .fees import FeeRate, FeeSettlement, WorkKind, WorkRecord
from .monitoring import SectionReport, SectionWatch
from .readers import ReaderCount
from .sections import ColumnFeed, ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from .states import AddedText, Ending, LiveSegment, MadeBy, MinorChange, PageTranslation

__all__ = [
    "AddedText",
    "ColumnFeed",
    "CoreRule",
    "Ending",
    "FeeRate",
    "FeeSettlement",
    "ForeignColumn",
    "ForeignSection",
    "Harm",
    "LiveSegment",
    "MadeBy",
    "MinorChange",
    "Need",
    "PageTranslation",
    "ReaderCount",
    "SectionReport",
    "SectionWatch",
    "TeamMember",
    "TeamRole",
    "TranslationAssignment",
    "WorkKind",
    "WorkRecord",
]
