"""What was handed in, and what became of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .contributors import ContributorKind


class ItemKind(models.TextChoices):
    """What an item is paid as."""

    NEWS = "news", _("news or message")
    COMMENTARY = "commentary", _("commentary")
    INTERPRETATION = "interpretation", _("interpretation")
    PICTURES = "pictures", _("pictures")
    VIDEO = "video", _("video")
    AUDIO = "audio", _("audio")
    OTHER = "other", _("other item")


class ContributionState(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("contribution", "submitted")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", pgettext_lazy("contribution", "returned")
    APPROVED = "approved", _("approved, not yet public")
    ACCEPTED = "accepted", _("accepted and published")
    WITHDRAWN = "withdrawn", pgettext_lazy("contribution", "withdrawn")


class Contribution(models.Model):
    """One page that a contributor wrote and handed in: one row, however often it comes and goes.

    It outlives page, column, unit and account, by the names that are kept beside them.
    """

    State = ContributionState
    OPEN = (
        ContributionState.SUBMITTED,
        ContributionState.IN_REVIEW,
        ContributionState.RETURNED,
        ContributionState.APPROVED,
    )

    page = models.OneToOneField(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="contribution",
    )
    title = models.CharField(_("title"), max_length=255)
    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    column = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    column_title = models.CharField(_("column"), max_length=255, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="contributions",
    )
    person = models.CharField(pgettext_lazy("contribution", "person"), max_length=150)
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    unit_name = models.CharField(_("unit"), max_length=120, blank=True)
    capacity = models.CharField(_("capacity"), max_length=12, choices=ContributorKind)
    kind = models.CharField(_("kind"), max_length=16, choices=ItemKind)
    words = models.PositiveIntegerField(_("words"), default=0)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=ContributionState)
    reason = models.TextField(_("reason"), blank=True)
    submitted_at = models.DateTimeField(_("submitted"))
    changed_at = models.DateTimeField(_("last change"))
    accepted_at = models.DateTimeField(pgettext_lazy("contribution", "accepted"), null=True)
    # Sheets of fees are made from what no sheet holds yet.
    sheet = models.ForeignKey(
        "editorial.FeeSheet", null=True, on_delete=models.SET_NULL, related_name="contributions"
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["-submitted_at", "-pk"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "submitted_at"], name="editorial_contrib_site"),
            models.Index(fields=["user", "submitted_at"], name="editorial_contrib_user"),
            models.Index(fields=["site", "accepted_at"], name="editorial_contrib_accepted"),
        ]
        constraints: ClassVar[list[Any]] = [
            # What is paid was accepted.
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=False) | ~Q(state="accepted"),
                name="editorial_accepted_when",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ContributionStep(models.Model):
    """One hop of a contribution: who did what when, and why."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=10, choices=ContributionState)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(pgettext_lazy("contribution", "person"), max_length=150, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("step of a contribution")
        verbose_name_plural = _("steps of contributions")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"
