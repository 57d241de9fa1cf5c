"""The register of people who contribute (信息员, 联络员, 评论员)."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ContributorKind(models.TextChoices):
    OFFICER = "officer", _("information officer")
    LIAISON = "liaison", _("liaison person")
    COMMENTATOR = "commentator", _("commentator")
    PARTNER = "partner", _("outside partner")


def today() -> datetime.date:
    return timezone.localdate()


class Contributor(models.Model):
    """An account that contributes to a site in a capacity, for a time.

    Accounts with the role of information officer or partner contribute without being entered;
    an entry says in what other capacity somebody does, and for which unit.
    """

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="contributor_entries",
    )
    kind = models.CharField(_("capacity"), max_length=12, choices=ContributorKind)
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the unit of the account."),
    )
    since = models.DateField(_("since"), default=today)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day; empty: no end.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["site", "kind", "user"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["site", "user", "since"], name="editorial_contributor_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="editorial_contributor_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_kind_display()})"

    def clean(self) -> None:
        super().clean()
        if self.until and self.since and self.until < self.since:
            raise ValidationError({"until": _("The end lies before the beginning.")})
        if not (self.site_id and self.user_id and self.since):
            return
        others = Contributor.objects.filter(site=self.site_id, user=self.user_id)
        others = others.exclude(pk=self.pk).filter(Q(until=None) | Q(until__gte=self.since))
        if self.until:
            others = others.filter(since__lte=self.until)
        if others.exists():
            raise ValidationError(
                _("This account has an entry for the same time already. End that one first.")
            )
