"""Service statistics of a site (R-SVC-17, 21): typed in, imported or brought by a platform."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceFigure(models.Model):
    """One figure of one month, such as the cases handled for natural persons."""

    class What(models.TextChoices):
        CASES_NATURAL = "cases_natural", _("cases of persons")
        CASES_LEGAL = "cases_legal", _("cases of companies and organisations")
        REGISTERED_USERS = "registered_users", _("registered users")
        ONLINE_CASES = "online_cases", _("cases handled online")

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    what = models.CharField(_("figure"), max_length=20, choices=What)
    value = models.PositiveBigIntegerField(_("value"))
    source = models.CharField(_("source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("service figure")
        verbose_name_plural = _("service figures")
        ordering = ["-month", "what"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "month", "what"], name="services_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.what}"
