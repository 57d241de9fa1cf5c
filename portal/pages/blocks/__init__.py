"""The blocks that bodies and homes are built from, one module for each family.

Plugins add no block types: they register components, which the component block shows.
"""

from .data import ChartBlock, KeyFiguresBlock, TableBlock
from .embeds import EmbedBlock
from .links import RelatedLinksBlock
from .media import AttachmentsBlock, AudioBlock, ImageBlock, VideoBlock
from .places import MapBlock
from .plugin_parts import component_choices, render_component
from .streams import BodyBlock, SectionsBlock
from .text import (
    AccordionBlock,
    AlignedTextBlock,
    HeadingBlock,
    NoticeBlock,
    QuoteBlock,
    StepsBlock,
    TimelineBlock,
)

__all__ = [
    "AccordionBlock",
    "AlignedTextBlock",
    "AttachmentsBlock",
    "AudioBlock",
    "BodyBlock",
    "ChartBlock",
    "EmbedBlock",
    "HeadingBlock",
    "ImageBlock",
    "KeyFiguresBlock",
    "MapBlock",
    "NoticeBlock",
    "QuoteBlock",
    "RelatedLinksBlock",
    "SectionsBlock",
    "StepsBlock",
    "TableBlock",
    "TimelineBlock",
    "VideoBlock",
    "component_choices",
    "render_component",
]
