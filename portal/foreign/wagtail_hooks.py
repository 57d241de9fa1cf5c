"""What the plugin hooks into Wagtail's admin; each subject in a module of its own."""

from . import desk_hooks, section_hooks

__all__ = ["desk_hooks", "section_hooks"]
