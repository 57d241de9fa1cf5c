"""Choices of how a block looks: no words of its text."""

from wagtail import blocks

__all__ = ["LookBlock"]


class LookBlock(blocks.ChoiceBlock):
    """A choice whose label is for editors alone: searches and comparisons do not read it.

    For migrations it is a plain ``ChoiceBlock``, as every subclass of that is.
    """

    def get_searchable_content(self, value: str) -> list[str]:
        return []
