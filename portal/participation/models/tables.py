"""What administrators set: limits, service teams of columns, yearly numbers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import known_limit

from .records import ActivityKind


def decision_days() -> int:
    return known_limit("major_decision_comment").limit.amount


class ParticipationSettings(models.Model):
    """The days of a site; a site without a row has the defaults."""

    site = models.OneToOneField(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    decision_days = models.PositiveSmallIntegerField(
        _("days that a major decision is open"),
        default=decision_days,
        validators=[MinValueValidator(1), MaxValueValidator(366)],
    )
    interview_notice_days = models.PositiveSmallIntegerField(
        _("days that an interview is announced ahead"),
        default=3,
        validators=[MaxValueValidator(60)],
    )
    contact_days = models.PositiveSmallIntegerField(
        _("days that names and contacts are kept"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(1096)],
        help_text=_("Then they are deleted; what was said stays."),
    )

    class Meta:
        verbose_name = _("settings of participation")
        verbose_name_plural = _("settings of participation")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site)


class SiteClass(models.TextChoices):
    PORTAL = "portal", _("government portal")
    SUB_SITE = "sub_site", _("department or district site")


class YearlyNumber(models.Model):
    """How many activities a column has to have in a year."""

    class Counted(models.TextChoices):
        INTERVIEWS = "interview", _("Online interviews")
        ASKING = "asking", _("Surveys and solicitations")

    site_class = models.CharField(_("kind of site"), max_length=12, choices=SiteClass)
    counted = models.CharField(_("what is counted"), max_length=12, choices=Counted)
    number = models.PositiveSmallIntegerField(_("at least in a year"))

    class Meta:
        verbose_name = _("yearly number")
        verbose_name_plural = _("yearly numbers")
        default_permissions = ()
        ordering = ("counted", "site_class")
        constraints = (
            models.UniqueConstraint(
                fields=["site_class", "counted"], name="participation_one_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_counted_display()}: {self.get_site_class_display()}"


class ServiceTeam(models.Model):
    """Who stands behind an interactive column: settled before it opens (R-INT-38)."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    column = models.OneToOneField(
        "wagtailcore.Page", verbose_name=_("column"), on_delete=models.CASCADE, related_name="+"
    )
    unit = models.ForeignKey(
        "core.Organisation", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    persons = models.TextField(_("persons"), help_text=_("One on each line. For the house only."))
    intake = models.TextField(
        _("how what comes in is taken"), help_text=_("Who reads it, when, and where it goes.")
    )

    class Meta:
        verbose_name = _("service team")
        verbose_name_plural = _("service teams")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.column}: {self.unit}"


__all__ = [
    "ActivityKind",
    "ParticipationSettings",
    "ServiceTeam",
    "SiteClass",
    "YearlyNumber",
]
