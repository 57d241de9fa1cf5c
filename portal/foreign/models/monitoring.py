"""Foreign sections are watched like the Chinese site: each night a report of each (R-FOR-08)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class SectionWatch(models.Model):
    """How long a section may be silent."""

    section = models.OneToOneField(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="watch"
    )
    update_within_days = models.PositiveSmallIntegerField(
        _("updated at least every … days"), default=30, validators=[MinValueValidator(1)]
    )
    dead_after_days = models.PositiveSmallIntegerField(
        _("dead after … days without an update"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("From then on its closing is proposed to the site's administrators."),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("watch of a section")
        verbose_name_plural = _("watch of sections")

    def __str__(self) -> str:
        return str(self.section_id)


class SectionReport(models.Model):
    """What was found of a section in one night. ``findings``: ``{"kind", "page", "values"}``."""

    section = models.ForeignKey(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="reports"
    )
    day = models.DateField()
    made_at = models.DateTimeField(auto_now=True)
    coverage = models.PositiveSmallIntegerField(_("coverage"))
    silent_days = models.PositiveIntegerField(_("days without an update"), null=True)
    is_dead = models.BooleanField(default=False)
    findings = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        verbose_name = _("report of a section")
        verbose_name_plural = _("reports of sections")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["section", "day"], name="foreign_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.section_id} {self.day}"
