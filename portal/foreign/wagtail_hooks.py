"""What the plugin adds to Wagtail's admin, by subject."""

from . import board_hooks  # noqa: F401 - registers
