"""Distribution groups: sites that orders go to together, such as those of a sector or region."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GroupKind(models.TextChoices):
    SECTOR = "sector", pgettext_lazy("distribution group", "sector")
    REGION = "region", pgettext_lazy("distribution group", "region")
    OTHER = "other", pgettext_lazy("distribution group", "other")


class DistributionGroup(models.Model):
    """A named group of sites, for the orders of one site. Orders keep what it held then."""

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site that hands orders on"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    name = models.CharField(
        _("name of the group"), max_length=60, help_text=_("Such as 民政部门 or 各区县.")
    )
    kind = models.CharField(
        _("what its sites have in common"),
        max_length=10,
        choices=GroupKind,
        default=GroupKind.SECTOR,
    )
    sites: Any = models.ManyToManyField(
        "core.SiteRecord",
        verbose_name=_("sites of the group"),
        related_name="+",
        help_text=_("The own site and those below it. Orders of the past keep their sites."),
    )

    class Meta:
        verbose_name = _("distribution group")
        verbose_name_plural = _("distribution groups")
        ordering = ["site", "kind", "name"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "name"], name="reposting_group_name")
        ]

    def __str__(self) -> str:
        return self.name
