"""The plugin's tables, one module per subject. Import them from here."""

from .checks import Link, NearDuplicate, Problem
from .classification import (
    DEMANDABLE,
    Classification,
    ColumnDefaults,
    CompletenessRule,
    NumberRule,
    NumberSeries,
    Scheme,
    Term,
)
from .grants import Grant
from .intake import Intake, IntakeRow, Mapping
from .records import (
    ArchiveState,
    BatchEdit,
    FacetCount,
    Finding,
    FiveOpen,
    LibraryRecord,
    Openness,
    PrintBand,
    PubKind,
    RecordChange,
    RecordType,
    Sharing,
    State,
    TextPrint,
)

__all__ = [
    "DEMANDABLE",
    "ArchiveState",
    "BatchEdit",
    "Classification",
    "ColumnDefaults",
    "CompletenessRule",
    "FacetCount",
    "Finding",
    "FiveOpen",
    "Grant",
    "Intake",
    "IntakeRow",
    "LibraryRecord",
    "Link",
    "Mapping",
    "NearDuplicate",
    "NumberRule",
    "NumberSeries",
    "Openness",
    "PrintBand",
    "Problem",
    "PubKind",
    "RecordChange",
    "RecordType",
    "Scheme",
    "Sharing",
    "State",
    "Term",
    "TextPrint",
]
