"""What search hooks into Wagtail's admin, part by part."""

from . import hooks_desk

__all__ = ["hooks_desk"]
