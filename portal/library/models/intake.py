"""Taking items in from files: mappings by name, runs, and what became of each row."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .records import LibraryRecord


def private_files() -> FileSystemStorage:
    """Below the portal's data, where no address leads."""
    return FileSystemStorage(
        location=Path(settings.DATA_DIR) / "imports" / "library",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


class Mapping(models.Model):
    """Which column of a file is which field, kept by name."""

    name = models.CharField(_("name"), max_length=80)
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="library_mapping_name")
        ]

    def __str__(self) -> str:
        return self.name


class Intake(models.Model):
    """A file that is taken in: rows become drafts of articles in a column, each with its record."""

    class State(models.TextChoices):
        MAPPING = "mapping", pgettext_lazy("intake", "columns to be named")
        CHECKED = "checked", pgettext_lazy("intake", "tried, nothing written")
        RUNNING = "running", pgettext_lazy("intake", "running")
        DONE = "done", pgettext_lazy("intake", "done")
        STOPPED = "stopped", pgettext_lazy("intake", "stopped")

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    column = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    file = models.FileField(storage=private_files, upload_to="intake")
    headings = models.JSONField(default=list)
    fields = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(auto_now=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class IntakeRow(models.Model):
    """What became of a row: taken in, or refused for reasons that are sentences."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("intake", "taken in")
        WARNED = "warned", pgettext_lazy("intake", "taken in, with a remark")
        REFUSED = "refused", pgettext_lazy("intake", "refused")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    reasons = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    record = models.ForeignKey(
        LibraryRecord, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="library_intake_row")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
