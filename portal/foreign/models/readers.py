"""How often pages are read: a number for each page and day, and nothing about anybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReaderCount(models.Model):
    """Views of one page on one day. No address, no cookie, no time of day is kept."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name = _("readers of a day")
        verbose_name_plural = _("readers of a day")
        indexes = [models.Index(fields=["day"], name="foreign_readers_day")]
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="foreign_readers_once")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.day}: {self.views}"
