"""The streams that pages are built from: which blocks stand where."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .data import TableBlock
from .lists import FeedBlock, LinksBlock, SubSitesBlock, TopicsBlock
from .media import AttachmentsBlock, ImageBlock
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


class SectionsBlock(blocks.StreamBlock):
    """The sections of a home, a sub-site's home, a topic or a channel."""

    feed = FeedBlock()
    topics = TopicsBlock()
    sub_sites = SubSitesBlock()
    links = LinksBlock()
    text = blocks.RichTextBlock(
        label=_("Text"),
        icon="pilcrow",
        group=_("Text"),
        description=_("Words of your own."),
    )
    component = ComponentBlock()
