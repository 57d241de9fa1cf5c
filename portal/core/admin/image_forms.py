"""The form of an image, in the library, in choosers and when many are uploaded at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.core.public_files import refuse_exchange
from portal.core.uploads.containers import FileProblem
from portal.core.uploads.images import check_drawing, without_personal_data

# In the words of an editor; Wagtail's own name pixels and formats.
_MESSAGES = {
    "invalid_image": _(
        "This is not a picture, or it was cut off while it was copied. Open it on your computer; "
        "if it shows, save it again as JPG or PNG."
    ),
    "file_too_many_pixels": _(
        "This picture has more than 60 million pixels. Save it smaller: 4000 pixels across are "
        "plenty."
    ),
}


class PortalImageField(WagtailImageField):
    """As Wagtail's, which meets a picture that ends too early with an error of the server."""

    def to_python(self, data: Any) -> Any:
        try:
            file = super().to_python(data)
            if file is not None and not (file.name or "").lower().endswith(".svg"):
                _see_all(file)
        except ValidationError:
            raise
        except Exception as error:  # Pillow raises what it likes upon broken files
            raise ValidationError(
                self.error_messages["invalid_image"], code="invalid_image"
            ) from error
        return file


def _see_all(file: UploadedFile) -> None:
    """Decode a picture to its last pixel: renditions would fail later, before visitors."""
    file.seek(0)
    with Image.open(file) as image:
        image.load()
    file.seek(0)


class PortalImageForm(BaseImageForm):
    """Demands a description; takes out of a picture what it tells about its photographer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            stock = self.fields["file"]
            self.fields["file"] = PortalImageField(
                label=stock.label, required=stock.required, widget=stock.widget
            )
            self.fields["file"].error_messages.update(_MESSAGES)
        if "description" in self.fields:
            self.fields["description"].label = _("Description")
            self.fields["description"].help_text = _(
                "What the picture shows, in a sentence: it is read out to those who do not see it."
            )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        file.seek(0)
        data = file.read()
        if file.name and file.name.lower().endswith(".svg"):
            try:
                check_drawing(data)
            except FileProblem as problem:
                file.seek(0)
                raise ValidationError(str(problem), code="unsafe_drawing") from problem
        # In place: where many are uploaded at once, Wagtail keeps this same object until the
        # description is there.
        _replace(file, data, without_personal_data(data))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        refuse_exchange(self, "file")
        if "description" not in self.fields or "description" in self.errors:
            return cleaned
        if not (cleaned.get("description") or "").strip() and not cleaned.get("is_decorative"):
            self.add_error(
                "description",
                _("Describe the picture, or say that it is decorative."),
            )
        return cleaned


def _replace(file: UploadedFile, old: bytes, new: bytes) -> None:
    file.seek(0)
    if file.file is not None and new != old:
        file.file.truncate()
        file.file.write(new)
        file.size = len(new)
        file.seek(0)
