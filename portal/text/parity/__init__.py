"""Whether a translation says the same numbers, dates, sums and addresses: no model, no network.

>>> [found.message for found in compare("3份", "four copies", source_language="zh-hans",
...                                     target_language="en")]
['The source says "3", the translation says "four".']
"""

from .comparison import compare
from .model import Figure, Kind, Mismatch, Reading, Span
from .structure import (
    PageOutline,
    Part,
    compare_outlines,
    compare_pages,
    compare_parts,
    has_words,
    outline,
    page_outline,
)

__all__ = [
    "Figure",
    "Kind",
    "Mismatch",
    "PageOutline",
    "Part",
    "Reading",
    "Span",
    "compare",
    "compare_outlines",
    "compare_pages",
    "compare_parts",
    "has_words",
    "outline",
    "page_outline",
]
