"""Releases in spite of what the parity gate found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ParityOverride(models.Model):
    """Somebody said why figures that differ are right. Kept with what was found at that time.

    ``findings``: what each text says, by place; see ``selectors.parity.Finding``.
    """

    translation = models.ForeignKey(
        "foreign.PageTranslation", on_delete=models.CASCADE, related_name="parity_overrides"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    reason = models.TextField(_("reason"))
    findings = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        verbose_name = _("exception from the parity gate")
        verbose_name_plural = _("exceptions from the parity gate")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.reason[:80]
