"""What the plugin hooks into Wagtail's admin; each subject in a module of its own."""

from . import section_hooks

__all__ = ["section_hooks"]
