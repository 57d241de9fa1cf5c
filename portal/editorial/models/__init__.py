"""The plugin's tables, one module per subject. Import them from here."""

from .contributions import Contribution, ContributionState, ContributionStep, ItemKind
from .contributors import Contributor, ContributorKind
from .fees import Basis, FeeLine, FeeRate, FeeSheet
from .tasks import (
    DeliverableKind,
    RecurringTask,
    TaskEntry,
    TaskFile,
    TaskState,
    UnitTask,
    private_files,
    split_parts,
)

__all__ = [
    "Basis",
    "Contribution",
    "ContributionState",
    "ContributionStep",
    "Contributor",
    "ContributorKind",
    "DeliverableKind",
    "FeeLine",
    "FeeRate",
    "FeeSheet",
    "ItemKind",
    "RecurringTask",
    "TaskEntry",
    "TaskFile",
    "TaskState",
    "UnitTask",
    "private_files",
    "split_parts",
]
