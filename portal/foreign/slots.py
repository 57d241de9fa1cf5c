"""What the plugin contributes to the portal's registries; registered by being imported."""

from . import section_slots

__all__ = ["section_slots"]
