"""Figures: reading tables, writing numbers, drawing charts. Plain Python, no database."""

from .charts import KINDS, Chart, draw
from .numbers import number, number_text
from .reading import TableData, TableProblem, TableUnfinished, read_table, to_csv

__all__ = [
    "KINDS",
    "Chart",
    "TableData",
    "TableProblem",
    "TableUnfinished",
    "draw",
    "number",
    "number_text",
    "read_table",
    "to_csv",
]
