"""Figures: tables and what is drawn from them."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

__all__ = ["TableBlock"]


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("Caption"), max_length=160)
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(required=False)),
            ("number", blocks.DecimalBlock(required=False)),
        ],
        label=_("Table"),
    )
    note = blocks.CharBlock(label=_("Note"), required=False, max_length=200)

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Media")
        description = _("Rows and columns with a caption.")
        template = "pages/blocks/table.html"
