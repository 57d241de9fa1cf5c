"""What the plugin changes on its way."""

from . import stale_page  # noqa: F401 - register
