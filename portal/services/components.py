"""What this plugin enters into the portal's registries, by subject."""

from . import components_entrance, components_guides, measured  # noqa: F401 - register
