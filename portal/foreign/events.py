"""What happens elsewhere and has effects here."""

from . import joint_release, review_mail, script_events, source_signals

__all__ = [
    "joint_release",
    "review_mail",
    "script_events",
    "source_signals",
]
