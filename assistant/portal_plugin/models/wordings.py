"""What editors let the assistant say in the place of the portal's own sentences."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Wording(models.Model):
    """A sentence in a language, for one site or (site empty) for all.

    Written by ``services.wordings`` only. A row without text stands for "as the portal says it":
    it stays, since its history hangs on it.
    """

    key = models.CharField(max_length=60)
    language = models.CharField(_("language"), max_length=12)
    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("wording of the assistant")
        verbose_name_plural = _("wordings of the assistant")
        default_permissions = ()
        ordering = ["key", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language", "site"], name="assistant_one_wording_of_a_site"
            ),
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=models.Q(site__isnull=True),
                name="assistant_one_wording_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language}"


class WordingChange(models.Model):
    """What a wording was changed from and to, by whom: kept for good."""

    wording = models.ForeignKey(Wording, on_delete=models.CASCADE, related_name="changes")
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("changed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("change of a wording")
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.wording_id} {self.at:%Y-%m-%d}"
