"""Words: headings, quotations, the lines that official documents place."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

__all__ = ["AlignedTextBlock", "HeadingBlock", "QuoteBlock"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=120)
    level = blocks.ChoiceBlock(
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
    position = blocks.ChoiceBlock(
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
    source = blocks.CharBlock(label=_("Source"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        group = _("Text")
        description = _("Words of someone else, with their source.")
        template = "pages/blocks/quote.html"
        preview_value = {"text": "把实事办好，把好事办实。", "source": "云湖市人民政府"}
