"""Files of guides that editors brought."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class GuideImport(models.Model):
    """A file of guides: checked at once, stored in the background once somebody confirmed.

    ``data`` is the upload itself, until it is stored. ``done`` counts the rows that were looked at.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("checked, not stored")
        RUNNING = "running", _("being stored")
        DONE = "done", _("stored")
        FAILED = "failed", _("failed")

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    column = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("file"), max_length=255)
    data = models.BinaryField()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.CHECKED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    outcome: Any = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of guides")
        verbose_name_plural = _("imports of guides")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
