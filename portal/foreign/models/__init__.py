"""The plugin's tables, one module per subject. Import them from here."""

from .core_content import CoreRule, Harm
from .script import ScriptCorrection, ScriptSetting, ScriptTerm, Standard
from .sections import ColumnFeed, ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from .states import LiveSegment, MadeBy, MinorChange, PageTranslation

__all__ = [
    "ColumnFeed",
    "CoreRule",
    "ForeignColumn",
    "ForeignSection",
    "Harm",
    "LiveSegment",
    "MadeBy",
    "MinorChange",
    "Need",
    "PageTranslation",
    "ScriptCorrection",
    "ScriptSetting",
    "ScriptTerm",
    "Standard",
    "TeamMember",
    "TeamRole",
]
