"""Files that were taken offline together with the pages that showed them."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .reviews import EmergencyWithdrawal


class WithheldFile(models.Model):
    """One stored file that no web server may send, or one that came back.

    The row is written with the withdrawal; ``settled`` says that the file is where ``away`` wants
    it. Whoever finds a row that is not settled moves the file (portal.core.withheld_files).
    """

    withdrawal = models.ForeignKey(
        EmergencyWithdrawal, on_delete=models.CASCADE, related_name="files"
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=255)
    title = models.CharField(_("title"), max_length=255)
    # Names in the storage of media: of the file itself, and of what was made of it.
    name = models.CharField(_("file"), max_length=255)
    renditions = models.JSONField(default=list)
    away = models.BooleanField(_("offline"), default=True)
    settled = models.BooleanField(default=False)
    at = models.DateTimeField(_("taken offline"), default=timezone.now)
    back_at = models.DateTimeField(_("came back"), null=True)
    # The key of the public page that it came back with; "" where something else shows it.
    back_for = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("file taken offline")
        verbose_name_plural = _("files taken offline")
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(away=True), name="core_withheld_once"
            )
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="core_withheld_of"),
            models.Index(
                fields=["id"], condition=models.Q(settled=False), name="core_withheld_open"
            ),
        ]

    def __str__(self) -> str:
        return self.name
