"""Blocks of this plugin's pages: clauses of a draft, questions of a survey, guests."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

_LEVELS = (
    ("chapter", _("Chapter")),
    ("article", _("Article")),
    ("item", _("Item")),
    ("paragraph", _("Paragraph")),
)


class DraftClauseBlock(blocks.StructBlock):
    """One clause; its id stays the same over edits, and opinions are about that id."""

    level = blocks.ChoiceBlock(label=_("Level"), choices=_LEVELS, default="article")
    number = blocks.CharBlock(label=_("Number"), required=False, default="", max_length=40)
    text = blocks.TextBlock(label=_("Text"), required=False, default="", rows=2)

    class Meta:
        icon = "list-ol"
        label = _("Clause")
        label_format = "{number} {text}"
        preview_value = {"level": "article", "number": "第三条", "text": "电动自行车应当停放有序。"}


class DraftBlock(blocks.StreamBlock):
    clause = DraftClauseBlock()

    class Meta:
        max_num = 600
        collapsed = True


class _QuestionBlock(blocks.StructBlock):
    """What all questions have. ``show_if`` is "number of a question: option"."""

    text = blocks.CharBlock(label=_("Question"), max_length=300)
    help = blocks.CharBlock(label=_("Explanation"), required=False, max_length=300)
    required = blocks.BooleanBlock(label=_("has to be answered"), required=False)


class _ConditionMixin(blocks.StructBlock):
    show_if = blocks.CharBlock(
        label=_("only where"),
        required=False,
        max_length=120,
        help_text=_(
            "Number of an earlier question and its option, such as 2=是. Then it is asked on a "
            "later page, of those who chose that."
        ),
    )


class _Choosing(_QuestionBlock):
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Option"), max_length=120), label=_("Options"), min_num=2
    )


class SingleBlock(_Choosing, _ConditionMixin):
    class Meta:
        icon = "radio-full"
        label = _("One of several")
        preview_value = {"text": "您平时怎样上班？", "options": ["公共交通", "步行", "开车"]}


class MultipleBlock(_Choosing, _ConditionMixin):
    least = blocks.IntegerBlock(label=_("at least"), required=False, min_value=1, max_value=50)
    most = blocks.IntegerBlock(label=_("at most"), required=False, min_value=1, max_value=50)

    class Meta:
        icon = "tasks"
        label = _("Several of several")
        preview_value = {"text": "您希望增加哪些设施？", "options": ["座椅", "路灯", "饮水"]}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        least, most = cleaned.get("least"), cleaned.get("most")
        if least and most and least > most:
            raise ValidationError(_("At least is more than at most."))
        return cleaned


class ScaleBlock(_QuestionBlock, _ConditionMixin):
    steps = blocks.ChoiceBlock(
        label=_("Steps"), choices=[("5", "1–5"), ("7", "1–7"), ("10", "1–10")], default="5"
    )
    low = blocks.CharBlock(label=_("What 1 means"), max_length=40, default="很不满意")
    high = blocks.CharBlock(label=_("What the highest means"), max_length=40, default="非常满意")

    class Meta:
        icon = "order"
        label = _("Scale")
        preview_value = {"text": "您对公交准点满意吗？", "steps": "5", "low": "很不满意",
                         "high": "非常满意"}  # fmt: skip


class MatrixBlock(_QuestionBlock, _ConditionMixin):
    rows = blocks.ListBlock(
        blocks.CharBlock(label=_("Row"), max_length=120), label=_("Rows"), min_num=1, max_num=12
    )
    options = blocks.ListBlock(
        blocks.CharBlock(label=_("Option"), max_length=40),
        label=_("Options"),
        min_num=2,
        max_num=7,
    )

    class Meta:
        icon = "table"
        label = _("Several rows with the same options")
        preview_value = {"text": "您怎样看？", "rows": ["座椅", "路灯"], "options": ["好", "差"]}


class TextBlock(_QuestionBlock, _ConditionMixin):
    class Meta:
        icon = "pilcrow"
        label = _("In own words")
        preview_value = {"text": "您还有什么建议？"}


class NumberBlock(_QuestionBlock, _ConditionMixin):
    least = blocks.IntegerBlock(label=_("at least"), required=False, default=0)
    most = blocks.IntegerBlock(label=_("at most"), required=False, default=1000)

    class Meta:
        icon = "decimal"
        label = _("A number")
        preview_value = {"text": "您家有几口人？", "least": 1, "most": 20}


class SectionBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), required=False, rows=2)

    class Meta:
        icon = "title"
        label = _("Section")
        preview_value = {"title": "关于出行"}


class QuestionsBlock(blocks.StreamBlock):
    section = SectionBlock()
    single = SingleBlock()
    multiple = MultipleBlock()
    scale = ScaleBlock()
    matrix = MatrixBlock()
    text = TextBlock()
    number = NumberBlock()

    class Meta:
        max_num = 80


class GuestBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Name"), max_length=40)
    office = blocks.CharBlock(label=_("Office"), max_length=120)
    about = blocks.TextBlock(label=_("About the person"), required=False, rows=2)
    image = ImageChooserBlock(label=_("Picture"), required=False)

    class Meta:
        icon = "user"
        label = _("Guest")
        preview_value = {"name": "嘉宾", "office": "市交通运输局局长"}


class GuestsBlock(blocks.StreamBlock):
    guest = GuestBlock()

    class Meta:
        max_num = 12
