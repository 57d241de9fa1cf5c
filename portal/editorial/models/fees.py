"""What accepted items are paid with, and the sheets on which that was settled (稿费)."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .contributions import ItemKind
from .contributors import ContributorKind


class Basis(models.TextChoices):
    THOUSAND_WORDS = "words", _("for 1,000 words")
    ITEM = "item", _("for an item")
    MINUTE = "minute", _("for a minute")


class FeeRate(models.Model):
    """What a kind of item is paid with at a site, from a day until another."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ItemKind)
    basis = models.CharField(
        pgettext_lazy("fee rate", "paid"), max_length=8, choices=Basis, default=Basis.THOUSAND_WORDS
    )
    amount = models.DecimalField(
        _("yuan"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day; empty: until the next rate.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("fee rate")
        verbose_name_plural = _("fee rates")
        ordering = ["site", "kind", "-valid_from"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["site", "kind", "valid_from"], name="editorial_rate_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="editorial_rate_order",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="editorial_rate_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount} {self.get_basis_display()}"

    def clean(self) -> None:
        super().clean()
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The end lies before the beginning.")})

    def holds_on(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class FeeSheet(models.Model):
    """The sheet of one person, site and month, confirmed: lines and amounts are fixed with it.

    Before that a sheet is computed, never stored. One that was confirmed by mistake is taken back
    with a reason and stays on record; one that is paid stands.
    """

    class State(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("fee sheet", "confirmed")
        PAID = "paid", pgettext_lazy("fee sheet", "paid")
        TAKEN_BACK = "taken_back", pgettext_lazy("fee sheet", "taken back")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="fee_sheets"
    )
    person = models.CharField(pgettext_lazy("contribution", "person"), max_length=150)
    unit_name = models.CharField(_("unit"), max_length=120, blank=True)
    month = models.DateField(_("month"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by_name = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(pgettext_lazy("fee sheet", "confirmed"))
    paid_on = models.DateField(_("paid on"), null=True)
    paid_by_name = models.CharField(max_length=150, blank=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("fee sheet")
        verbose_name_plural = _("fee sheets")
        ordering = ["-month", "pk"]
        # What is accepted after a sheet was confirmed goes into a second one of that month.
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "month"], name="editorial_sheet_month")
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False)
                | (~Q(state="paid") & Q(paid_on=None)),
                name="editorial_paid_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.month:%Y-%m}: {self.amount}"


class FeeLine(models.Model):
    """One item on a confirmed sheet, as it was paid: nothing here follows what changes later."""

    sheet = models.ForeignKey(FeeSheet, on_delete=models.CASCADE, related_name="lines")
    contribution = models.ForeignKey(
        "editorial.Contribution", null=True, on_delete=models.SET_NULL, related_name="fee_lines"
    )
    title = models.CharField(_("title"), max_length=255)
    capacity = models.CharField(_("capacity"), max_length=12, choices=ContributorKind)
    kind = models.CharField(_("kind"), max_length=16, choices=ItemKind)
    words = models.PositiveIntegerField(_("words"))
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    accepted_on = models.DateField(pgettext_lazy("contribution", "accepted"))
    basis = models.CharField(pgettext_lazy("fee rate", "paid"), max_length=8, choices=Basis)
    rate = models.DecimalField(_("rate"), max_digits=8, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta:
        default_permissions = ()
        verbose_name = _("line of a fee sheet")
        verbose_name_plural = _("lines of fee sheets")
        ordering = ["accepted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title}: {self.amount}"
