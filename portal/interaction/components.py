"""What the plugin enters into the portal's registries, by part."""

from . import components_comments, components_desk, components_flow, components_public, measured

__all__ = [
    "components_comments",
    "components_desk",
    "components_flow",
    "components_public",
    "measured",
]
