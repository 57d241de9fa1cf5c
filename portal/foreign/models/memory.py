"""Translation memory: what was released once, found again for texts that are alike."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .states import MadeBy


class MemoryUnit(models.Model):
    """A released pair of texts. ``shape`` is the plain Chinese with its digits made alike."""

    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name=_("language"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    translation = models.ForeignKey(
        "foreign.PageTranslation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    path = models.TextField(blank=True)
    source_text = models.TextField()
    shape = models.TextField()
    shape_hash = models.CharField(max_length=32)
    pair_hash = models.CharField(max_length=32)
    text = models.TextField()
    made_by = models.CharField(max_length=20, choices=MadeBy, default=MadeBy.HUMAN)
    released_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["locale", "pair_hash"], name="foreign_memory_pair_once")
        ]
        indexes = [models.Index(fields=["locale", "shape_hash"], name="foreign_memory_shape")]

    def __str__(self) -> str:
        return f"{self.source_text[:40]} → {self.text[:40]}"


class MemoryKey(models.Model):
    """One of the few keys that stand for a text; texts that are alike share some."""

    unit = models.ForeignKey(MemoryUnit, on_delete=models.CASCADE, related_name="keys")
    locale_id = models.IntegerField()
    key = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["locale_id", "key", "unit"], name="foreign_memory_key")]

    def __str__(self) -> str:
        return str(self.key)
