"""Figures in a text, checked against the clauses that it cites: deterministic, no model.

>>> [mismatch.statement.printed for mismatch in check("每月2000元", [("a5", "每月2500元")], "zh")]
['2000元']
"""

from .comparison import check
from .extraction import extract
from .model import (
    Address,
    CalendarDate,
    DocumentNumber,
    Mismatch,
    Nearest,
    Range,
    Statement,
)

__all__ = [
    "Address",
    "CalendarDate",
    "DocumentNumber",
    "Mismatch",
    "Nearest",
    "Range",
    "Statement",
    "check",
    "extract",
]
