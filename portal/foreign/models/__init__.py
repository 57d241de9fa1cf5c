"""The plugin's tables, one module per subject. Import them from here."""

from .assignments import TranslationAssignment
from .core_content import CoreRule, Harm
from .exchange import ExchangeFile
from .fees import FeeRate, FeeSettlement, WorkKind, WorkRecord
from .machine import MachineBudget, MachineRun, MachineUse
from .memory import MemoryKey, MemoryUnit
from .monitoring import SectionReport, SectionWatch
from .parity import ParityOverride
from .readers import ReaderCount
from .script import ScriptCorrection, ScriptSetting, ScriptTerm, Standard
from .sections import ColumnFeed, ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from .states import AddedText, Ending, LiveSegment, MadeBy, MinorChange, PageTranslation
from .terms import NameRule, Term, TermChange, TermEdit, TermName
from .work import (
    ContentReviewTask,
    LanguageReviewTask,
    PageAddress,
    ReleaseTask,
    ReviewState,
    SectionTask,
    SectionWorkflow,
    SegmentComment,
    SegmentOrigin,
    Step,
)

__all__ = [
    "AddedText",
    "ColumnFeed",
    "ContentReviewTask",
    "CoreRule",
    "Ending",
    "ExchangeFile",
    "FeeRate",
    "FeeSettlement",
    "ForeignColumn",
    "ForeignSection",
    "Harm",
    "LanguageReviewTask",
    "LiveSegment",
    "MachineBudget",
    "MachineRun",
    "MachineUse",
    "MadeBy",
    "MemoryKey",
    "MemoryUnit",
    "MinorChange",
    "NameRule",
    "Need",
    "PageAddress",
    "PageTranslation",
    "ParityOverride",
    "ReaderCount",
    "ReleaseTask",
    "ReviewState",
    "ScriptCorrection",
    "ScriptSetting",
    "ScriptTerm",
    "SectionReport",
    "SectionTask",
    "SectionWatch",
    "SectionWorkflow",
    "SegmentComment",
    "SegmentOrigin",
    "Standard",
    "Step",
    "TeamMember",
    "TeamRole",
    "Term",
    "TermChange",
    "TermEdit",
    "TermName",
    "TranslationAssignment",
    "WorkKind",
    "WorkRecord",
]
