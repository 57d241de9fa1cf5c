"""The streams that pages are built from: which blocks stand where."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .data import ChartBlock, KeyFiguresBlock, TableBlock
from .embeds import EmbedBlock
from .layout import (
    CarouselBlock,
    ColumnsBlock,
    HeroBlock,
    SectionHeadingBlock,
    SeparatorBlock,
    TabsBlock,
)
from .links import RelatedLinksBlock
from .media import AttachmentsBlock, AudioBlock, ImageBlock, VideoBlock
from .parts import PartsBlock
from .places import MapBlock
from .plugin_parts import ComponentBlock
from .text import (
    AccordionBlock,
    AlignedTextBlock,
    HeadingBlock,
    NoticeBlock,
    QuoteBlock,
    StepsBlock,
    TimelineBlock,
)

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
    notice = NoticeBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    timeline = TimelineBlock()
    links = RelatedLinksBlock()
    attachments = AttachmentsBlock()
    video = VideoBlock()
    audio = AudioBlock()
    map = MapBlock()
    embed = EmbedBlock()
    table = TableBlock()
    chart = ChartBlock()
    key_figures = KeyFiguresBlock()
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
