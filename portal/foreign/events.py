"""What happens elsewhere and has effects here."""

from . import source_signals
from .script import following

__all__ = [
    "following",
    "source_signals",
]
