"""What the plugin adds to Wagtail's admin, by subject."""

from . import (  # noqa: F401 - they register
    entry_hooks,
    gap_hooks,
    golden_hooks,
    oversight_hooks,
    task_hooks,
    widget_hooks,
    wording_hooks,
)
