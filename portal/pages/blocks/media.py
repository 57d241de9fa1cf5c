"""Pictures, videos, recordings and files."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail_localize.segments import StringSegmentValue

from portal.core.media import BODY_FILTER, Attachment, Picture, attachment, picture
from portal.core.media_blocks import AudioChooserBlock, VideoChooserBlock
from portal.core.models import PortalMedia
from portal.core.uploads.containers import mime_type

__all__ = ["AttachmentsBlock", "AudioBlock", "ImageBlock", "VideoBlock"]

_LANGUAGE_NAMES = dict(settings.LANGUAGES)
# Where nobody knows a video's size (it was stored by a program): the usual shape.
_USUAL_SIZE = (1280, 720)


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, default="", max_length=200)
    description = blocks.CharBlock(
        label=_("Description on this page"),
        required=False,
        default="",
        max_length=300,
        help_text=_("Empty: the image's own description. Translations have theirs here."),
    )

    class Meta:
        icon = "image"
        label = _("Image")
        group = _("Media")
        description = _("A picture with a caption; its description is read out to blind people.")
        template = "pages/blocks/image.html"
        preview_value = {"image": None, "caption": "清晨的云湖"}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        found = picture(value.get("image"), BODY_FILTER)
        if found is not None and value.get("description"):
            found = replace(found, alt=value["description"])
        context["picture"] = found or context.get("sample")
        return context

    def get_translatable_segments(self, value: Any) -> list[StringSegmentValue]:
        """For wagtail-localize: the caption, and what blind readers hear instead of the image."""
        image = value.get("image")
        heard = value.get("description") or (image.alt if image is not None else "")
        return [
            StringSegmentValue("caption", value.get("caption") or ""),
            StringSegmentValue("description", heard or ""),
        ]

    def restore_translated_segments(self, value: Any, segments: list[StringSegmentValue]) -> Any:
        for segment in segments:
            value[segment.path] = segment.render_text()
        return value

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(value, parent_context)
        scene = static("portal/img/scene.svg")
        return context | {"sample": Picture(scene, 2400, 630, "")}


class AttachmentsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), required=False, default="", max_length=80)
    documents = blocks.ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        icon = "doc-full"
        label = _("Attachments")
        group = _("Media")
        description = _("Files to download, with their size and format.")
        template = "pages/blocks/attachments.html"
        preview_value = {"title": "附件", "documents": []}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["attachments"] = [
            (child.id, attachment(child.value))
            for child in getattr(value.get("documents"), "bound_blocks", ())
            if child.value
        ]
        context["attachments"] += context.get("sample", [])
        return context

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(value, parent_context)
        return context | {"sample": [("", Attachment("政府信息公开申请表", "#", "24 KB", "DOCX"))]}


class _PlayerBlock(blocks.StructBlock):
    """What a native player needs; the transcript stands below it."""

    file_name: str

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["player"] = _player(value.get(self.file_name)) or context.get("sample")
        return context

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """A player without a file: block previews belong to no site and show nobody's videos."""
        context: dict[str, Any] = super().get_preview_context(value, parent_context)
        sample = PortalMedia(title="", duration=96, transcript="各位市民，大家好。")
        return context | {"sample": _facts(sample)}


def _player(media: PortalMedia | None) -> dict[str, Any] | None:
    return _facts(media) if media is not None and media.file else None


def _facts(media: PortalMedia) -> dict[str, Any]:
    width, height = media.width, media.height
    if not width or not height:
        width, height = _USUAL_SIZE
    return {
        "title": media.title,
        "url": media.file.url if media.file else "",
        "mime": mime_type(media.filename),
        "width": width,
        "height": height,
        "poster": media.thumbnail.url if media.thumbnail else static("portal/img/poster.svg"),
        "captions": media.captions.url if media.captions else "",
        "language": media.language,
        "language_name": _LANGUAGE_NAMES.get(media.language, media.language),
        "duration": _duration(media.duration),
        "speechless_reason": media.speechless_reason,
        "transcript": media.transcript,
    }


def _duration(seconds: float | None) -> str:
    """``m:ss`` or ``h:mm:ss``."""
    if not seconds:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class VideoBlock(_PlayerBlock):
    file_name = "video"
    video = VideoChooserBlock(
        label=_("Video"),
        help_text=_("MP4 or WebM, with captions; or with a note that nobody speaks in it."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, default="", max_length=200)

    class Meta:
        icon = "media"
        label = _("Video")
        group = _("Media")
        description = _("A video of this website with captions and a transcript.")
        template = "pages/blocks/video.html"
        preview_value = {"video": None, "caption": "云湖轮渡的一天"}


class AudioBlock(_PlayerBlock):
    file_name = "audio"
    audio = AudioChooserBlock(
        label=_("Recording"), help_text=_("MP3, M4A, OGG or WAV, with a transcript.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, default="", max_length=200)

    class Meta:
        icon = "media"
        label = _("Audio")
        group = _("Media")
        description = _("A recording to listen to, with its words to read.")
        template = "pages/blocks/audio.html"
        preview_value = {"audio": None, "caption": "市长热线录音"}
