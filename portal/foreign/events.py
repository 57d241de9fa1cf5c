"""What happens elsewhere and has effects here."""

from . import review_mail, script_events, source_signals

__all__ = [
    "review_mail",
    "script_events",
    "source_signals",
]
