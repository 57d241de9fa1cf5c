"""The blocks that bodies and homes are built from, one module for each family.

Plugins add no block types: they register components, which the component block shows.
"""

from .plugin_parts import component_choices, render_component
from .streams import BodyBlock, SectionsBlock

__all__ = ["BodyBlock", "SectionsBlock", "component_choices", "render_component"]
