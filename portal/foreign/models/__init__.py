"""The plugin's tables, one module per subject. Import them from here."""

from .core_content import CoreRule, Harm
from .parity import ParityOverride
from .sections import ColumnFeed, ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from .states import AddedText, Ending, LiveSegment, MadeBy, MinorChange, PageTranslation

__all__ = [
    "AddedText",
    "ColumnFeed",
    "CoreRule",
    "Ending",
    "ForeignColumn",
    "ForeignSection",
    "Harm",
    "LiveSegment",
    "MadeBy",
    "MinorChange",
    "Need",
    "PageTranslation",
    "ParityOverride",
    "TeamMember",
    "TeamRole",
]
