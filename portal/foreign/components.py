"""What this plugin enters into the portal's registries, by subject."""

from . import stale_components  # noqa: F401 - registers
