"""What the plugin changes of the portal's values; registered by being imported."""

from . import gate_checks, release_checks, stale_page, switcher
from .script import switching

__all__ = [
    "gate_checks",
    "release_checks",
    "stale_page",
    "switcher",
    "switching",
]
