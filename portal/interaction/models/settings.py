"""What each site sets: which letters it takes and by which clock, templates, other channels."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .letters import LetterKind


class LetterProfile(models.Model):
    """How a site takes one kind of letter. Without a row the kind's own defaults hold
    (``portal.interaction.profiles``)."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=14, choices=LetterKind)
    is_open = models.BooleanField(_("taken at present"), default=True)
    clock_kind = models.CharField(
        _("deadline"), max_length=60, blank=True, help_text=_("Empty: the usual one of the kind.")
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("goes to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Proposed when it is assigned."),
    )
    intro = models.TextField(_("words above the form"), blank=True)
    keep_months = models.PositiveSmallIntegerField(
        _("who wrote is kept for (months)"),
        default=36,
        validators=[MinValueValidator(1)],
        help_text=_("After the letter was closed; then name, contacts and files are erased."),
    )

    class Meta:
        verbose_name = _("kind of letter at a site")
        verbose_name_plural = _("kinds of letters at sites")
        ordering = ["site", "kind"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "kind"], name="interaction_profile_once")
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.get_kind_display()}"


class OtherChannel(models.Model):
    """Where petitions, reports on discipline and the like go instead (R-INT-35): words by which
    the form recognises them, and what it tells the writer."""

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: for all sites."),
    )
    name = models.CharField(_("name"), max_length=60)
    words = models.TextField(
        _("words"), help_text=_("One a line. A letter with one of them is shown this channel.")
    )
    explanation = models.TextField(_("what the writer is told"))
    url = models.URLField(_("address"), blank=True, max_length=500)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("channel of its own")
        verbose_name_plural = _("channels of their own")
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class ReplyTemplate(models.Model):
    """Words that a unit or a site begins replies with. ``{…}`` are gaps that must be filled."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: for all units of the site."),
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"))
    kinds = models.JSONField(_("for kinds"), default=list, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("template for replies")
        verbose_name_plural = _("templates for replies")
        ordering = ["title"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class DailyDuty(models.Model):
    """Somebody looked through the letters of a site on a day (R-INT-09)."""

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("daily look at the letters")
        ordering = ["-day"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "day"], name="interaction_duty_once")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day:%Y-%m-%d}"
