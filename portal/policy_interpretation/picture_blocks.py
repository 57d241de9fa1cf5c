"""What one picture (一图读懂) is made of. The same content becomes a web page, an SVG and a PNG."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

_TEMPLATES = "policy_interpretation/picture/"
_NUMBER = _("Such as 20 or 30%.")


class PictureHeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=30)

    class Meta:
        icon = "title"
        label = _("Heading")
        template = f"{_TEMPLATES}heading.html"
        preview_value = {"text": "能补多少"}


class PictureFigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("Figure"), max_length=12, help_text=_NUMBER)
    unit = blocks.CharBlock(label=_("Unit"), required=False, default="", max_length=8)
    label = blocks.CharBlock(label=_("What it is"), max_length=40)

    class Meta:
        icon = "order"
        label = _("Figure")


class PictureFiguresBlock(blocks.StructBlock):
    items = blocks.ListBlock(PictureFigureBlock(), label=_("Figures"), min_num=1, max_num=6)

    class Meta:
        icon = "order"
        label = _("Key figures")
        template = f"{_TEMPLATES}figures.html"
        preview_value = {
            "items": [
                {"value": "20", "unit": "万元", "label": "每台最高补助"},
                {"value": "3", "unit": "步", "label": "办完全部手续"},
            ]
        }


class PictureStepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What to do"), max_length=40)
    text = blocks.TextBlock(label=_("Text"), required=False, default="", max_length=160, rows=2)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class PictureStepsBlock(blocks.StructBlock):
    items = blocks.ListBlock(PictureStepBlock(), label=_("Steps"), min_num=2, max_num=10)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = f"{_TEMPLATES}steps.html"
        preview_value = {
            "items": [
                {"title": "业主商量", "text": "本单元三分之二以上业主同意。"},
                {"title": "街道受理", "text": "材料齐全当场受理。"},
            ]
        }


class PictureFactBlock(blocks.StructBlock):
    label = blocks.CharBlock(
        label=_("Question"), max_length=12, help_text=_("Such as 谁能申请, 什么时候, 去哪办.")
    )
    text = blocks.TextBlock(label=_("Answer"), max_length=200, rows=2)

    class Meta:
        icon = "help"
        label = _("Fact")


class PictureFactsBlock(blocks.StructBlock):
    items = blocks.ListBlock(PictureFactBlock(), label=_("Facts"), min_num=1, max_num=10)

    class Meta:
        icon = "help"
        label = _("Who, what, when")
        template = f"{_TEMPLATES}facts.html"
        preview_value = {
            "items": [
                {"label": "谁能申请", "text": "2000年底以前建成、四层以上、没有电梯的住宅楼。"},
                {"label": "什么时候", "text": "全年受理。"},
            ]
        }


class PictureComparedBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("What"), max_length=16)
    before = blocks.CharBlock(label=_("Left"), max_length=80)
    after = blocks.CharBlock(label=_("Right"), max_length=80)

    class Meta:
        icon = "table"
        label = _("Row")


class PictureComparisonBlock(blocks.StructBlock):
    before = blocks.CharBlock(label=_("Left heading"), max_length=12, default="以前")
    after = blocks.CharBlock(label=_("Right heading"), max_length=12, default="现在")
    items = blocks.ListBlock(PictureComparedBlock(), label=_("Rows"), min_num=1, max_num=10)

    class Meta:
        icon = "table"
        label = _("Comparison")
        template = f"{_TEMPLATES}comparison.html"
        preview_value = {
            "before": "以前",
            "after": "现在",
            "items": [{"label": "受理地点", "before": "三个部门分别跑", "after": "街道一个窗口"}],
        }


class PictureTextBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"), max_length=300, rows=3)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = f"{_TEMPLATES}text.html"
        preview_value = {"text": "老旧小区加装电梯，市里给补助，街道帮着办。"}


class PictureNoticeBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"), max_length=200, rows=2)

    class Meta:
        icon = "warning"
        label = _("Notice")
        template = f"{_TEMPLATES}notice.html"
        preview_value = {"text": "补助在竣工验收后一年内申请，逾期不再受理。"}


class PictureBlock(blocks.StreamBlock):
    """Parts from the top down. Headings begin a part; what follows belongs to it."""

    heading = PictureHeadingBlock()
    text = PictureTextBlock()
    figures = PictureFiguresBlock()
    facts = PictureFactsBlock()
    steps = PictureStepsBlock()
    comparison = PictureComparisonBlock()
    notice = PictureNoticeBlock()

    class Meta:
        max_num = 30
        required = False
