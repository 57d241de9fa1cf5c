"""Comments under content: the slot below articles."""

from .comments import slots

__all__ = ["slots"]
