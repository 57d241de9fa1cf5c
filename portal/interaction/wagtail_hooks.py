"""Menus and addresses in the admin, by part."""

from . import hooks_comments, hooks_desk

__all__ = ["hooks_comments", "hooks_desk"]
