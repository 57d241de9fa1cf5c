"""The streams that pages are built from: which blocks stand where."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .data import TableBlock
from .layout import (
    CarouselBlock,
    ColumnsBlock,
    HeroBlock,
    SectionHeadingBlock,
    SeparatorBlock,
    TabsBlock,
)
from .media import AttachmentsBlock, ImageBlock
from .parts import PartsBlock
from .plugin_parts import ComponentBlock
from .text import AlignedTextBlock, HeadingBlock, QuoteBlock

__all__ = ["BodyBlock", "SectionsBlock"]


class BodyBlock(blocks.StreamBlock):
    """The body of articles and standard pages."""

    heading = HeadingBlock()
    paragraph = blocks.RichTextBlock(
        label=_("Text"),
        icon="pilcrow",
        group=_("Text"),
        description=_("Paragraphs, lists and links."),
        features=[
            "h3",
            "h4",
            "bold",
            "ol",
            "ul",
            "link",
            "document-link",
            "superscript",
        ],
        preview_value="<p>云湖市位于云水之滨，因湖得名。</p>",
    )
    image = ImageBlock()
    quote = QuoteBlock()
    aligned_text = AlignedTextBlock()
    attachments = AttachmentsBlock()
    table = TableBlock()
    component = ComponentBlock()


class LayoutParts(blocks.StreamBlock):
    hero = HeroBlock()
    columns = ColumnsBlock()
    tabs = TabsBlock()
    carousel = CarouselBlock()
    section_heading = SectionHeadingBlock()
    separator = SeparatorBlock()


class SectionsBlock(PartsBlock, LayoutParts):
    """The sections of a home, a sub-site's home, a topic or a channel."""

    class Meta:
        max_num = 40
