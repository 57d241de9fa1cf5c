"""Who switched which plugin on or off where, what plugins broke, and when their jobs ran."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PluginSwitch(models.Model):
    """The explicit state of one plugin on one site; no row means the plugin's default.

    Written by ``services.set_switch`` only: it keeps the memory of all processes right.
    """

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="plugin_switches",
        help_text=_("Empty for the platform."),
    )
    slug = models.CharField(_("plugin"), max_length=50)
    enabled = models.BooleanField(_("switched on"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    acknowledged = models.JSONField(
        _("acknowledged declaration"),
        default=dict,
        blank=True,
        help_text=_("What was shown and confirmed when the plugin was switched on."),
    )

    class Meta:
        verbose_name = _("plugin switch")
        verbose_name_plural = _("plugin switches")
        constraints = [
            models.UniqueConstraint(fields=["slug", "site"], name="one_switch_per_site"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(site=None), name="one_switch_per_platform"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {'+' if self.enabled else '-'}"


class PluginIncident(models.Model):
    """Failures of one plugin at one extension point: the last one, and how many there were."""

    slug = models.CharField(_("plugin"), max_length=200)
    point = models.CharField(_("extension point"), max_length=200)
    message = models.CharField(_("latest failure"), max_length=500)
    count = models.PositiveBigIntegerField(_("times"), default=0)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"), db_index=True)

    class Meta:
        verbose_name = _("plugin incident")
        verbose_name_plural = _("plugin incidents")
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "point"], name="one_incident_per_point")
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.point} ({self.count})"


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def unfinished(self) -> "JobRunQuerySet":
        return self.filter(started_at__isnull=False, finished_at=None)


class JobRun(models.Model):
    """The last run of one job of a plugin at one site; written by ``jobs`` only."""

    slug = models.CharField(_("plugin"), max_length=50)
    name = models.CharField(_("job"), max_length=100)
    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty for the platform."),
    )
    known_since = models.DateTimeField(_("known since"))
    started_at = models.DateTimeField(_("last run"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        constraints = [
            models.UniqueConstraint(fields=["slug", "name", "site"], name="one_run_per_site"),
            models.UniqueConstraint(
                fields=["slug", "name"], condition=Q(site=None), name="one_run_per_platform"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}.{self.name}"

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.finished_at is None
