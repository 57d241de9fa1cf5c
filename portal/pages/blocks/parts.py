"""What stands in sections, columns and tabs: lists, entrances and content.

One class for each family, since Wagtail's picker shows the groups in the order of the blocks; a
stream that inherits several families gets the last one first.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .data import ChartBlock, KeyFiguresBlock, TableBlock
from .embeds import EmbedBlock
from .lists import (
    FeedBlock,
    KeywordFeedBlock,
    LeadersBlock,
    LinksBlock,
    PluginFeedBlock,
    SubSitesBlock,
    TopicsBlock,
)
from .media import AttachmentsBlock, AudioBlock, ImageBlock, VideoBlock
from .places import MapBlock
from .plugin_parts import ComponentBlock
from .services import ServiceGroupsBlock, ServicesBlock
from .text import AccordionBlock, NoticeBlock, QuoteBlock, StepsBlock, TimelineBlock

__all__ = ["PartsBlock"]


class ListParts(blocks.StreamBlock):
    feed = FeedBlock()
    keyword_feed = KeywordFeedBlock()
    topics = TopicsBlock()
    sub_sites = SubSitesBlock()
    leaders = LeadersBlock()


class EntranceParts(blocks.StreamBlock):
    services = ServicesBlock()
    service_groups = ServiceGroupsBlock()
    links = LinksBlock()


class ContentParts(blocks.StreamBlock):
    """Blocks that render themselves, the same as in the bodies of articles."""

    text = blocks.RichTextBlock(
        label=_("Text"),
        icon="pilcrow",
        group=_("Text"),
        description=_("Words of your own."),
        preview_value="<h2>关于云湖</h2><p>云湖市位于云水之滨，因湖得名。</p>",
        preview_template="pages/sections/preview.html",
    )
    notice = NoticeBlock()
    steps = StepsBlock()
    accordion = AccordionBlock()
    timeline = TimelineBlock()
    quote = QuoteBlock()
    image = ImageBlock()
    video = VideoBlock()
    audio = AudioBlock()
    map = MapBlock()
    attachments = AttachmentsBlock()
    embed = EmbedBlock()
    table = TableBlock()
    chart = ChartBlock()
    key_figures = KeyFiguresBlock()


class PluginParts(blocks.StreamBlock):
    plugin_feed = PluginFeedBlock()
    component = ComponentBlock()


class PartsBlock(PluginParts, ContentParts, EntranceParts, ListParts):
    """Everything but the layout blocks: there are no columns in columns and no tabs in tabs."""
