"""What the plugin changes of the portal's values; registered by being imported."""

from . import gate_checks

__all__ = ["gate_checks"]
