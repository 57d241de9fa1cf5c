"""What the plugin changes of the portal's values; registered by being imported."""

from . import gate_checks, switcher
from .script import switching

__all__ = ["gate_checks", "switcher", "switching"]
