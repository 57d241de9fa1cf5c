"""The body of a policy document: clauses in reading order, with tables and pictures between."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.plugin_api import ImageBlock, TableBlock

from .clauses import LEVELS


class ClauseBlock(blocks.StructBlock):
    """One clause. Where it stands in the tree follows from its level and what comes before."""

    level = blocks.ChoiceBlock(label=_("Level"), choices=LEVELS, default="article")
    number = blocks.CharBlock(
        label=_("Number"),
        required=False,
        default="",
        max_length=40,
        help_text=_("As printed, such as 第三条 or （一）; empty for a paragraph without one."),
    )
    text = blocks.TextBlock(label=_("Text"), required=False, default="", rows=2)
    invalid_from = blocks.DateBlock(
        label=_("No longer in force from"),
        required=False,
        help_text=_("Only where this clause ends before the document does."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Clause")
        # What a folded clause shows; a hundred of them are a page or two to scroll.
        label_format = "{number} {text}"
        form_classname = "struct-block policy-clause"
        template = "policy_interpretation/blocks/clause.html"
        preview_value = {
            "level": "article",
            "number": "第三条",
            "text": "本办法所称老旧小区，是指2000年年底以前建成的住宅小区。",
            "invalid_from": None,
        }


class ClausesBlock(blocks.StreamBlock):
    clause = ClauseBlock()
    table = TableBlock()
    image = ImageBlock()

    class Meta:
        max_num = 3000
        collapsed = True

    def get_searchable_content(self, value: Any) -> list[str]:
        """The words of the clauses, without building a block for each."""
        return [
            f"{raw['value'].get('number') or ''} {raw['value'].get('text') or ''}".strip()
            for raw in value.raw_data
            if raw["type"] == "clause"
        ]
