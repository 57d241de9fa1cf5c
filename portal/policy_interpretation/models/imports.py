"""Documents that are brought in from files: what was read, what is unsure, what became of it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class PrivateFiles(FileSystemStorage):
    """Files beside the media that have no address: views give them to who may have them."""

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no URL.")


def private_files() -> PrivateFiles:
    """Where uploads wait to be read."""
    return PrivateFiles(
        location=Path(settings.DATA_DIR) / "imports",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


class ImportBatch(models.Model):
    """Files brought in together, from the command line or by an editor.

    ``beat_at`` is when the work last moved: a running batch that has been still for long was
    interrupted. ``target`` is the document of which the files are a new text, where one was chosen.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    column = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    beat_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    target = models.ForeignKey(
        "policy_interpretation.PolicyPage",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.site} {self.started_at:%Y-%m-%d %H:%M}"


class ImportItem(models.Model):
    """One document of one file. ``part`` counts the documents of a file that holds several.

    ``report`` is the document's entry in the report of ``portal import_policies``; ``source`` is
    the text as it was read, line by line, and ``removed`` what was left out of it (``text``,
    ``reason``, ``line``), for the check against what was made of it. ``file`` is the upload,
    until the document itself keeps it. ``attempts`` counts how often reading was begun.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        READING = "reading", _("being read")
        IMPORTED = "imported", _("brought in")
        FLAGGED = "flagged", _("to be checked")
        REFUSED = "refused", _("refused")
        CONFIRMED = "confirmed", _("checked")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(_("file"), max_length=255)
    part = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    file = models.FileField(storage=private_files, upload_to="%Y/%m", blank=True, max_length=200)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    page = models.ForeignKey(
        "policy_interpretation.PolicyPage",
        null=True,
        on_delete=models.SET_NULL,
        related_name="import_items",
    )
    was_update = models.BooleanField(default=False)
    source: Any = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    removed: Any = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    findings: Any = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    taken_over: Any = models.JSONField(
        default=dict,
        encoder=DjangoJSONEncoder,
        help_text="Fields and relations as the file gave them, to know what was typed since.",
    )
    report: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("document brought in")
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["batch", "status"], name="policy_import_status")]

    def __str__(self) -> str:
        return self.name
