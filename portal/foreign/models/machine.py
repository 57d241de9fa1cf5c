"""Machine translators: what each language may spend, what it spent, and runs over whole pages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MachineBudget(models.Model):
    """How many Chinese characters a section may send to a machine in a calendar month."""

    section = models.OneToOneField(
        "foreign.ForeignSection",
        verbose_name=_("section"),
        on_delete=models.CASCADE,
        related_name="machine_budget",
    )
    characters = models.PositiveIntegerField(
        _("characters a month"),
        default=200_000,
        help_text=_("0: no machine translation in this section."),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("budget for machine translation")
        verbose_name_plural = _("budgets for machine translation")

    def __str__(self) -> str:
        return str(self.section)


class MachineUse(models.Model):
    """What a section has sent in a month (its first day)."""

    section = models.ForeignKey(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="machine_uses"
    )
    month = models.DateField()
    characters = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["section", "month"], name="foreign_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.month:%Y-%m}"


class MachineRun(models.Model):
    """Drafts for one whole page, made in the background; goes on where it was interrupted."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    translation = models.ForeignKey(
        "foreign.PageTranslation", on_delete=models.CASCADE, related_name="machine_runs"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    drafted = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("machine translation")
        verbose_name_plural = _("machine translations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation"],
                condition=models.Q(state="running"),
                name="foreign_one_run_each",
            )
        ]

    def __str__(self) -> str:
        return str(self.translation)
