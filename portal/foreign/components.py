"""What this plugin enters into the portal's registries, by subject."""

from . import board_components, source_components

__all__ = ["board_components", "source_components"]
