"""Connections with service platforms elsewhere (R-SVC-08, 11…13): who, where, how they are."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServicePlatform(models.Model):
    """A platform that a site is connected with. ``adaptor`` names it in the registry of adaptors.

    Secrets are no settings of a table: ``secret_name`` names the environment variable.
    """

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=80)
    adaptor = models.CharField(_("adaptor"), max_length=120)
    address = models.URLField(_("address"), max_length=500, blank=True)
    secret_name = models.CharField(_("environment variable of the key"), max_length=80, blank=True)
    options: Any = models.JSONField(_("options"), default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    checked_at = models.DateTimeField(null=True, editable=False)
    is_well = models.BooleanField(null=True, editable=False)
    health_note = models.CharField(max_length=300, blank=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("service platform")
        verbose_name_plural = _("service platforms")
        ordering = ["site", "name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
