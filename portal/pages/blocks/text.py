"""Words: headings, quotations, notices, questions, steps, the lines that documents place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .choices import LookBlock

__all__ = [
    "SMALL_FEATURES",
    "AccordionBlock",
    "AlignedTextBlock",
    "HeadingBlock",
    "NoticeBlock",
    "QuoteBlock",
    "StepsBlock",
    "TimelineBlock",
]

# What texts inside other blocks may hold: no headings, these belong to the page.
SMALL_FEATURES = ["bold", "ol", "ul", "link", "document-link"]
_FAQ = "https://schema.org/FAQPage"


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=120)
    level = LookBlock(
        label=_("Level"),
        choices=[("2", _("Section")), ("3", _("Subsection"))],
        default="2",
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        group = _("Text")
        description = _("Starts a section of the text.")
        template = "pages/blocks/heading.html"
        preview_value = {"text": "办理流程", "level": "2"}


class AlignedTextBlock(blocks.StructBlock):
    """Lines that official documents place: the number in the middle, the signature at the right."""

    text = blocks.TextBlock(label=_("Lines"))
    position = LookBlock(
        label=_("Position"),
        choices=[
            ("right", _("Right (signature)")),
            ("center", _("Middle (document number)")),
        ],
        default="right",
    )

    class Meta:
        icon = "edit"
        label = _("Signature or number")
        group = _("Text")
        description = _("The signature and date at the end, the document number below the title.")
        template = "pages/blocks/aligned_text.html"
        preview_value = {"text": "云湖市人民政府\n2026年3月2日", "position": "right"}


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"))
    source = blocks.CharBlock(label=_("Source"), required=False, default="", max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        group = _("Text")
        description = _("Words of someone else, with their source.")
        template = "pages/blocks/quote.html"
        preview_value = {"text": "把实事办好，把好事办实。", "source": "云湖市人民政府"}


class NoticeBlock(blocks.StructBlock):
    """Something that must not be overlooked. The level is said in words, not by colour alone."""

    level = LookBlock(
        label=_("Level"),
        choices=[
            ("info", _("Please note")),
            ("important", _("Important")),
            ("warning", _("Warning")),
        ],
        default="info",
    )
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=60)
    text = blocks.RichTextBlock(label=_("Text"), features=SMALL_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Notice")
        group = _("Text")
        description = _("A box for what readers must not miss: a deadline, a change, a danger.")
        template = "pages/blocks/notice.html"
        preview_value = {
            "level": "important",
            "title": "系统维护",
            "text": "<p>3月8日0时至6时暂停网上办理，已提交的申请不受影响。</p>",
        }


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question or heading"), max_length=120)
    answer = blocks.RichTextBlock(label=_("Text"), features=SMALL_FEATURES)

    class Meta:
        icon = "help"
        label = _("Entry")


class AccordionBlock(blocks.StructBlock):
    """Entries that open one by one; all of them are open on paper."""

    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=80)
    items = blocks.ListBlock(QuestionBlock(), label=_("Entries"), min_num=1, max_num=40)
    is_faq = blocks.BooleanBlock(
        label=_("Questions and answers"),
        required=False,
        help_text=_("Search engines are told that these are frequent questions."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Accordion")
        group = _("Text")
        description = _("Frequent questions, or details that few readers need, folded away.")
        template = "pages/blocks/accordion.html"
        preview_value = {
            "title": "常见问题",
            "is_faq": True,
            "items": [
                {
                    "question": "社保卡丢了怎么办？",
                    "answer": "<p>先打电话挂失，再到任一网点补办，当场取卡。</p>",
                },
                {"question": "可以请家人代办吗？", "answer": "<p>可以，请带双方身份证。</p>"},
            ],
        }

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        if value.get("is_faq"):
            context.update(
                faq_type=_FAQ,
                question_type=_FAQ.replace("FAQPage", "Question"),
                answer_type=_FAQ.replace("FAQPage", "Answer"),
            )
        return context


class TimelineEntryBlock(blocks.StructBlock):
    when = blocks.CharBlock(
        label=_("When"), max_length=40, help_text=_("As readers say it: 2026年3月, 上午9点.")
    )
    date = blocks.DateBlock(
        label=_("Exact day"), required=False, help_text=_("Optional; machines can read it.")
    )
    title = blocks.CharBlock(label=_("What"), max_length=80)
    text = blocks.RichTextBlock(label=_("Text"), required=False, features=SMALL_FEATURES)

    class Meta:
        icon = "date"
        label = _("Event")


class TimelineBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=80)
    items = blocks.ListBlock(TimelineEntryBlock(), label=_("Events"), min_num=1, max_num=40)

    class Meta:
        icon = "history"
        label = _("Timeline")
        group = _("Text")
        description = _("Events in the order in which they happened or will happen.")
        template = "pages/blocks/timeline.html"
        preview_value = {
            "title": "工程进展",
            "items": [
                {"when": "2025年9月", "title": "方案公示", "text": "<p>收到意见127条。</p>"},
                {"when": "2026年3月", "title": "开工", "text": ""},
                {"when": "2026年底", "title": "通车", "text": ""},
            ],
        }


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("What to do"), max_length=80)
    text = blocks.RichTextBlock(label=_("Text"), required=False, features=SMALL_FEATURES)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=80)
    items = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1, max_num=20)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        group = _("Text")
        description = _("What to do, one step after the other, numbered.")
        template = "pages/blocks/steps.html"
        preview_value = {
            "title": "怎么办",
            "items": [
                {"title": "网上预约", "text": "<p>选日期和网点，收到短信为准。</p>"},
                {"title": "带身份证到窗口", "text": ""},
                {"title": "当场取证", "text": ""},
            ],
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if len(cleaned["items"]) == 1 and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError(
                block_errors={"items": ValidationError(_("One step alone is a paragraph."))}
            )
        return cleaned
