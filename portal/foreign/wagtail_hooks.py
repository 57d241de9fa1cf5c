"""What the plugin adds to Wagtail's admin, by subject."""

from . import section_hooks, stale_hooks, stale_page  # noqa: F401 - register
