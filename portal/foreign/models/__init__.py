"""The plugin's tables, one module per subject. Import them from here."""

from .core_content import CoreRule, Harm
from .exchange import ExchangeFile
from .machine import MachineBudget, MachineRun, MachineUse
from .memory import MemoryKey, MemoryUnit
from .sections import ColumnFeed, ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from .states import AddedText, Ending, LiveSegment, MadeBy, MinorChange, PageTranslation
from .terms import NameRule, Term, TermChange, TermEdit, TermName

__all__ = [
    "AddedText",
    "ColumnFeed",
    "CoreRule",
    "Ending",
    "ExchangeFile",
    "ForeignColumn",
    "ForeignSection",
    "Harm",
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
    "PageTranslation",
    "TeamMember",
    "TeamRole",
    "Term",
    "TermChange",
    "TermEdit",
    "TermName",
]
