"""Files that translators sent back: kept from the trial on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExchangeFile(models.Model):
    """One uploaded file. Its rows are read anew each time: what they mean moves with the source."""

    class State(models.TextChoices):
        WAITING = "waiting", _("tried, not yet taken over")
        TAKEN = "taken", _("taken over")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("file"), max_length=255)
    data = models.BinaryField()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    report = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("file from translators")
        verbose_name_plural = _("files from translators")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name
