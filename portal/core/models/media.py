"""Images, documents, videos and sound, with the facts a government site must keep about them."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtailmedia.models import AbstractMedia, MediaType

from portal.core.uploads.images import clean_new_picture


class PortalImage(AbstractImage):
    """An image; ``description`` is the text read out in its place."""

    credit = models.CharField(
        _("credit"), max_length=120, blank=True, help_text=_("Who made the picture.")
    )
    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_(
            "Only for pictures that tell nothing by themselves. Blind people are told nothing "
            "about it."
        ),
    )
    admin_form_fields = (
        "title", "file", "description", "is_decorative", "credit", "collection", "tags",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Programs store pictures too: these get past the form, not past what it protects from."""
        if self.file and not self.file._committed:
            clean_new_picture(self.file)
        super().save(*args, **kwargs)

    @property
    def alt(self) -> str:
        """What is read out in the picture's place; "" for one that tells nothing by itself."""
        return "" if self.is_decorative else str(self.description)

    @property
    def default_alt_text(self) -> str:
        """Without a description nothing is better than the file's name."""
        return self.alt

    @property
    def lacks_description(self) -> bool:
        return not self.is_decorative and not str(self.description).strip()


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("image rendition")
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="core_rendition_unique",
            )
        ]


class PortalDocument(AbstractDocument):
    """A file to download, and the page that says the same where there is one."""

    web_version = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("the same as a web page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Easier to read on a phone and with a screen reader than any file."),
    )
    admin_form_fields = (*Document.admin_form_fields, "web_version")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")


class PortalMedia(AbstractMedia):
    """A video or a sound recording, with its words for those who cannot hear it.

    What ``speechless_reason`` says stands in the place of captions: there is nothing to caption.
    """

    captions = models.FileField(
        _("captions"),
        upload_to="captions",
        blank=True,
        help_text=_("A subtitle file: WebVTT (.vtt) or SubRip (.srt)."),
    )
    language = models.CharField(
        _("language of the captions"),
        max_length=12,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    speechless_reason = models.CharField(
        _("nobody speaks in it"),
        max_length=200,
        blank=True,
        help_text=_(
            "Only where there is nothing to caption: say what is heard instead, such as "
            "“music only”. It is kept and shown to visitors."
        ),
    )
    transcript = models.TextField(
        _("transcript"),
        blank=True,
        help_text=_("All that is said, word for word, and the sounds that matter."),
    )
    thumbnail = models.FileField(
        _("poster"),
        upload_to="media_posters",
        blank=True,
        help_text=_("The picture shown before the video starts (JPG, PNG or WebP)."),
    )
    admin_form_fields = (
        "title", "file", "collection", "captions", "speechless_reason", "transcript", "language",
        "thumbnail", "tags",
    )  # fmt: skip

    class Meta(AbstractMedia.Meta):
        verbose_name = _("video or audio")
        verbose_name_plural = _("videos and audio")

    @property
    def is_video(self) -> bool:
        return self.type == MediaType.VIDEO.value

    @property
    def lacks_words(self) -> bool:
        """Whether people who cannot hear would be left without what is said."""
        if self.speechless_reason.strip():
            return False
        return not self.captions if self.is_video else not self.transcript.strip()

    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean(*args, **kwargs)
        if not self.lacks_words:
            return
        if self.is_video:
            raise ValidationError(
                {
                    "captions": _(
                        "A video needs captions, so that deaf people can follow it. If nobody "
                        "speaks in it, say so below."
                    )
                }
            )
        raise ValidationError(
            {"transcript": _("A recording needs a transcript, so that deaf people can read it.")}
        )
