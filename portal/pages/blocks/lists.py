"""Lists that fill themselves from columns, topics and sites, and entries chosen by hand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

__all__ = ["FeedBlock", "LinkBlock", "LinksBlock", "SubSitesBlock", "TopicsBlock"]


class FeedBlock(blocks.StructBlock):
    """The newest items of a column."""

    column = blocks.PageChooserBlock(
        label=_("Column"), page_type=["pages.ColumnPage", "pages.TopicPage"]
    )
    title = blocks.CharBlock(
        label=_("Title"),
        required=False,
        max_length=60,
        help_text=_("Empty: the column's name."),
    )
    count = blocks.IntegerBlock(label=_("Number of items"), min_value=1, max_value=20, default=6)
    style = blocks.ChoiceBlock(
        label=_("Style"),
        choices=[
            ("list", _("List with dates")),
            ("lead", _("Lead picture and list")),
            ("cards", _("Cards")),
            ("notice", _("Notice line")),
        ],
        default="list",
    )

    class Meta:
        icon = "list-ul"
        label = _("Column feed")
        group = _("Lists")
        description = _("Shows the newest items of a column and a link to all of them.")


class TopicsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=60)

    class Meta:
        icon = "pick"
        label = _("Special topics")
        group = _("Lists")
        description = _("The open special topics of this site.")


class SubSitesBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=60)

    class Meta:
        icon = "site"
        label = _("Sub-sites")
        group = _("Lists")
        description = _("The districts and departments with a site of their own.")


class LinkBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.URLBlock(label=_("or address"), required=False)
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=40)
    summary = blocks.CharBlock(label=_("Summary"), required=False, max_length=80)

    class Meta:
        icon = "link"
        label = _("Link")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:  # a draft may be unfinished
            return cleaned
        if not cleaned.get("page") and not (cleaned.get("url") and cleaned.get("title")):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "page": ValidationError(_("Choose a page, or give an address and a title."))
                }
            )
        return cleaned


class LinksBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=60)
    items = blocks.ListBlock(LinkBlock(), label=_("Links"))

    class Meta:
        icon = "link"
        label = _("Entries")
        group = _("Lists")
        description = _("Pages that visitors look for most.")
