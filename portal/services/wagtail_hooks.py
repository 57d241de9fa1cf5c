"""What the plugin adds to Wagtail's admin, by subject."""

from . import hooks_entrance, hooks_guides  # noqa: F401 - register
