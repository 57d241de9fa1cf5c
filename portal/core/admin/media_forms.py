"""The form of a video or recording: the file is what it says, and its words come with it."""

from io import BytesIO
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from wagtailmedia.forms import BaseMediaForm
from wagtailmedia.settings import wagtailmedia_settings

from portal.core.public_files import refuse_exchange
from portal.core.uploads.captions import to_webvtt
from portal.core.uploads.containers import FileProblem, MediaFacts, inspect

_POSTER = (1280, 1280)


class PortalMediaForm(BaseMediaForm):
    class Meta(BaseMediaForm.Meta):
        widgets = BaseMediaForm.Meta.widgets | {
            "captions": forms.ClearableFileInput(attrs={"accept": ".vtt,.srt"}),
            "thumbnail": forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
            "transcript": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts: MediaFacts | None = None
        if not self.instance.is_video:
            for name in ("captions", "thumbnail", "language"):
                self.fields.pop(name, None)
        if "file" in self.fields:
            most = filesizeformat(settings.PORTAL_MAX_MEDIA_SIZE)
            kinds = ", ".join(self._extensions()).upper()
            self.fields["file"].help_text = _("%(kinds)s, at most %(size)s.") % {
                "kinds": kinds,
                "size": most,
            }

    def _extensions(self) -> list[str]:
        found: list[str] = (
            wagtailmedia_settings.VIDEO_EXTENSIONS
            if self.instance.is_video
            else wagtailmedia_settings.AUDIO_EXTENSIONS
        )
        return found

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        name = file.name or ""
        if (file.size or 0) > settings.PORTAL_MAX_MEDIA_SIZE:
            raise ValidationError(
                _("The file is too large (%(found)s). At most %(most)s can be uploaded.")
                % {
                    "found": filesizeformat(file.size or 0),
                    "most": filesizeformat(settings.PORTAL_MAX_MEDIA_SIZE),
                }
            )
        try:
            self.facts = inspect(file, name, want_video=self.instance.is_video)
        except FileProblem as problem:
            raise ValidationError(str(problem)) from problem
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        refuse_exchange(self, "file", "thumbnail")
        return cleaned

    def clean_captions(self) -> Any:
        file = self.cleaned_data["captions"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            text = to_webvtt(file.read())
        except FileProblem as problem:
            raise ValidationError(str(problem)) from problem
        name = PurePath(file.name or "").stem or "captions"
        return ContentFile(text.encode(), name=f"{name}.vtt")

    def clean_thumbnail(self) -> Any:
        file = self.cleaned_data["thumbnail"]
        if not isinstance(file, UploadedFile):
            return file
        if (file.size or 0) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            raise ValidationError(
                _("The poster is too large (%(found)s).")
                % {"found": filesizeformat(file.size or 0)}
            )
        try:
            poster = _poster(file.read())
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise ValidationError(_("The poster is not a picture (JPG, PNG or WebP).")) from error
        name = PurePath(file.name or "").stem or "poster"
        return ContentFile(poster, name=f"{name}.webp")

    def save(self, commit: bool = True) -> Any:
        if self.facts is not None:
            self.instance.duration = self.facts.duration
            self.instance.width = self.facts.width or None
            self.instance.height = self.facts.height or None
        return super().save(commit=commit)


def _poster(data: bytes) -> bytes:
    """The poster as WebP, no wider than a screen needs, without what a camera wrote into it.

    Raises:
        ValueError: it has too many pixels; OSError: it is no picture.
    """
    with Image.open(BytesIO(data)) as opened:
        if opened.width * opened.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise ValueError("too many pixels")
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail(_POSTER)
    out = BytesIO()
    image.save(out, "WEBP", quality=80)
    return out.getvalue()
