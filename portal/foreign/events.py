"""What happens elsewhere and has effects here."""

from . import script_events, source_signals

__all__ = [
    "script_events",
    "source_signals",
]
