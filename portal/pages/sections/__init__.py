"""From the sections that an editor put together to what a home's template prints.

A block's raw value goes to the builder of its kind (``building``). The builder asks the loader for
what it needs and gives back a function that finishes the section; in between, ``Loader.load``
reads everything that the blocks of the page asked for, nested ones included, in a few queries.

Kinds without a builder are content: they render themselves as ordinary Wagtail blocks.
"""

from . import layout, lists, services  # each registers its builders
from .building import build_sections, render_sections
from .rows import Card, Group, Section

__all__ = [
    "Card",
    "Group",
    "Section",
    "build_sections",
    "layout",
    "lists",
    "render_sections",
    "services",
]
