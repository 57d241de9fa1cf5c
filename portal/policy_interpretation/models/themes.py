"""Themes: the classification of the State Council's library, which regions may rename."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PolicyTheme(models.Model):
    """A class ("02") or a subclass ("0204"). Codes are ours and stay; names may be changed."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("class"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["code"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.parent.name}\\{self.name}" if self.parent else self.name
