"""Pictures and files."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from portal.core.media import BODY_FILTER, attachment, picture

__all__ = ["AttachmentsBlock", "ImageBlock"]


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
            (child.id, attachment(child.value))
            for child in getattr(value.get("documents"), "bound_blocks", ())
            if child.value
        ]
        return context
