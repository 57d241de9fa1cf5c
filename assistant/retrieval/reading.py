"""How texts are read by this version of the index."""

from . import analysis, projection
from .segment import Reading

# The first number changes with what is in the arrays.
READING = Reading(
    analysis.tokens,
    analysis.query_terms,
    analysis.same_question,
    projection.document,
    projection.question,
    f"3-{analysis.VERSION}-{projection.VERSION}",
)
