"""What a site sets for its services."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceSettings(models.Model):
    """Of one site; without a row the defaults hold."""

    DEFAULT_MONTHS = 3

    site = models.OneToOneField(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    figures_months = models.PositiveSmallIntegerField(
        _("figures are brought up to date within … months"),
        default=DEFAULT_MONTHS,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text=_("Older service figures are told on the first page of the admin."),
    )

    class Meta:
        verbose_name = _("settings of services")
        verbose_name_plural = _("settings of services")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site)
