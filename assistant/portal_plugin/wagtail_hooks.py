"""What the plugin adds to Wagtail's admin, by subject."""

from . import entry_hooks, gap_hooks, golden_hooks, task_hooks  # noqa: F401 - they register
