"""Blocks that give a page its shape: banner, columns, tabs, carousel, headings, separators."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from . import samples
from .choices import LookBlock
from .lists import LinkBlock
from .parts import PartsBlock
from .section import CheckedBlock, SectionBlock

__all__ = [
    "CarouselBlock",
    "ColumnsBlock",
    "HeroBlock",
    "SectionHeadingBlock",
    "SeparatorBlock",
    "TabsBlock",
]

# How the columns share the line, and how many there are then.
COLUMN_WIDTHS = {
    "1-1": (2, _("Two, equal")),
    "2-1": (2, _("Two, the first one wide")),
    "1-2": (2, _("Two, the second one wide")),
    "1-1-1": (3, _("Three, equal")),
}


class HeroBlock(SectionBlock):
    """A large picture with few words and the way on."""

    title = blocks.CharBlock(
        label=_("Title"), max_length=40, help_text=_("What this is about, in one line.")
    )
    text = blocks.TextBlock(label=_("Text"), required=False, default="", max_length=200)
    image = ImageChooserBlock(
        label=_("Picture"),
        required=False,
        help_text=_(
            "At least 1,200 pixels wide. Set the focal point of the image, so that phones show "
            "what matters."
        ),
    )
    style = LookBlock(
        label=_("Style"),
        choices=[("plain", _("Light ground")), ("dark", _("Dark ground"))],
        default="plain",
    )
    links = blocks.ListBlock(
        LinkBlock(),
        label=_("Links"),
        max_num=2,
        default=[],
        help_text=_("One or two; the first one is shown as the main button."),
    )

    class Meta:
        icon = "image"
        label = _("Banner")
        group = _("Layout")
        description = _("A title with a picture, a few words and up to two buttons.")

    def sample(self) -> dict[str, Any]:
        link = {"page": samples.page(), "url": "", "title": "查看安排", "summary": ""}
        return {
            "title": "一湖清水，与城共生",
            "text": "云湖保护修复行动的进展、数据和参与办法，都在这里。",
            "image": samples.images(1)[0],
            "style": "plain",
            "links": [link],
        }


class ColumnsBlock(SectionBlock):
    """Two or three columns beside each other, below each other on a phone."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    widths = LookBlock(
        label=_("Division"),
        choices=[(key, label) for key, (_number, label) in COLUMN_WIDTHS.items()],
        default="1-1",
    )
    columns = blocks.ListBlock(
        PartsBlock(required=False, max_num=8, label=_("Part of the line")),
        label=_("Content of the columns"),
        min_num=2,
        max_num=3,
        help_text=_("On a phone they stand below each other, the first one on top."),
    )

    class Meta:
        icon = "table"
        label = _("Columns side by side")
        group = _("Layout")
        description = _("Two or three columns beside each other, each with blocks of its own.")

    def problems(self, value: Any) -> dict[str, Any]:
        number = COLUMN_WIDTHS.get(value.get("widths"), (0, ""))[0]
        have = len(value.get("columns") or ())
        if not number or have == number:
            return {}
        message = _("You chose %(number)d columns, but there are %(have)d below.")
        return {"widths": message % {"number": number, "have": have}}

    def sample(self) -> dict[str, Any]:
        column = samples.column_with_items()
        return {
            "title": "",
            "widths": "2-1",
            "columns": [
                [("feed", {"column": column, "title": "动态", "count": 4, "style": "dates"})],
                [("text", "<h2>联系我们</h2><p>政务服务便民热线 12345，每天24小时接听。</p>")],
            ],
        }


class TabBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        label=_("Title of the tab"), max_length=16, help_text=_("A few words.")
    )
    content = PartsBlock(label=_("Content"), required=False, max_num=8)

    class Meta:
        icon = "folder-open-1"
        label = _("Tab")


class TabsBlock(SectionBlock):
    """Panels of which one is shown; all of them without JavaScript and in print."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    tabs = blocks.ListBlock(TabBlock(), label=_("Tabs"), min_num=2, max_num=6)

    class Meta:
        icon = "folder-inverse"
        label = _("Tabs")
        group = _("Layout")
        description = _("Several panels in one place; visitors choose which one they see.")

    def problems(self, value: Any) -> dict[str, Any]:
        titles = [tab.get("title") for tab in value.get("tabs") or ()]
        if len(set(titles)) < len(titles):
            return {"tabs": _("Two tabs have the same title.")}
        return {}

    def sample(self) -> dict[str, Any]:
        column = samples.column_with_items()
        feed = {"column": column, "title": "进展", "count": 3, "style": "list"}
        return {
            "title": "",
            "tabs": [
                {"title": "最新进展", "content": [("feed", feed)]},
                {
                    "title": "怎么参与",
                    "content": [("text", "<p>拨打12345，或到就近的便民服务中心报名。</p>")],
                },
            ],
        }


class SlideBlock(CheckedBlock):
    image = ImageChooserBlock(label=_("Picture"))
    title = blocks.CharBlock(label=_("Title"), max_length=40)
    text = blocks.CharBlock(label=_("Text"), required=False, default="", max_length=100)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("or address"), required=False, default="")

    class Meta:
        icon = "image"
        label = _("Slide")


class CarouselBlock(SectionBlock):
    """Pictures one after the other. It stands still unless the editor says otherwise."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    slides = blocks.ListBlock(SlideBlock(), label=_("Slides"), min_num=2, max_num=8)
    moves = blocks.BooleanBlock(
        label=_("Moves by itself"),
        required=False,
        help_text=_(
            "Better left off: many visitors cannot read moving words. When it is on there is a "
            "pause button, and it stands still for visitors who asked for less motion."
        ),
    )

    class Meta:
        icon = "rotate"
        label = _("Carousel")
        group = _("Layout")
        description = _("Pictures to leaf through, each with a title and a link.")

    def sample(self) -> dict[str, Any]:
        titles = [
            ("湖滨步道全线贯通", "从渡口到湿地，一路可以走到"),
            ("秋茶开采", "茶岭进入采摘季"),
        ]
        slides = [
            {"image": image, "title": title, "text": text, "page": samples.page(), "url": ""}
            for image, (title, text) in zip(samples.images(2), titles, strict=True)
        ]
        return {"title": "", "slides": slides, "moves": False}


class SectionHeadingBlock(SectionBlock):
    """Opens a part of a page that several blocks belong to."""

    title = blocks.CharBlock(label=_("Heading"), max_length=60)
    text = blocks.TextBlock(label=_("Introduction"), required=False, default="", max_length=200)

    class Meta:
        icon = "title"
        label = _("Heading")
        group = _("Layout")
        description = _("A heading with an optional sentence, over the blocks that follow.")

    def sample(self) -> dict[str, Any]:
        return {"title": "便民服务", "text": "常办的事，从这里开始。"}


class SeparatorBlock(SectionBlock):
    style = LookBlock(
        label=_("Style"),
        choices=[("line", _("Line")), ("water", _("Water line")), ("space", _("Space only"))],
        default="line",
    )

    class Meta:
        icon = "minus"
        label = _("Separator")
        group = _("Layout")
        description = _("Parts what does not belong together.")

    def sample(self) -> dict[str, Any]:
        return {"style": "water"}
