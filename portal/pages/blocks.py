"""The blocks that bodies and homes are built from.

Plugins add no block types: they register components, which the component block shows.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from portal.core import extension_points
from portal.core.media import BODY_FILTER, attachment, picture
from portal.plugins.slots import Shown
from portal.plugins.slots import render_component as render_shown

__all__ = [
    "BodyBlock",
    "ComponentBlock",
    "FeedBlock",
    "SectionsBlock",
]


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


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Image")
        group = _("Media")
        description = _("A picture with a caption; its description is read out to blind people.")
        template = "pages/blocks/image.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["picture"] = picture(value.get("image"), BODY_FILTER)
        return context


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


class AttachmentsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=80)
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        icon = "doc-full"
        label = _("Attachments")
        group = _("Media")
        description = _("Files to download, with their size and format.")
        template = "pages/blocks/attachments.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["attachments"] = [
            attachment(document) for document in value.get("documents") or () if document
        ]
        return context


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


def component_choices() -> list[tuple[str, object]]:
    return [(entry.key, entry.item.label) for entry in extension_points.components.entries()]


class ComponentBlock(blocks.StructBlock):
    """Shows a component that a plugin contributes; nothing when the plugin is off or fails."""

    component = blocks.ChoiceBlock(label=_("Component"), choices=component_choices)

    class Meta:
        icon = "plus-inverse"
        label = _("Component")
        group = _("Plugins")
        description = _("A part that a plugin provides.")
        template = "pages/blocks/component.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        portal = (parent_context or {}).get("portal")
        context["component_html"] = render_component(
            value.get("component"), getattr(portal, "site_pk", None), context
        )
        return context


def render_component(key: str | None, site_pk: int | None, context: dict[str, Any]) -> str:
    """The HTML of a registered component at a site; "" when it has nothing to show there."""
    if not key:
        return ""
    entry = extension_points.components.get(key, site_pk)
    if entry is None:
        return ""
    return entry.run(lambda item: _html(item.render(site=site_pk, context=context), context), "")


def _html(shown: Shown, context: dict[str, Any]) -> str:
    return "" if shown is None else render_shown(shown, context)[0]


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
