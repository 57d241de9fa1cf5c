"""What a site sets for its feeds."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST = 100


class FeedSettings(models.Model):
    """Of one site; a site without a row has the defaults."""

    class Content(models.TextChoices):
        SUMMARY = "summary", _("Summary")
        FULL = "full", _("Whole text")

    site = models.OneToOneField(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    content = models.CharField(
        _("text in feeds"), max_length=10, choices=Content, default=Content.SUMMARY
    )
    entries = models.PositiveSmallIntegerField(
        _("entries in a feed"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(MOST)],
    )

    class Meta:
        verbose_name = _("settings of feeds")
        verbose_name_plural = _("settings of feeds")

    def __str__(self) -> str:
        return str(self.site)

    @property
    def is_full(self) -> bool:
        return self.content == self.Content.FULL
