"""Files that came with letters and replies. They have no address: views give them out."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _


class PrivateLetterFiles(FileSystemStorage):
    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no URL.")


def letter_files() -> PrivateLetterFiles:
    return PrivateLetterFiles(
        location=Path(settings.DATA_DIR) / "letters",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


class _File(models.Model):
    name = models.CharField(_("name"), max_length=120)
    mime_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    scanned_at = models.DateTimeField(null=True)
    scanned_by = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class LetterFile(_File):
    letter = models.ForeignKey("interaction.Letter", on_delete=models.PROTECT, related_name="files")
    file: Any = models.FileField(storage=letter_files, upload_to="%Y/%m/")

    class Meta:
        verbose_name = _("file of a letter")
        ordering = ["pk"]
        default_permissions = ()


class ReplyFile(_File):
    reply = models.ForeignKey("interaction.Reply", on_delete=models.PROTECT, related_name="files")
    file: Any = models.FileField(storage=letter_files, upload_to="replies/%Y/%m/")

    class Meta:
        verbose_name = _("file of a reply")
        ordering = ["pk"]
        default_permissions = ()
