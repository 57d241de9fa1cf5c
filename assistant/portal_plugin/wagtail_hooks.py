"""What the plugin adds to Wagtail's admin, by subject."""

from . import entry_hooks, oversight_hooks, task_hooks  # noqa: F401 - they register
